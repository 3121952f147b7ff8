"""Baselines: what a coverage is measured against, append-only; the highest revision rules."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime

from chassis.database import Connection

from promises.domain.evidence import Baseline

Key = tuple[str, str, str, int]


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


async def ingest(sql: Connection, rows: Sequence[Row]) -> set[Key]:
    """Add the rows and mark their obligations dirty, in one statement; answer those known with other content."""
    found = await sql.fetch(
        """
        WITH input AS (
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::jsonb[], $7::text[],
                                 $8::timestamptz[], $9::bytea[], $10::date[]) WITH ORDINALITY
                AS i(municipality, obligation, period, revision, total, units, organisation, recorded_at, sha256,
                     day, n)
        ), added AS (
            INSERT INTO baseline
                (municipality, obligation, period, revision, total, units, organisation, recorded_at, sha256)
            SELECT municipality, obligation, period, revision, total, units, organisation, recorded_at, sha256
            FROM input ORDER BY n ON CONFLICT DO NOTHING
        ), marked AS (
            INSERT INTO dirty AS d (municipality, obligation, mark, from_day, to_day)
            SELECT municipality, obligation, nextval('mark'), min(day), max(day)
            FROM input GROUP BY municipality, obligation ORDER BY municipality, obligation
            ON CONFLICT (municipality, obligation) DO UPDATE SET mark = EXCLUDED.mark,
                from_day = least(d.from_day, EXCLUDED.from_day), to_day = greatest(d.to_day, EXCLUDED.to_day)
        )
        SELECT i.municipality, i.obligation, i.period, i.revision FROM input AS i
        JOIN baseline AS b USING (municipality, obligation, period, revision) WHERE b.sha256 <> i.sha256
        """,
        *(list(column) for column in zip(*(astuple(row) for row in rows), strict=True)),
    )
    return {(row["municipality"], row["obligation"], row["period"], row["revision"]) for row in found}


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
