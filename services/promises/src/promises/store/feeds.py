"""When each organisation's source last reported."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from chassis.database import Connection, columns

Feed = tuple[str, str, str]


class Word(NamedTuple):
    """The latest report of a feed, and the latest of those that are public at once."""

    at: datetime
    public_at: datetime | None


async def heard(sql: Connection, latest: Mapping[Feed, Word]) -> None:
    """Remember the latest word of each (municipality, organisation, source)."""
    if not latest:
        return
    ordered = sorted(latest.items())
    await sql.execute(
        """
        INSERT INTO feed AS f (municipality, organisation, source, last_recorded_at, last_public_at)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
        ON CONFLICT (municipality, organisation, source) DO UPDATE SET
            last_recorded_at = greatest(f.last_recorded_at, EXCLUDED.last_recorded_at),
            last_public_at = greatest(f.last_public_at, EXCLUDED.last_public_at)
        WHERE f.last_recorded_at < EXCLUDED.last_recorded_at
            OR f.last_public_at IS DISTINCT FROM greatest(f.last_public_at, EXCLUDED.last_public_at)
        """,
        *columns([key for key, _ in ordered], 3),
        [word.at for _, word in ordered],
        [word.public_at for _, word in ordered],
    )


async def ages(sql: Connection, most: int) -> list[Any]:
    """Every municipality's feeds, of each organisation the `most` latest: a sender may invent sources without end."""
    rows: list[Any] = await sql.fetch(
        """
        SELECT municipality, organisation, source, last_recorded_at, last_public_at FROM (
            SELECT *, row_number() OVER (
                PARTITION BY municipality, organisation ORDER BY last_recorded_at DESC, source
            ) AS n FROM feed
        ) AS ranked WHERE n <= $1
        """,
        most,
    )
    return rows


async def of_municipality(sql: Connection, municipality: str) -> list[Any]:
    """The feeds of a municipality."""
    rows: list[Any] = await sql.fetch(
        """
        SELECT organisation, source, last_recorded_at FROM feed WHERE municipality = $1 ORDER BY organisation, source
        """,
        municipality,
    )
    return rows
