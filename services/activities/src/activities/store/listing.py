"""What is listed: activities of an organisation and of its joint partners, revisions, refusals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Connection

from activities.domain.commands import Command, Refused
from activities.domain.personal import kept_name


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command that was refused, and at which door."""

    command: Command
    door: str
    outcome: Refused


async def activities(
    sql: Connection,
    municipality: str,
    organisation: str,
    *,
    shared: Sequence[str],
    obligation: str | None,
    after: UUID | None,
    limit: int,
) -> list[str]:
    """States (JSON) in the order of their ids: the organisation's own and those under obligations it shares."""
    rows = await sql.fetch(
        """
        SELECT state FROM activity
        WHERE municipality = $1 AND (organisation = $2 OR obligations && $3::text[])
            AND ($4::text IS NULL OR $4 = ANY (obligations))
            AND ($5::uuid IS NULL OR activity_id > $5)
        ORDER BY activity_id LIMIT $6
        """,
        municipality,
        organisation,
        shared,
        obligation,
        after,
        limit,
    )
    return [row["state"] for row in rows]


async def activity(sql: Connection, activity_id: UUID) -> str | None:
    """The latest state (JSON) of an activity."""
    state: str | None = await sql.fetchval("SELECT state FROM activity WHERE activity_id = $1", activity_id)
    return state


async def revisions(sql: Connection, activity_id: UUID) -> list[Any]:
    """Every revision of an activity, the first one first."""
    rows: list[Any] = await sql.fetch(
        "SELECT command, state FROM activity_revision WHERE activity_id = $1 ORDER BY revision", activity_id
    )
    return rows


async def refuse(sql: Connection, refusals: Sequence[Refusal], now: datetime) -> None:
    """Keep what was refused; a record that is refused at once is a dead letter instead."""
    if not refusals:
        return
    await sql.executemany(
        """
        INSERT INTO refusal (organisation, source, event_id, reference, door, code, detail, recorded_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        [(*_names(r.command), r.door, r.outcome.code, r.outcome.detail, now) for r in refusals],
    )


def _names(command: Command) -> tuple[str | None, ...]:
    """Organisation, source, event id and reference."""
    reference = kept_name(command.reference) if command.reference else None
    return command.organisation, kept_name(command.source), kept_name(command.event_id), reference


async def refusals(
    sql: Connection, organisation: str, topic: str, before: tuple[datetime, str, int] | None, limit: int
) -> list[Any]:
    """An organisation's refusals at both doors, the newest first; `before` is (recorded_at, kept, id)."""
    rows: list[Any] = await sql.fetch(
        """
        SELECT * FROM (
            SELECT 'refusal' AS kept, id, door, source, event_id, reference, code, detail, recorded_at
            FROM refusal WHERE organisation = $1
            UNION ALL
            SELECT 'dead_letter', id, 'kafka', concat_ws('/', topic, partition, "offset"), event_id, NULL, reason,
                detail, recorded_at
            FROM dead_letter WHERE topic = $2
        ) AS both_doors
        WHERE $3::timestamptz IS NULL OR (recorded_at, kept, id) < ($3, $4, $5)
        ORDER BY recorded_at DESC, kept DESC, id DESC LIMIT $6
        """,
        organisation,
        topic,
        *(before or (None, None, None)),
        limit,
    )
    return rows
