"""Baselines: what a coverage is measured against, append-only; the highest revision rules."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from chassis.database import Connection, columns

from promises.domain.evidence import Baseline

Key = tuple[str, str, str, int]


class Row(NamedTuple):
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

    @property
    def key(self) -> Key:
        """By which a revision is known."""
        return self.municipality, self.obligation, self.period, self.revision


async def ingest(sql: Connection, rows: Sequence[Row]) -> set[Key]:
    """Add the rows; answer those known with other content."""
    found = await sql.fetch(
        """
        WITH input AS (
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::jsonb[], $7::text[],
                                 $8::timestamptz[], $9::bytea[]) WITH ORDINALITY
                AS i(municipality, obligation, period, revision, total, units, organisation, recorded_at, sha256, n)
        ), added AS (
            INSERT INTO baseline
                (municipality, obligation, period, revision, total, units, organisation, recorded_at, sha256)
            SELECT municipality, obligation, period, revision, total, units, organisation, recorded_at, sha256
            FROM input ORDER BY n ON CONFLICT DO NOTHING
        )
        SELECT i.municipality, i.obligation, i.period, i.revision FROM input AS i
        JOIN baseline AS b USING (municipality, obligation, period, revision) WHERE b.sha256 <> i.sha256
        """,
        *columns(rows, 9),
    )
    return {(row["municipality"], row["obligation"], row["period"], row["revision"]) for row in found}


async def load(sql: Connection, periods: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str, str], list[Baseline]]:
    """Every revision for each of these (municipality, obligation, period), where there is any."""
    rows = await sql.fetch(
        """
        SELECT municipality, obligation, period, revision, recorded_at, total, units
        FROM unnest($1::text[], $2::text[], $3::text[]) AS p(municipality, obligation, period)
        JOIN baseline USING (municipality, obligation, period) ORDER BY revision
        """,
        *columns(periods, 3),
    )
    found: dict[tuple[str, str, str], list[Baseline]] = defaultdict(list)
    for *period, revision, recorded_at, total, units in rows:
        shares = tuple(sorted(json.loads(units).items()))
        found[period[0], period[1], period[2]].append(Baseline(revision, recorded_at, total, shares))
    return found
