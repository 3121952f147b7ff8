"""Notices and deadlines: what was said to the owners, so that it is said once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from chassis.database import Connection, columns
from contracts.promises import DeadlineState

from promises.domain.reminders import StageName
from promises.store.dirty import Name

Period = tuple[str, str, str]
"""Municipality, obligation and period."""


class Place(NamedTuple):
    """A deadline as the ledger names it."""

    municipality: str
    obligation: str
    period: str
    slot: str
    last_day: date


class Notice(NamedTuple):
    """A stage entered in the ledger."""

    place: Place
    stage: StageName
    outcome: str
    late: bool
    now: datetime


async def ledger(sql: Connection, periods: Sequence[Period]) -> dict[Place, set[StageName]]:
    """The stages entered for these (municipality, obligation, period)."""
    rows = await sql.fetch(
        """
        SELECT municipality, obligation, period, slot, last_day, stage
        FROM unnest($1::text[], $2::text[], $3::text[]) AS p(municipality, obligation, period)
        JOIN notice USING (municipality, obligation, period)
        """,
        *columns(periods, 3),
    )
    found: dict[Place, set[StageName]] = defaultdict(set)
    for *place, stage in rows:
        found[Place(*place)].add(stage)
    return found


async def enter(sql: Connection, notices: Sequence[Notice]) -> None:
    """Enter stages; one that is there stays as it was entered first."""
    if not notices:
        return
    await sql.executemany(
        """
        INSERT INTO notice (municipality, obligation, period, slot, last_day, stage, outcome, late, written_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
        """,
        [(*place, *rest) for place, *rest in notices],
    )


async def told(sql: Connection, periods: Sequence[Period]) -> dict[UUID, Any]:
    """The deadlines that something was said of in these (municipality, obligation, period)."""
    rows = await sql.fetch(
        """
        SELECT deadline_id, municipality, obligation, period, slot, last_day, revision, awaited, stage, state
        FROM unnest($1::text[], $2::text[], $3::text[]) AS p(municipality, obligation, period)
        JOIN deadline USING (municipality, obligation, period)
        """,
        *columns(periods, 3),
    )
    return {row["deadline_id"]: row for row in rows}


async def of_obligation(sql: Connection, name: Name) -> list[Any]:
    """Every deadline of an obligation that something was said of."""
    rows: list[Any] = await sql.fetch(
        "SELECT stage, awaited, state FROM deadline WHERE municipality = $1 AND obligation = $2", *name
    )
    return rows


async def tell(sql: Connection, said: Sequence[tuple[DeadlineState, str]]) -> None:
    """Remember what was said of deadlines, each with the stage that was told last."""
    if not said:
        return
    await sql.executemany(
        """
        INSERT INTO deadline
            (deadline_id, municipality, obligation, period, slot, last_day, revision, awaited, stage, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)
        ON CONFLICT (deadline_id) DO UPDATE SET revision = EXCLUDED.revision, awaited = EXCLUDED.awaited,
            stage = EXCLUDED.stage, state = EXCLUDED.state
        """,
        [
            (
                *(state.deadline_id, state.municipality, state.obligation, state.period, state.slot, state.last_day),
                *(state.revision, list(state.awaited), stage, state.model_dump_json()),
            )
            for state, stage in said
        ],
    )
