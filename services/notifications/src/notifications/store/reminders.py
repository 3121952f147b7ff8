"""Who is to be told of which stage. Until a digest is built a reminder has no mailbox; then each mailbox has a copy."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from chassis.database import Connection


class NewReminder(NamedTuple):
    """A stage that warrants a mail to a role of an organisation, or, `not_mailed`, no mail to anybody."""

    deadline_id: UUID
    stage: str
    organisation: str
    role: str
    revision: int
    late: bool
    due_at: datetime
    state: str
    traceparent: str | None = None


async def enter(sql: "Connection", new: Sequence[NewReminder]) -> None:
    """Enter those that are not there yet.

    A stage that is told again by a later revision (its slot reopened) comes back to life where it was not sent before.
    """
    await sql.execute(
        """
        INSERT INTO reminder AS r
            (deadline_id, stage, organisation, role, revision, late, due_at, look_at, state, traceparent)
        SELECT DISTINCT ON (deadline_id, stage, organisation, role)
            deadline_id, stage, organisation, role, revision, late, due_at, due_at, state, traceparent
        FROM unnest(
            $1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bool[], $7::timestamptz[], $8::text[],
            $9::text[]
        ) AS n(deadline_id, stage, organisation, role, revision, late, due_at, state, traceparent)
        WHERE NOT EXISTS (
            SELECT FROM reminder AS copy
            WHERE (copy.deadline_id, copy.stage, copy.organisation, copy.role)
                = (n.deadline_id, n.stage, n.organisation, n.role) AND copy.recipient <> ''
        ) OR EXISTS (
            SELECT FROM reminder AS copy
            WHERE (copy.deadline_id, copy.stage, copy.organisation, copy.role)
                = (n.deadline_id, n.stage, n.organisation, n.role) AND copy.recipient <> ''
                AND copy.state = 'settled' AND copy.revision < n.revision
        )
        ORDER BY deadline_id, stage, organisation, role, revision DESC
        ON CONFLICT (deadline_id, stage, organisation, role, recipient) DO UPDATE SET
            revision = EXCLUDED.revision, late = EXCLUDED.late, due_at = EXCLUDED.due_at,
            look_at = EXCLUDED.look_at, state = EXCLUDED.state, reason = NULL, traceparent = EXCLUDED.traceparent
        WHERE r.state IN ('settled', 'waiting', 'unaddressed') AND r.revision < EXCLUDED.revision
        """,
        *(list(column) for column in zip(*new, strict=True)),
    )


async def settle(sql: "Connection", deadlines: Sequence[UUID]) -> None:
    """Settle what waits in vain: nobody is awaited there any more, or a later stage tells the same owner instead."""
    await sql.execute(
        """
        UPDATE reminder AS r SET state = 'settled',
            reason = CASE WHEN r.organisation = ANY(d.awaited) THEN 'superseded' ELSE coalesce(d.cause, 'reported') END
        FROM deadline AS d
        WHERE d.deadline_id = ANY($1::uuid[]) AND r.deadline_id = d.deadline_id
            AND r.state IN ('waiting', 'unaddressed')
            AND (NOT r.organisation = ANY(d.awaited) OR EXISTS (
                SELECT FROM reminder AS newer
                WHERE (newer.deadline_id, newer.organisation, newer.role) = (r.deadline_id, r.organisation, r.role)
                    AND newer.revision > r.revision AND newer.stage <> r.stage AND newer.state <> 'not_mailed'
            ))
        """,
        deadlines,
    )


async def any_to_look_at(sql: "Connection", now: datetime) -> bool:
    """Whether the scheduler has something to decide."""
    found: bool = await sql.fetchval(
        "SELECT EXISTS (SELECT FROM reminder WHERE state IN ('waiting', 'unaddressed') AND look_at <= $1)", now
    )
    return found


async def waiting(sql: "Connection", now: datetime) -> list[Any]:
    """Every reminder that may be told now; `told` are the mailboxes that were."""
    return await sql.fetch(
        """
        SELECT r.reminder_id, r.stage, r.organisation, r.role, r.traceparent, d.municipality,
            (d.state->>'last_day')::date AS last_day, (d.state->>'leaflet_basis')::bool AS leaflet_basis,
            ARRAY(
                SELECT copy.recipient FROM reminder AS copy
                WHERE (copy.deadline_id, copy.stage, copy.organisation, copy.role)
                    = (r.deadline_id, r.stage, r.organisation, r.role)
                    AND copy.recipient <> '' AND copy.state <> 'settled'
            ) AS told
        FROM reminder AS r JOIN deadline AS d USING (deadline_id)
        WHERE r.state IN ('waiting', 'unaddressed') AND r.due_at <= $1
        ORDER BY r.due_at, r.reminder_id
        """,
        now,
    )


async def look_again(sql: "Connection", ids: Sequence[int], at: Sequence[datetime], state: str) -> None:
    """Wait until then, in this state (`waiting` for its week or `unaddressed`)."""
    await sql.execute(
        """
        UPDATE reminder AS r SET look_at = n.at, state = $3
        FROM unnest($1::bigint[], $2::timestamptz[]) AS n(reminder_id, at)
        WHERE r.reminder_id = n.reminder_id AND r.state IN ('waiting', 'unaddressed')
        """,
        ids,
        at,
        state,
    )


async def postpone(sql: "Connection", now: datetime, until: datetime) -> None:
    """Look at all that is due when mails are sent again; having missed its own day, it is late."""
    await sql.execute(
        """
        UPDATE reminder SET look_at = $2, late = true
        WHERE state IN ('waiting', 'unaddressed') AND look_at <= $1
        """,
        now,
        until,
    )


async def look_now(sql: "Connection", now: datetime) -> None:
    """Look again at what waits for its week: the mail it waited behind was given up and burdened nobody."""
    await sql.execute("UPDATE reminder SET look_at = $1 WHERE state = 'waiting' AND due_at <= $1 AND look_at > $1", now)


async def replace(sql: "Connection", ids: Sequence[int]) -> None:
    """Forget those whose every mailbox has its copy."""
    await sql.execute(
        "DELETE FROM reminder WHERE reminder_id = ANY($1::bigint[]) AND state IN ('waiting', 'unaddressed')", ids
    )


async def due(sql: "Connection", now: datetime) -> int:
    """How many wait for a digest that should be built by now; the unaddressed wait for an operator."""
    count: int = await sql.fetchval("SELECT count(*) FROM reminder WHERE state = 'waiting' AND look_at <= $1", now)
    return count


async def next_look(sql: "Connection", now: datetime) -> datetime | None:
    """When the next one that waits is looked at."""
    instant: datetime | None = await sql.fetchval(
        "SELECT min(look_at) FROM reminder WHERE state = 'waiting' AND look_at > $1", now
    )
    return instant


async def figures(sql: "Connection") -> dict[str, int]:
    """How many there are in each state."""
    rows = await sql.fetch("SELECT state, count(*) AS n FROM reminder GROUP BY state")
    return {row["state"]: row["n"] for row in rows}
