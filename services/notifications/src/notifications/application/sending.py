"""Sends what is queued. An attempt is recorded before DATA, and at most two may end without a definite reply."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from chassis.clock import Clock
from chassis.database import Database, UnitOfWork
from chassis.faults import TRANSIENT, TransientError, persistently
from chassis.lease import Lease
from chassis.tracing import work as traced

from notifications.application import outcomes
from notifications.domain import text
from notifications.domain.book import Book
from notifications.domain.letter import Envelope, compose
from notifications.domain.schedule import local_day
from notifications.settings import Settings
from notifications.smtp import RefusedError, Server, UnknownOutcomeError
from notifications.store import attempts, deadlines, mails, reminders, told
from notifications.store.mails import Mail

log = logging.getLogger(__name__)
BATCH = 100
DOUBTS_ALLOWED = 2
LONGEST_PAUSE = 900
Outcome = Literal["sent", "deferred", "failed", "unknown"]


class LeaseLostError(TransientError):
    """Another replica sends now."""


class Sender:
    """Works for whoever holds the lease; what a former holder left open is settled first."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        lease: Lease,
        *,
        server: Server,
        book: Callable[[], Book],
        settings: Settings,
    ) -> None:
        self._database = database
        self._clock = clock
        self._lease = lease
        self._server = server
        self._book = book
        self._settings = settings

    async def drain(self) -> None:
        """Try every mail whose time has come, once."""
        await self._recover()
        try:
            while batch := await self._to_try():
                for mail in batch:
                    with traced("mail attempted", mail.traceparent):
                        await self._guarded(mail)
        finally:
            await self._server.close()

    async def _to_try(self) -> list[Mail]:
        async with self._database.pool.acquire() as sql:
            return await mails.to_try(sql, BATCH)

    async def _recover(self) -> None:
        """An attempt that is open now may or may not have sent the mail: its holder died, or a fault came in between.

        Mails are handed over one by one, so none of our own is under way here.
        """
        async with self._database.pool.acquire() as sql:
            open_ones = await mails.abandoned(sql, self._lease.epoch or 0)
        for mail_id, attempt, traceparent in open_ones:
            with traced("attempt left open", traceparent):
                log.warning("attempt left open", extra={"mail_id": str(mail_id), "attempt": attempt})
                await self._answered(mail_id, attempt, "unknown", None, pause=timedelta())

    async def _guarded(self, mail: Mail) -> None:
        """A mail that cannot even be composed waits visibly and stops nothing behind it."""
        try:
            await self._send(mail)
        except TRANSIENT:
            raise
        except Exception as fault:  # noqa: BLE001 - its text could hold an address, so only its kind is logged
            log.error("mail set back", extra={"mail_id": str(mail.mail_id), "fault": type(fault).__name__})  # noqa: TRY400
            await self._turned_away(mail, RefusedError())

    async def _send(self, mail: Mail) -> None:
        if not mail.alive and await self._cancelled(mail):
            return
        try:
            await self._server.address(mail.address)
        except RefusedError as refusal:
            await self._turned_away(mail, refusal)
            return
        message = await self.begin(mail)
        if message is None:
            await self._server.close()
            return
        await _to_the_end(self._hand_over(mail.mail_id, mail.attempt + 1, message))

    async def begin(self, mail: Mail) -> bytes | None:
        """Record the attempt that enters DATA and answer the message; None if there is nothing to tell any more."""
        now = self._clock.now()
        async with self._database.transaction() as work:
            if not await self._lease.hold(work.sql):
                raise LeaseLostError("another replica sends")
            if not await mails.lock(work.sql, mail.mail_id, mail.attempt):
                return None
            entries = await self._still_true(work, mail)
            if not entries:
                return None
            digest = text.Digest(mail.name, mail.language, entries)
            subject = text.subject(digest, local_day(now))
            body = text.body(digest, self._book(), local_day(now), self._settings.link)
            envelope = Envelope(
                mail.mail_id, self._settings.mail_from, mail.name, mail.address, mail.language, mail.digest_day
            )
            message = compose(envelope, subject, body, now)
            await attempts.begin(work.sql, mail, self._lease.epoch or 0, subject=subject, body=body, now=now)
        return message

    async def _cancelled(self, mail: Mail) -> bool:
        async with self._database.transaction() as work:
            if not await mails.lock(work.sql, mail.mail_id, mail.attempt):
                return True
            return not await self._still_true(work, mail)

    async def _still_true(self, work: UnitOfWork, mail: Mail) -> Sequence[text.Entry]:
        """Drop what was settled meanwhile; a mail that tells nothing ends here.

        After an attempt in doubt, what is dropped may have been told: it is uncertain, not settled.
        """
        await deadlines.hold_still(work.sql, mail.mail_id)
        doubtful = await attempts.doubts(work.sql, mail.mail_id) > 0
        dropped = await told.drop(work.sql, mail.mail_id, "uncertain" if doubtful else "settled")
        if doubtful:
            self._say(work, dropped, "uncertain", mail.mail_id, mail.digest_day)
        rows = await told.of_mail(work.sql, mail.mail_id)
        if not rows:
            await mails.move(work.sql, mail.mail_id, mail.attempt, "uncertain" if doubtful else "cancelled")
            await reminders.look_now(work.sql, self._clock.now())
        return _entries(rows)

    async def _turned_away(self, mail: Mail, refusal: RefusedError) -> None:
        """Nothing was handed over: try again later, or end it where the recipient was refused for good."""
        outcome: Outcome = "failed" if refusal.permanent else "deferred"
        async with self._database.transaction() as work:
            if not await mails.lock(work.sql, mail.mail_id, mail.attempt):
                return
            await attempts.turned_away(work.sql, mail, outcome, refusal.code, self._clock.now())
            await self._conclude(work, mail.mail_id, mail.attempt + 1, outcome)
        log.warning("mail not taken", extra={"mail_id": str(mail.mail_id), "outcome": outcome, "code": refusal.code})

    async def _hand_over(self, mail_id: UUID, attempt: int, message: bytes) -> None:
        outcome: Outcome = "sent"
        code: int | None = None
        try:
            code = await self._server.data(message)
        except RefusedError as refusal:
            outcome, code = "failed" if refusal.permanent else "deferred", refusal.code
        except UnknownOutcomeError:
            outcome = "unknown"
        await persistently(lambda: self._answered(mail_id, attempt, outcome, code), what="outcome of a mail")

    async def _answered(
        self, mail_id: UUID, attempt: int, outcome: Outcome, code: int | None, pause: timedelta | None = None
    ) -> None:
        async with self._database.transaction() as work:
            if not await attempts.answered(work.sql, mail_id, attempt, outcome, code):
                log.warning("reply came too late", extra={"mail_id": str(mail_id), "attempt": attempt})
                return
            await self._conclude(work, mail_id, attempt, outcome, pause)
        log.info("mail attempted", extra={"mail_id": str(mail_id), "outcome": outcome, "code": code})

    async def _conclude(
        self, work: UnitOfWork, mail_id: UUID, attempt: int, outcome: Outcome, pause: timedelta | None = None
    ) -> None:
        """The state that follows: a refusal after a doubt is no proof that nothing was sent."""
        doubts = await attempts.doubts(work.sql, mail_id)
        if outcome == "deferred" or (outcome == "unknown" and doubts < DOUBTS_ALLOWED):
            again = timedelta(seconds=min(2 ** (attempt - 1), LONGEST_PAUSE)) if pause is None else pause
            await mails.move(work.sql, mail_id, attempt, "deferred", again)
            return
        end: outcomes.End = "sent" if outcome == "sent" else "uncertain" if doubts else "failed"
        await mails.move(work.sql, mail_id, attempt, end)
        day = await mails.digest_day(work.sql, mail_id)
        self._say(work, await told.end(work.sql, mail_id, end), end, mail_id, day)

    def _say(self, work: UnitOfWork, ended: Sequence[Any], end: outcomes.End, mail_id: UUID, day: Any) -> None:  # noqa: ANN401
        outcomes.say(work, ended, end, mail_id=mail_id, digest_day=day, now=self._clock.now())


def _entries(rows: Sequence[Any]) -> list[text.Entry]:
    """Each deadline once, at its latest stage."""
    latest: dict[UUID, text.Entry] = {}
    for row in rows:
        latest.setdefault(row["deadline_id"], text.Entry(deadlines.as_told(row["state"]), row["stage"], row["late"]))
    return list(latest.values())


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Let a mail that is being handed over finish, even when the service is told to stop."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
