"""Baselines: what a coverage is measured against, append-only; the highest revision rules."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chassis.database import Connection

from promises.domain.evidence import Baseline


@dataclass(frozen=True, slots=True)
class Row:
    """A revision; `first_day` is its period's, `units` is JSON."""

    municipality: str
    obligation: str
    period: str
    revision: int
    total: int
    units: str
    organisation: str
    recorded_at: datetime
    sha256: bytes
    first_day: date


async def ingest(sql: Connection, rows: Sequence[Row]) -> set[tuple[str, str, str, int]]:
    """Add the rows and mark their obligations dirty; answer those that are known with other content."""
    for row in sorted(rows, key=lambda each: (each.municipality, each.obligation)):
        await sql.execute(
            """
            WITH added AS (
                INSERT INTO baseline
                    (municipality, obligation, period, revision, total, units, organisation, recorded_at, sha256)
                VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9) ON CONFLICT DO NOTHING
            )
            INSERT INTO dirty AS d (municipality, obligation, mark, from_day, to_day)
            VALUES ($1, $2, nextval('mark'), $10, $10)
            ON CONFLICT (municipality, obligation) DO UPDATE SET mark = EXCLUDED.mark,
                from_day = least(d.from_day, EXCLUDED.from_day), to_day = greatest(d.to_day, EXCLUDED.to_day)
            """,
            row.municipality,
            row.obligation,
            row.period,
            row.revision,
            row.total,
            row.units,
            row.organisation,
            row.recorded_at,
            row.sha256,
            row.first_day,
        )
    return {key for row in rows if await _differs(sql, row, key := (*_name(row), row.period, row.revision))}


async def load(sql: Connection, municipality: str, obligation: str, period: str) -> tuple[Baseline, ...]:
    """Every revision for a period."""
    rows = await sql.fetch(
        """
        SELECT revision, recorded_at, total, units FROM baseline
        WHERE municipality = $1 AND obligation = $2 AND period = $3 ORDER BY revision
        """,
        municipality,
        obligation,
        period,
    )
    return tuple(
        Baseline(row["revision"], row["recorded_at"], row["total"], tuple(sorted(json.loads(row["units"]).items())))
        for row in rows
    )


def _name(row: Row) -> tuple[str, str]:
    return row.municipality, row.obligation


async def _differs(sql: Connection, row: Row, key: tuple[str, str, str, int]) -> bool:
    kept: bytes = await sql.fetchval(
        """
        SELECT sha256 FROM baseline WHERE municipality = $1 AND obligation = $2 AND period = $3 AND revision = $4
        """,
        *key,
    )
    return kept != row.sha256
