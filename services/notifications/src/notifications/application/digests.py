"""Builds the digests that are due: one mail for each mailbox, tied to its reminders in one transaction."""

import logging
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from time import time_ns
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis.database import Database

from chassis import tracing
from notifications.domain import schedule
from notifications.domain.book import Book
from notifications.domain.letter import message_id
from notifications.domain.recipient import Recipient
from notifications.store import mails, reminders, told

log = logging.getLogger(__name__)
NAMESPACE = uuid5(NAMESPACE_URL, "https://lofteskollen.se/")


@dataclass(slots=True)
class _Plan:
    """Which reminders go to which mailbox, which wait until when, and which have nobody to go to."""

    told: list[int]
    nobody: list[int] = field(default_factory=list)
    mailboxes: dict[str, tuple[Recipient, list[Any]]] = field(default_factory=dict)
    held: dict[int, datetime] = field(default_factory=dict)


class Digests:
    """Resolves recipients when the digest is built, never before: `book` answers those in force.

    Nothing is built on a day in `quiet`.
    """

    def __init__(
        self, database: Database, book: Callable[[], Book], sender: str, quiet: Container[object] | None = None
    ) -> None:
        self._database = database
        self._book = book
        self._sender = sender
        self._quiet = quiet or ()

    async def build(self, now: datetime) -> None:
        """Build what is due; what may not go yet is looked at again when it may."""
        async with self._database.transaction() as work:
            if not await reminders.any_to_look_at(work.sql, now):
                return
            if not schedule.is_open(now, self._quiet):
                await reminders.postpone(work.sql, now, schedule.next_moment(now, self._quiet))
                return
            rows = await reminders.waiting(work.sql, now)
            sent = await mails.days_since(work.sql, schedule.monday(schedule.local_day(now)))
        plan = _plan(rows, self._book(), schedule.local_day(now))
        for recipient, items in plan.mailboxes.values():
            moment = await self._build(recipient, items, sent.get(recipient.key, ()), now)
            if moment:
                plan.held |= {item["reminder_id"]: moment for item in items}
        await self._close(plan, now)

    async def _build(
        self, recipient: Recipient, items: Sequence[Any], sent: Collection[date], now: datetime
    ) -> datetime | None:
        """Build a mailbox's digest, or answer when it may be built."""
        today, began = schedule.local_day(now), time_ns()
        asked = [schedule.Item(item["stage"], item["leaflet_basis"], item["last_day"]) for item in items]
        day = schedule.send_day(asked, sent, today)
        if day > today:
            return schedule.send_moment(day)
        morning = datetime.combine(today, time(), schedule.ZONE)
        mail_id = mail_of(recipient, today)
        traces = [item["traceparent"] for item in items if item["traceparent"]]
        async with self._database.transaction() as work:
            if not await mails.queue(
                work.sql,
                mail_id,
                recipient,
                digest_day=today,
                message_id=message_id(mail_id, self._sender),
                now=now,
                traceparent=traces[-1] if traces else None,
            ):
                return schedule.next_moment(now, self._quiet)
            ids = [item["reminder_id"] for item in items]
            if not await told.tie(work.sql, mail_id, recipient.key, ids, morning):
                await mails.cancel(work.sql, mail_id)
                return None
        tracing.shared(log, "digest built", set(traces), began, mail_id=str(mail_id), reminders=len(items))
        return None

    async def _close(self, plan: _Plan, now: datetime) -> None:
        """Say of each reminder what became of it."""
        async with self._database.transaction() as work:
            await reminders.look_again(work.sql, list(plan.held), list(plan.held.values()), "waiting")
            tomorrow = [schedule.next_moment(now, self._quiet)] * len(plan.nobody)
            await reminders.look_again(work.sql, plan.nobody, tomorrow, "unaddressed")
            await reminders.replace(work.sql, [each for each in plan.told if each not in plan.held])


def mail_of(recipient: Recipient, day: date) -> UUID:
    """The id of a mailbox's digest of a day."""
    return uuid5(NAMESPACE, f"mail/{recipient.key}/{day}")


def _plan(rows: Sequence[Mapping[str, Any]], book: Book, today: date) -> _Plan:
    plan = _Plan([])
    for row in rows:
        found = book.find(row["organisation"], row["role"], row["municipality"], today)
        (plan.told if found or row["told"] else plan.nobody).append(row["reminder_id"])
        for recipient in found:
            if recipient.key not in row["told"]:
                plan.mailboxes.setdefault(recipient.key, (recipient, []))[1].append(row)
    return plan
