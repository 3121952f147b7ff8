"""When each organisation's source last reported."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chassis.database import Connection, columns

Feed = tuple[str, str, str]


async def heard(sql: Connection, latest: Mapping[Feed, datetime]) -> None:
    """Remember the latest word of each (municipality, organisation, source)."""
    if not latest:
        return
    ordered = sorted(latest.items())
    await sql.execute(
        """
        INSERT INTO feed AS f (municipality, organisation, source, last_recorded_at)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
        ON CONFLICT (municipality, organisation, source) DO UPDATE SET last_recorded_at = EXCLUDED.last_recorded_at
        WHERE f.last_recorded_at < EXCLUDED.last_recorded_at
        """,
        *columns([key for key, _ in ordered], 3),
        [at for _, at in ordered],
    )


async def of_municipality(sql: Connection, municipality: str) -> list[Any]:
    """The feeds of a municipality."""
    rows: list[Any] = await sql.fetch(
        """
        SELECT organisation, source, last_recorded_at FROM feed WHERE municipality = $1 ORDER BY organisation, source
        """,
        municipality,
    )
    return rows
