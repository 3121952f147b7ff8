"""Notices and deadlines: what was said to the owners, so that it is said once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.database import Connection
from contracts.promises import DeadlineState

from promises.domain.reminders import StageName
from promises.store.dirty import Name

Key = tuple[str, str, date]


@dataclass(frozen=True, slots=True)
class Notice:
    """A stage entered in the ledger."""

    slot: str
    stage: StageName
    last_day: date
    outcome: str
    late: bool


async def ledger(sql: Connection, name: Name, periods: Sequence[str]) -> dict[Key, set[StageName]]:
    """The stages entered for an obligation in some periods, by (period, slot, last day)."""
    rows = await sql.fetch(
        """
        SELECT period, slot, last_day, stage FROM notice
        WHERE municipality = $1 AND obligation = $2 AND period = ANY($3::text[])
        """,
        *name,
        periods,
    )
    found: dict[Key, set[StageName]] = defaultdict(set)
    for row in rows:
        found[row["period"], row["slot"], row["last_day"]].add(row["stage"])
    return found


async def enter(sql: Connection, name: Name, period: str, notices: Iterable[Notice], now: datetime) -> None:
    """Enter stages; one that is there stays as it was entered first."""
    entered = [(*name, period, n.slot, n.stage, n.last_day, n.outcome, n.late, now) for n in notices]
    if not entered:
        return
    await sql.executemany(
        """
        INSERT INTO notice (municipality, obligation, period, slot, stage, last_day, outcome, late, written_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
        """,
        entered,
    )


async def told(sql: Connection, name: Name, periods: Sequence[str] | None = None) -> dict[UUID, Any]:
    """The deadlines of an obligation that something was said of; in some periods, or in all."""
    rows = await sql.fetch(
        """
        SELECT deadline_id, period, slot, last_day, revision, awaited, stage, state FROM deadline
        WHERE municipality = $1 AND obligation = $2 AND ($3::text[] IS NULL OR period = ANY($3))
        """,
        *name,
        periods,
    )
    return {row["deadline_id"]: row for row in rows}


async def tell(sql: Connection, state: DeadlineState, stage: str) -> None:
    """Remember what was said of a deadline, and the stage that was told last."""
    await sql.execute(
        """
        INSERT INTO deadline
            (deadline_id, municipality, obligation, period, slot, last_day, revision, awaited, stage, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)
        ON CONFLICT (deadline_id) DO UPDATE SET revision = EXCLUDED.revision, awaited = EXCLUDED.awaited,
            stage = EXCLUDED.stage, state = EXCLUDED.state
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
