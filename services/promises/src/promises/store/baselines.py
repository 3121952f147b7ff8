"""Baselines: what a coverage is measured against, append-only; the highest revision rules."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from chassis.database import Connection

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
        *(list(column) for column in zip(*(row[:-1] for row in rows), strict=True)),
    )
    return {(row["municipality"], row["obligation"], row["period"], row["revision"]) for row in found}


async def load(
    sql: Connection, municipality: str, obligation: str, periods: Sequence[str]
) -> dict[str, tuple[Baseline, ...]]:
    """Every revision for each of these periods."""
    rows = await sql.fetch(
        """
        SELECT period, revision, recorded_at, total, units FROM baseline
        WHERE municipality = $1 AND obligation = $2 AND period = ANY($3::text[]) ORDER BY revision
        """,
        municipality,
        obligation,
        periods,
    )
    return {period: tuple(_baseline(row) for row in rows if row["period"] == period) for period in periods}


def _baseline(row: Any) -> Baseline:  # noqa: ANN401 - a row of `baseline`
    units = tuple(sorted(json.loads(row["units"]).items()))
    return Baseline(row["revision"], row["recorded_at"], row["total"], units)
