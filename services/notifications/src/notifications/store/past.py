"""What the topic holds of this service, compared with its tables, taken back into them, and read from them."""

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.database import columns
from contracts.notifications import NotificationState

from notifications.domain.recipient import Recipient

if TYPE_CHECKING:
    from chassis.database import Connection


async def unknown(sql: "Connection", said: Sequence[NotificationState]) -> int:
    """How many of these reminders have not ended here with their mail."""
    count: int = await sql.fetchval(
        """
        SELECT count(*) FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
            AS s(mail_id, deadline_id, stage, organisation, role)
        WHERE NOT EXISTS (
            SELECT FROM reminder AS r
            WHERE (r.mail_id, r.deadline_id, r.stage, r.organisation, r.role)
                = (s.mail_id, s.deadline_id, s.stage, s.organisation, s.role)
                AND r.state IN ('sent', 'failed', 'uncertain')
        )
        """,
        *columns([(each.mail_id, each.deadline_id, each.stage, each.organisation, each.role) for each in said], 5),
    )
    return count


async def take_mail(
    sql: "Connection", event: NotificationState, recipient: Recipient | None, message_id: str, state: str
) -> None:
    """The mail ended so; one to a mailbox that is in nobody's file any more has no name and no address."""
    await sql.execute(
        """
        INSERT INTO mail AS m
            (mail_id, recipient, digest_day, organisation, role, name, address, language, message_id, state, built_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (mail_id) DO UPDATE SET state = EXCLUDED.state
        WHERE m.state IN ('queued', 'attempting', 'deferred', 'cancelled')
        """,
        event.mail_id,
        recipient.key if recipient else str(event.mail_id),
        event.digest_day,
        event.organisation,
        event.role,
        recipient.name if recipient else "",
        recipient.address if recipient else "",
        recipient.language if recipient else "sv",
        message_id,
        state,
        event.occurred_at,
    )


async def take_reminder(sql: "Connection", event: NotificationState, state: str) -> None:
    """The mailbox of the mail has its copy, ended so; what waited in the same mail or for it, waits no more."""
    await sql.execute(
        """
        INSERT INTO reminder AS r
            (deadline_id, stage, organisation, role, recipient, revision, late, due_at, look_at, state, mail_id)
        SELECT d.deadline_id, $3, $4, $5, m.recipient, d.revision, false, $6, $6, $7, m.mail_id
        FROM deadline AS d, mail AS m WHERE d.deadline_id = $2 AND m.mail_id = $1
        ON CONFLICT (deadline_id, stage, organisation, role, recipient) DO UPDATE SET
            state = EXCLUDED.state, mail_id = EXCLUDED.mail_id, reason = NULL
        WHERE r.state NOT IN ('sent', 'failed', 'uncertain')
        """,
        event.mail_id,
        event.deadline_id,
        event.stage,
        event.organisation,
        event.role,
        event.occurred_at,
        state,
    )


async def told_elsewhere(sql: "Connection", event: NotificationState) -> None:
    """A reminder whose mailbox is not in the file any more was told: it is not told to the one that is."""
    await sql.execute(
        """
        DELETE FROM reminder
        WHERE deadline_id = $1 AND stage = $2 AND organisation = $3 AND role = $4
            AND recipient = '' AND state IN ('waiting', 'unaddressed')
        """,
        event.deadline_id,
        event.stage,
        event.organisation,
        event.role,
    )


async def let_go(sql: "Connection") -> None:
    """Reminders of a mail that ended without them wait for a mail of their own."""
    await sql.execute(
        """
        UPDATE reminder AS r SET state = 'settled', reason = 'superseded' FROM mail AS m
        WHERE m.mail_id = r.mail_id AND r.state = 'mailed' AND m.state IN ('sent', 'failed', 'uncertain')
        """
    )


async def ended(sql: "Connection") -> AsyncIterator[tuple[UUID, Any]]:
    """Every reminder that ended with a mail in the last 400 days, with what its event says."""
    statement = """
        SELECT m.mail_id, m.digest_day, r.deadline_id, r.stage, r.organisation, r.role, r.state AS ending, d.state,
            coalesce((SELECT max(began_at) FROM mail_attempt AS a WHERE a.mail_id = m.mail_id), m.built_at) AS at
        FROM reminder AS r JOIN mail AS m USING (mail_id) JOIN deadline AS d USING (deadline_id)
        WHERE r.state IN ('sent', 'failed', 'uncertain') AND m.digest_day > current_date - 400
        ORDER BY at, m.mail_id, r.reminder_id
    """
    async for row in sql.cursor(statement, prefetch=500):
        yield row["mail_id"], row
