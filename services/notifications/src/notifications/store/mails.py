"""Mails and their attempts. Every change says which attempt it belongs to, so that a late word changes nothing."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from notifications.domain.recipient import Recipient

if TYPE_CHECKING:
    from chassis.database import Connection


class Mail(NamedTuple):
    """A mail that is to be tried; `attempt` is the number of tries so far, `alive` whether it still tells something.

    It belongs to the trace of the latest reminder in it.
    """

    mail_id: UUID
    attempt: int
    name: str
    address: str
    language: Any
    digest_day: date
    traceparent: str | None
    alive: bool


async def queue(
    sql: "Connection",
    mail_id: UUID,
    recipient: Recipient,
    *,
    digest_day: date,
    message_id: str,
    now: datetime,
    traceparent: str | None,
) -> bool:
    """Queue the digest of a mailbox and day; False if there is one already. A cancelled one is used again."""
    queued = await sql.fetchval(
        """
        INSERT INTO mail AS m
            (mail_id, recipient, digest_day, organisation, role, name, address, language, message_id, state, built_at,
            traceparent)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', $10, $11)
        ON CONFLICT (mail_id) DO UPDATE SET
            state = 'queued', next_try_at = clock_timestamp(), traceparent = EXCLUDED.traceparent
        WHERE m.state = 'cancelled'
        RETURNING true
        """,
        mail_id,
        recipient.key,
        digest_day,
        recipient.organisation,
        recipient.role,
        recipient.name,
        recipient.address,
        recipient.language,
        message_id,
        now,
        traceparent,
    )
    return bool(queued)


async def days_since(sql: "Connection", monday: date) -> dict[str, list[date]]:
    """The days of each mailbox's digests since a Monday; one that was cancelled or refused burdened nobody."""
    rows = await sql.fetch(
        """
        SELECT recipient, array_agg(digest_day) AS days FROM mail
        WHERE digest_day >= $1 AND state NOT IN ('cancelled', 'failed') GROUP BY recipient
        """,
        monday,
    )
    return {row["recipient"]: row["days"] for row in rows}


async def to_try(sql: "Connection", limit: int) -> list[Mail]:
    """Those whose time has come in real time, oldest digest first."""
    rows = await sql.fetch(
        """
        SELECT m.mail_id, m.attempt, m.name, m.address, m.language, m.digest_day, m.traceparent, EXISTS (
            SELECT FROM reminder AS r JOIN deadline AS d USING (deadline_id)
            WHERE r.mail_id = m.mail_id AND r.state = 'mailed' AND r.organisation = ANY(d.awaited)
        ) AS alive
        FROM mail AS m
        WHERE m.state IN ('queued', 'deferred') AND m.next_try_at <= clock_timestamp()
        ORDER BY m.digest_day, m.next_try_at LIMIT $1
        """,
        limit,
    )
    return [Mail(*row) for row in rows]


async def lock(sql: "Connection", mail_id: UUID, attempt: int) -> bool:
    """Lock a mail that waits for its next attempt; False if somebody else went on with it."""
    return bool(
        await sql.fetchval(
            """
            SELECT true FROM mail
            WHERE mail_id = $1 AND attempt = $2 AND state IN ('queued', 'deferred') FOR UPDATE
            """,
            mail_id,
            attempt,
        )
    )


async def move(sql: "Connection", mail_id: UUID, attempt: int, state: str, pause: timedelta = timedelta()) -> None:
    """Put a mail whose row is locked into a state; a deferred one is tried again after `pause` of real time."""
    await sql.execute(
        """
        UPDATE mail SET state = $3, next_try_at = clock_timestamp() + $4
        WHERE mail_id = $1 AND attempt = $2
        """,
        mail_id,
        attempt,
        state,
        pause,
    )


async def cancel(sql: "Connection", mail_id: UUID) -> None:
    """Give up a mail that was queued for nothing: what it should tell was settled in the same moment."""
    await sql.execute("UPDATE mail SET state = 'cancelled' WHERE mail_id = $1 AND state = 'queued'", mail_id)


async def abandoned(sql: "Connection", epoch: int) -> list[tuple[UUID, int, str | None]]:
    """Attempts that were left open by this holder of the lease or an earlier one; a later one is still at its own."""
    rows = await sql.fetch(
        "SELECT mail_id, attempt, traceparent FROM mail WHERE state = 'attempting' AND epoch <= $1 ORDER BY mail_id",
        epoch,
    )
    return [(row["mail_id"], row["attempt"], row["traceparent"]) for row in rows]


async def digest_day(sql: "Connection", mail_id: UUID) -> date:
    """The day whose digest a mail is."""
    day: date = await sql.fetchval("SELECT digest_day FROM mail WHERE mail_id = $1", mail_id)
    return day


async def waiting(sql: "Connection") -> int:
    """How many are queued, under way, or deferred and tried again within five seconds of real time."""
    count: int = await sql.fetchval(
        """
        SELECT count(*) FROM mail
        WHERE state IN ('queued', 'attempting')
            OR (state = 'deferred' AND next_try_at <= clock_timestamp() + interval '5 seconds')
        """
    )
    return count


async def oldest_waiting(sql: "Connection", now: datetime) -> float:
    """For how many seconds the longest tried open mail has been tried; 0 where none was tried in vain."""
    began: datetime | None = await sql.fetchval(
        """
        SELECT min(a.began_at) FROM mail AS m JOIN mail_attempt AS a USING (mail_id)
        WHERE m.state IN ('queued', 'attempting', 'deferred')
        """
    )
    return max((now - began).total_seconds(), 0.0) if began else 0.0


async def figures(sql: "Connection") -> dict[str, int]:
    """How many there are in each state."""
    rows = await sql.fetch("SELECT state, count(*) AS n FROM mail GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


async def listing(sql: "Connection", limit: int) -> list[Any]:
    """The latest mails with their attempts and reminders as JSON, newest first; no address."""
    return await sql.fetch(
        """
        SELECT m.mail_id, m.message_id, m.organisation, m.role, m.digest_day, m.state, coalesce((
            SELECT jsonb_agg(
                jsonb_build_object(
                    'attempt', a.attempt, 'began_at', a.began_at, 'entered_data', a.entered_data,
                    'outcome', a.outcome, 'code', a.code
                ) ORDER BY a.attempt
            ) FROM mail_attempt AS a WHERE a.mail_id = m.mail_id
        ), '[]') AS attempts, coalesce((
            SELECT jsonb_agg(
                jsonb_build_object(
                    'municipality', d.municipality, 'obligation', d.state->>'obligation', 'period', d.state->>'period',
                    'slot', d.state->>'slot', 'stage', r.stage, 'state', r.state, 'late', r.late
                ) ORDER BY d.state->>'last_day', d.municipality, r.deadline_id, r.revision
            ) FROM reminder AS r JOIN deadline AS d USING (deadline_id) WHERE r.mail_id = m.mail_id
        ), '[]') AS reminders
        FROM mail AS m ORDER BY m.digest_day DESC, m.built_at DESC, m.mail_id LIMIT $1
        """,
        limit,
    )
