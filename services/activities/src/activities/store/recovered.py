"""Revisions that were taken back from the topic, until the command that made each is known again.

They are looked for as long as ingress topics are kept, 14 days: whatever is repeated is repeated by then.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from chassis.database import Connection, columns
from contracts.activities import ActivityEvent, BaselineReported

from activities.domain.commands import Command


async def unknown_activities(sql: Connection, said: Sequence[ActivityEvent]) -> int:
    """How many of these revisions are not here."""
    count: int = await sql.fetchval(
        """
        SELECT count(*) FROM unnest($1::uuid[], $2::int[]) AS s(activity_id, revision)
        LEFT JOIN activity_revision AS r USING (activity_id, revision) WHERE r.state IS NULL
        """,
        *columns([(event.activity_id, event.revision) for event in said], 2),
    )
    return count


async def unknown_baselines(sql: Connection, said: Sequence[BaselineReported]) -> int:
    """How many of these revisions are not here."""
    count: int = await sql.fetchval(
        """
        SELECT count(*) FROM unnest($1::text[], $2::int[]) AS s(name, revision)
        LEFT JOIN baseline AS b USING (name, revision) WHERE b.state IS NULL
        """,
        *columns([(name_of(event), event.revision) for event in said], 2),
    )
    return count


def name_of(event: BaselineReported) -> str:
    """The thing that a baseline's revisions belong to."""
    return f"{event.municipality}/{event.obligation}/{event.period}"


async def take_activity(sql: Connection, event: ActivityEvent, command: str, state: str) -> None:
    """Hold a revision; the activity is as its highest one says."""
    await sql.execute(
        """
        INSERT INTO activity AS a
            (activity_id, organisation, source, reference, municipality, revision, obligations, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
        ON CONFLICT (activity_id) DO UPDATE SET
            revision = EXCLUDED.revision, obligations = EXCLUDED.obligations, state = EXCLUDED.state
        WHERE a.revision < EXCLUDED.revision
        """,
        event.activity_id,
        event.organisation,
        event.source,
        event.reference,
        event.municipality,
        event.revision,
        list(event.obligations),
        state,
    )
    new = await sql.fetchval(
        """
        INSERT INTO activity_revision (activity_id, revision, command, state, recorded_at)
        VALUES ($1, $2, $3, $4::jsonb, $5) ON CONFLICT DO NOTHING RETURNING true
        """,
        event.activity_id,
        event.revision,
        command,
        state,
        event.recorded_at,
    )
    if new:
        await _note(sql, event.activity_id, event.revision)


async def take_baseline(sql: Connection, event: BaselineReported) -> None:
    """Hold a revision."""
    new = await sql.fetchval(
        """
        INSERT INTO baseline (name, revision, state) VALUES ($1, $2, $3::jsonb) ON CONFLICT DO NOTHING RETURNING true
        """,
        name_of(event),
        event.revision,
        event.model_dump_json(),
    )
    if new:
        await _note(sql, event.baseline_id, event.revision)


async def _note(sql: Connection, thing: UUID, revision: int) -> None:
    await sql.execute("INSERT INTO recovered (thing, revision) VALUES ($1, $2) ON CONFLICT DO NOTHING", thing, revision)


async def first(sql: Connection, command: Command) -> Any:  # noqa: ANN401 - a row or nothing
    """The first revision that has this sender's reference, if it was taken back."""
    return await sql.fetchrow(
        """
        SELECT r.thing, r.revision, v.command, v.state FROM activity AS a
        JOIN recovered AS r ON r.thing = a.activity_id AND r.revision = 1
        JOIN activity_revision AS v ON v.activity_id = r.thing AND v.revision = 1
        WHERE a.organisation = $1 AND a.source = $2 AND a.reference = $3
            AND r.recovered_at > clock_timestamp() - interval '14 days'
        """,
        command.organisation,
        command.source,
        command.reference,
    )


async def of_activity(sql: Connection, activity_id: UUID) -> list[asyncpg.Record]:
    """The revisions of an activity that were taken back, the first one first."""
    return await sql.fetch(
        """
        SELECT r.thing, r.revision, v.command, v.state FROM recovered AS r
        JOIN activity_revision AS v ON v.activity_id = r.thing AND v.revision = r.revision
        WHERE r.thing = $1 AND r.recovered_at > clock_timestamp() - interval '14 days' ORDER BY r.revision
        """,
        activity_id,
    )


async def of_baseline(sql: Connection, name: str) -> list[asyncpg.Record]:
    """The revisions of a baseline that were taken back, the first one first."""
    return await sql.fetch(
        """
        SELECT r.thing, r.revision, b.state FROM recovered AS r
        JOIN baseline AS b ON b.name = $1 AND b.revision = r.revision AND (b.state->>'baseline_id')::uuid = r.thing
        WHERE r.recovered_at > clock_timestamp() - interval '14 days' ORDER BY r.revision
        """,
        name,
    )


async def known_again(sql: Connection, thing: UUID, revision: int) -> None:
    """The command that made this revision has come again."""
    await sql.execute("DELETE FROM recovered WHERE thing = $1 AND revision = $2", thing, revision)
