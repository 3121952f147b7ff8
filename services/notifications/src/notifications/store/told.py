"""Reminders in a mail: tied to it, dropped from it when they are no longer true, ended with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from chassis.database import Connection


async def tie(sql: "Connection", mail_id: UUID, recipient: str, ids: Sequence[int], morning: datetime) -> int:
    """Give a mailbox its copies and answer how many; `late` where the day to look at it passed before `morning`."""
    status: str = await sql.execute(
        """
        INSERT INTO reminder AS r
            (deadline_id, stage, organisation, role, recipient, revision, late, due_at, look_at, state, mail_id)
        SELECT deadline_id, stage, organisation, role, $2, revision,
            late OR state = 'unaddressed' OR look_at < $4, due_at, look_at, 'mailed', $1
        FROM reminder
        WHERE reminder_id = ANY($3::bigint[]) AND state IN ('waiting', 'unaddressed')
        ORDER BY reminder_id FOR UPDATE
        ON CONFLICT (deadline_id, stage, organisation, role, recipient) DO UPDATE SET
            revision = EXCLUDED.revision, late = EXCLUDED.late, due_at = EXCLUDED.due_at,
            look_at = EXCLUDED.look_at, state = 'mailed', mail_id = EXCLUDED.mail_id, reason = NULL
        WHERE r.state = 'settled'
        """,
        mail_id,
        recipient,
        ids,
        morning,
    )
    return int(status.rpartition(" ")[2])


async def drop(sql: "Connection", mail_id: UUID, state: str) -> list[Any]:
    """Take out of a mail what is no longer true; it ends in `state`. Answers what was dropped."""
    return await sql.fetch(
        """
        UPDATE reminder AS r SET state = $2,
            reason = CASE WHEN r.organisation = ANY(d.awaited) THEN 'superseded' ELSE coalesce(d.cause, 'reported') END
        FROM deadline AS d
        WHERE r.mail_id = $1 AND r.state = 'mailed' AND d.deadline_id = r.deadline_id
            AND (NOT r.organisation = ANY(d.awaited) OR EXISTS (
                SELECT FROM reminder AS newer
                WHERE (newer.deadline_id, newer.organisation, newer.role) = (r.deadline_id, r.organisation, r.role)
                    AND newer.revision > r.revision AND newer.stage <> r.stage AND newer.state <> 'not_mailed'
            ))
        RETURNING r.deadline_id, r.stage, r.organisation, r.role, d.state
        """,
        mail_id,
        state,
    )


async def of_mail(sql: "Connection", mail_id: UUID) -> list[Any]:
    """What a mail tells, soonest last day first; two roles or organisations of one mailbox share a deadline."""
    return await sql.fetch(
        """
        SELECT r.deadline_id, r.stage, r.late, d.state
        FROM reminder AS r JOIN deadline AS d USING (deadline_id)
        WHERE r.mail_id = $1 AND r.state = 'mailed'
        ORDER BY d.state->>'last_day', d.municipality, r.deadline_id, r.revision DESC, r.organisation, r.role
        """,
        mail_id,
    )


async def end(sql: "Connection", mail_id: UUID, state: str) -> list[Any]:
    """The reminders of a mail share its end; answers them."""
    return await sql.fetch(
        """
        UPDATE reminder AS r SET state = $2 FROM deadline AS d
        WHERE r.mail_id = $1 AND r.state = 'mailed' AND d.deadline_id = r.deadline_id
        RETURNING r.deadline_id, r.stage, r.organisation, r.role, d.state
        """,
        mail_id,
        state,
    )
