"""What the topics hold of this service, compared with its tables, taken back into them, and read from them."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
from chassis.database import Connection, columns
from contracts.promises import DeadlineReminder, DeadlineState, PromiseState, PromiseStatusChanged

from promises.store.dirty import Name


async def unknown_catalogues(sql: Connection, said: Sequence[PromiseState]) -> int:
    """How many of these promises are of a catalogue revision above the one in force here."""
    count: int = await sql.fetchval(
        """
        SELECT count(*) FROM unnest($1::text[], $2::int[]) AS s(municipality, revision)
        WHERE revision > coalesce(
            (SELECT max(revision) FROM catalogue_revision AS c WHERE c.municipality = s.municipality), 0)
        """,
        *columns([(event.municipality, event.catalogue_revision) for event in said], 2),
    )
    return count


async def unknown_standings(sql: Connection, said: Sequence[PromiseStatusChanged]) -> int:
    """How many of these changes come after the one known here."""
    count: int = await sql.fetchval(
        """
        SELECT count(*) FROM unnest($1::text[], $2::text[], $3::text[], $4::int[])
            AS s(municipality, obligation, period, revision)
        LEFT JOIN standing AS k
            ON (k.municipality, k.obligation, k.period, k.audience) = (s.municipality, s.obligation, s.period, 'public')
        WHERE s.revision > coalesce(k.revision, 0)
        """,
        *columns([(event.municipality, event.obligation, event.period, event.revision) for event in said], 4),
    )
    return count


async def unknown_deadlines(sql: Connection, said: Sequence[DeadlineState]) -> int:
    """How many of these words come after the last one known here."""
    count: int = await sql.fetchval(
        """
        SELECT count(*) FROM unnest($1::uuid[], $2::int[]) AS s(deadline_id, revision)
        LEFT JOIN deadline AS k USING (deadline_id) WHERE s.revision > coalesce(k.revision, 0)
        """,
        *columns([(event.deadline_id, event.revision) for event in said], 2),
    )
    return count


async def take_standing(sql: Connection, event: PromiseStatusChanged, body: str) -> None:
    """Go on from the revision that was said. The mark `recovered` makes the next evaluation say a new one."""
    await sql.execute(
        """
        INSERT INTO standing AS s (municipality, obligation, period, audience, revision, standing, changed_at)
        VALUES ($1, $2, $3, 'public', $4, $5::jsonb, $6)
        ON CONFLICT (municipality, obligation, period, audience) DO UPDATE SET
            revision = EXCLUDED.revision, standing = s.standing || '{"recovered": true}'
        WHERE s.revision < EXCLUDED.revision
        """,
        event.municipality,
        event.obligation,
        event.period,
        event.revision,
        body,
        event.changed_at,
    )


async def take_notice(sql: Connection, event: DeadlineReminder) -> None:
    """The stage was told, so it is not told again."""
    await sql.execute(
        """
        INSERT INTO notice (municipality, obligation, period, slot, last_day, stage, outcome, late, written_at)
        VALUES ($1, $2, $3, $4, $5, $6, 'told', $7, $8)
        ON CONFLICT (municipality, obligation, period, slot, stage, last_day) DO UPDATE SET
            outcome = 'told', late = EXCLUDED.late, written_at = EXCLUDED.written_at
        WHERE notice.outcome = 'skipped'
        """,
        event.municipality,
        event.obligation,
        event.period,
        event.slot,
        event.last_day,
        event.stage,
        event.late,
        event.occurred_at,
    )


async def take_deadline(sql: Connection, state: DeadlineState, stage: str | None) -> None:
    """Go on from the last word; one that settled something repeats no stage, the one told before it stays."""
    await sql.execute(
        """
        INSERT INTO deadline AS d
            (deadline_id, municipality, obligation, period, slot, last_day, revision, awaited, stage, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)
        ON CONFLICT (deadline_id) DO UPDATE SET revision = EXCLUDED.revision, awaited = EXCLUDED.awaited,
            stage = coalesce(EXCLUDED.stage, d.stage), state = EXCLUDED.state
        WHERE d.revision < EXCLUDED.revision
        """,
        state.deadline_id,
        state.municipality,
        state.obligation,
        state.period,
        state.slot,
        state.last_day,
        state.revision,
        list(state.awaited),
        stage,
        state.model_dump_json(),
    )


async def names(sql: Connection) -> list[Name]:
    """Every obligation that was ever judged."""
    rows = await sql.fetch("SELECT DISTINCT municipality, obligation FROM standing ORDER BY 1, 2")
    return [(row["municipality"], row["obligation"]) for row in rows]


async def waits(sql: asyncpg.Pool) -> bool:
    """Whether an obligation waits that has not failed."""
    waiting: bool = await sql.fetchval("SELECT EXISTS (SELECT FROM dirty WHERE attempts = 0)")
    return waiting


async def catalogues(sql: Connection) -> AsyncIterator[Any]:
    """Every catalogue revision, each municipality's in order."""
    statement = """
        SELECT municipality, revision, sha256, document, loaded_at FROM catalogue_revision
        ORDER BY loaded_at, municipality, revision
    """
    async for row in sql.cursor(statement, prefetch=10):
        yield row


async def standings(sql: Connection) -> AsyncIterator[Any]:
    """The public standings of the last 400 days, as long as their topic is kept."""
    statement = """
        SELECT municipality, obligation, period, revision, standing, changed_at FROM standing
        WHERE audience = 'public' AND changed_at > clock_timestamp() - interval '400 days'
        ORDER BY changed_at, municipality, obligation, period
    """
    async for row in sql.cursor(statement, prefetch=500):
        yield row


async def deadlines(sql: Connection) -> AsyncIterator[Any]:
    """The last word about each deadline, and whether its stage was told late."""
    statement = """
        SELECT d.stage, d.state, coalesce(n.late, false) AS late FROM deadline AS d
        LEFT JOIN notice AS n USING (municipality, obligation, period, slot, last_day, stage)
        WHERE (d.state->>'occurred_at')::timestamptz > clock_timestamp() - interval '400 days'
        ORDER BY d.state->>'occurred_at', d.deadline_id
    """
    async for row in sql.cursor(statement, prefetch=500):
        yield row
