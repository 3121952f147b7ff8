"""When each organisation's source last reported."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chassis.database import Connection

Word = tuple[str, str, str, datetime]


async def heard(sql: Connection, words: Iterable[Word]) -> None:
    """Remember the latest word of each (municipality, organisation, source)."""
    latest: dict[tuple[str, str, str], datetime] = {}
    for *feed, at in words:
        key = (feed[0], feed[1], feed[2])
        latest[key] = max(at, latest.get(key, at))
    ordered = sorted(latest.items())
    await sql.execute(
        """
        INSERT INTO feed AS f (municipality, organisation, source, last_recorded_at)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
        ON CONFLICT (municipality, organisation, source) DO UPDATE SET last_recorded_at = EXCLUDED.last_recorded_at
        WHERE f.last_recorded_at < EXCLUDED.last_recorded_at
        """,
        *(list(column) for column in zip(*(key for key, _ in ordered), strict=True)),
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
