"""What this service said, which is whom it told of what: taken back after a restore, so that no mail goes twice."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, datetime
from typing import cast
from uuid import UUID

from chassis.database import Connection, UnitOfWork
from chassis.past import Say, own_topics
from chassis.records import Received, house
from contracts.notifications import EVENTS, NotificationFailed, NotificationState

from notifications.application import outcomes
from notifications.application.digests import mail_of
from notifications.domain.book import Book
from notifications.domain.letter import message_id
from notifications.domain.recipient import Recipient
from notifications.store import past


class Past:
    """The mailbox is not said: it is the one of the recipients file from whose key and day the mail's id follows.

    The deadlines must be known before, so what the service reads is read to its end first.
    """

    topics = own_topics("notifications")
    types = house(*EVENTS)
    inputs_first = True

    def __init__(self, book: Callable[[], Book], sender: str) -> None:
        self._book = book
        self._sender = sender
        self._mailboxes: dict[tuple[UUID, date], Recipient | None] = {}

    async def unknown(self, sql: Connection, said: Sequence[Received]) -> int:
        """How many of these reminders have not ended here."""
        return await past.unknown(sql, [cast("NotificationState", item.body) for item in said])

    async def take_back(self, work: UnitOfWork, said: Sequence[Received]) -> None:
        """Hold how these reminders and their mails ended."""
        for item in said:
            event = cast("NotificationState", item.body)
            state = event.outcome if isinstance(event, NotificationFailed) else "sent"
            recipient = self._recipient(event)
            await past.take_mail(work.sql, event, recipient, message_id(event.mail_id, self._sender), state)
            await past.take_reminder(work.sql, event, state)
            if recipient is None:
                await past.told_elsewhere(work.sql, event)

    async def conclude(self, work: UnitOfWork, now: datetime) -> list[str]:  # noqa: ARG002 - others need it
        """What the restored database had put into a mail that ended without it was no longer true."""
        await past.let_go(work.sql)
        return []

    async def facts(self, sql: Connection) -> AsyncIterator[Say]:
        """How every reminder ended that ended with a mail."""
        async for mail_id, row in past.ended(sql):
            yield lambda work, mail_id=mail_id, row=row: outcomes.say(  # type: ignore[misc]
                work, [row], row["ending"], mail_id=mail_id, digest_day=row["digest_day"], now=row["at"]
            )

    def _recipient(self, event: NotificationState) -> Recipient | None:
        key = (event.mail_id, event.digest_day)
        if key not in self._mailboxes:
            everybody = self._book().recipients
            found = (each for each in everybody if mail_of(each, event.digest_day) == event.mail_id)
            self._mailboxes[key] = next(found, None)
        return self._mailboxes[key]
