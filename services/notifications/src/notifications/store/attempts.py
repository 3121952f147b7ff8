"""Attempts to hand a mail over; one that enters DATA is recorded before, and its outcome belongs to it alone."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from notifications.store.mails import Mail

if TYPE_CHECKING:
    from chassis.database import Connection


async def begin(sql: "Connection", mail: Mail, epoch: int, *, subject: str, body: str, now: datetime) -> None:
    """Record that the next attempt enters DATA, with the words it will say."""
    await sql.execute(
        """
        UPDATE mail SET state = 'attempting', attempt = attempt + 1, epoch = $3, subject = $4, body = $5
        WHERE mail_id = $1 AND attempt = $2
        """,
        mail.mail_id,
        mail.attempt,
        epoch,
        subject,
        body,
    )
    await sql.execute(
        "INSERT INTO mail_attempt (mail_id, attempt, began_at, entered_data) VALUES ($1, $2, $3, true)",
        mail.mail_id,
        mail.attempt + 1,
        now,
    )


async def turned_away(sql: "Connection", mail: Mail, outcome: str, code: int | None, now: datetime) -> None:
    """Record an attempt that ended before DATA."""
    await sql.execute(
        "UPDATE mail SET attempt = attempt + 1 WHERE mail_id = $1 AND attempt = $2", mail.mail_id, mail.attempt
    )
    await sql.execute(
        """
        INSERT INTO mail_attempt (mail_id, attempt, began_at, entered_data, outcome, code)
        VALUES ($1, $2, $3, false, $4, $5)
        """,
        mail.mail_id,
        mail.attempt + 1,
        now,
        outcome,
        code,
    )


async def answered(sql: "Connection", mail_id: UUID, attempt: int, outcome: str, code: int | None) -> bool:
    """Record how the attempt that entered DATA ended; False if it is no longer the mail's attempt."""
    mine = await sql.fetchval(
        "SELECT true FROM mail WHERE mail_id = $1 AND attempt = $2 AND state = 'attempting' FOR UPDATE",
        mail_id,
        attempt,
    )
    if mine:
        await sql.execute(
            "UPDATE mail_attempt SET outcome = $3, code = $4 WHERE mail_id = $1 AND attempt = $2",
            mail_id,
            attempt,
            outcome,
            code,
        )
    return bool(mine)


async def doubts(sql: "Connection", mail_id: UUID) -> int:
    """How many attempts entered DATA and never got a definite reply."""
    count: int = await sql.fetchval(
        "SELECT count(*) FROM mail_attempt WHERE mail_id = $1 AND entered_data AND outcome = 'unknown'", mail_id
    )
    return count
