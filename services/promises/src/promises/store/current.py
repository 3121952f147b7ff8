"""Every standing of today and of lately, as the figures need it: some columns of each, not its text."""

from datetime import date
from typing import Any

from chassis.database import Connection


async def current(sql: Connection, today: date, since: date) -> list[Any]:
    """Every standing whose period has begun and ended on `since` or later; `latest` is true of the newest of each."""
    rows: list[Any] = await sql.fetch(
        """
        SELECT audience, municipality, obligation, period, standing->>'phase' AS phase, standing->>'verdict' AS verdict,
            (standing->>'overdue')::bool AS overdue, (standing->>'at_risk')::bool AS at_risk,
            standing->>'progress' AS progress, (standing->>'next_date')::date AS next_date,
            (standing->>'first_day')::date AS first_day, (standing->>'last_day')::date AS last_day,
            row_number() OVER (
                PARTITION BY audience, municipality, obligation ORDER BY standing->>'first_day' DESC
            ) = 1 AS latest
        FROM standing
        WHERE standing->>'first_day' <= $1::text AND standing->>'last_day' >= $2::text
        ORDER BY audience, municipality, obligation, period
        """,
        today.isoformat(),
        since.isoformat(),
    )
    return rows


async def revisions(sql: Connection) -> dict[str, int]:
    """The catalogue revision in force of every municipality."""
    rows = await sql.fetch("SELECT municipality, max(revision) AS revision FROM catalogue_revision GROUP BY 1")
    return {row["municipality"]: row["revision"] for row in rows}


async def unjudged(sql: Connection) -> tuple[float, int]:
    """For how many seconds the oldest obligation has waited to be judged, and of how many judging failed last."""
    rows = await sql.fetch(
        """
        SELECT coalesce(extract(epoch FROM clock_timestamp() - min(marked_at)), 0)::float,
            count(*) FILTER (WHERE attempts > 0)
        FROM dirty
        """
    )
    age, failing = rows[0]
    return age, failing


async def taken(sql: Connection) -> tuple[int, int]:
    """How many rows of evidence were ever taken in, and by a rebuild that is running."""
    return await _last(sql, "public"), await _last(sql, "shadow")


async def _last(sql: Connection, schema: str) -> int:
    there = await sql.fetchval("SELECT to_regclass($1)", f"{schema}.evidence")
    if there is None:
        return 0
    last = await sql.fetchval(
        "SELECT pg_sequence_last_value(pg_get_serial_sequence($1, 'seq')::regclass)", f"{schema}.evidence"
    )
    return last or 0
