"""Standings and their history; a revision is added only when a standing differs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from chassis.database import Connection

from promises.store.dirty import Name

Place = tuple[str, str]
"""A period and an audience."""


class Known(NamedTuple):
    """What is remembered of a standing: how often it changed, and when time alone may change it."""

    revision: int
    wake_at: datetime | None


async def known(sql: Connection, name: Name) -> dict[Place, Known]:
    """The standings that an obligation has."""
    rows = await sql.fetch(
        "SELECT period, audience, revision, wake_at FROM standing WHERE municipality = $1 AND obligation = $2", *name
    )
    return {(row["period"], row["audience"]): Known(row["revision"], row["wake_at"]) for row in rows}


class Judged(NamedTuple):
    """A standing to be kept: `body` is canonical JSON."""

    period: str
    audience: str
    body: str
    wake_at: datetime | None


async def save(
    sql: Connection, name: Name, judged: Sequence[Judged], before: Mapping[Place, Known], now: datetime
) -> dict[Place, int]:
    """Store standings, in one statement; answer the new revisions of those in which more than `wake_at` changed.

    `before` is what `known` answered under the lock that is still held.
    """
    if not judged:
        return {}
    rows = await sql.fetch(
        """
        WITH input AS (
            SELECT * FROM unnest($3::text[], $4::text[], $5::jsonb[], $6::timestamptz[], $7::int[])
                AS i(period, audience, standing, wake_at, before)
        ), saved AS (
            INSERT INTO standing AS s
                (municipality, obligation, period, audience, revision, standing, wake_at, changed_at)
            SELECT $1, $2, period, audience, 1, standing, wake_at, $8 FROM input
            ON CONFLICT (municipality, obligation, period, audience) DO UPDATE SET
                revision = s.revision + (s.standing <> EXCLUDED.standing)::int,
                changed_at = CASE WHEN s.standing <> EXCLUDED.standing THEN EXCLUDED.changed_at ELSE s.changed_at END,
                standing = EXCLUDED.standing, wake_at = EXCLUDED.wake_at
            WHERE s.standing <> EXCLUDED.standing OR s.wake_at IS DISTINCT FROM EXCLUDED.wake_at
            RETURNING period, audience, revision
        )
        INSERT INTO standing_history (municipality, obligation, period, audience, revision, standing, changed_at)
        SELECT $1, $2, period, audience, saved.revision, standing, $8
        FROM saved JOIN input USING (period, audience) WHERE saved.revision > input.before
        RETURNING period, audience, revision
        """,
        *name,
        *(list(column) for column in zip(*judged, strict=True)),
        [
            before[each.period, each.audience].revision if (each.period, each.audience) in before else 0
            for each in judged
        ],
        now,
    )
    return {(row["period"], row["audience"]): row["revision"] for row in rows}


async def forget_wakes(sql: Connection, name: Name) -> None:
    """Time has no more to say about an obligation that was withdrawn."""
    await sql.execute("UPDATE standing SET wake_at = NULL WHERE municipality = $1 AND obligation = $2", *name)


async def of_municipality(sql: Connection, municipality: str, audience: str, obligations: Sequence[str]) -> list[Any]:
    """The standings of these obligations, oldest period first."""
    rows: list[Any] = await sql.fetch(
        """
        SELECT obligation, period, revision, standing, changed_at FROM standing
        WHERE municipality = $1 AND audience = $2 AND obligation = ANY($3::text[])
        ORDER BY obligation, standing->>'first_day'
        """,
        municipality,
        audience,
        obligations,
    )
    return rows


async def today(sql: Connection, municipality: str, audience: str, obligations: Sequence[str], day: date) -> list[Any]:
    """Of each obligation the standing of the period that holds a day, or else of the latest before it."""
    rows: list[Any] = await sql.fetch(
        """
        SELECT DISTINCT ON (obligation) obligation, period, standing FROM standing
        WHERE municipality = $1 AND audience = $2 AND obligation = ANY($3::text[])
            AND (standing->>'first_day')::date <= $4
        ORDER BY obligation, standing->>'first_day' DESC
        """,
        municipality,
        audience,
        obligations,
        day,
    )
    return rows


async def due(sql: Connection, now: datetime) -> int:
    """How many standings wait for this moment."""
    count: int = await sql.fetchval("SELECT count(*) FROM standing WHERE wake_at <= $1", now)
    return count


async def next_wake(sql: Connection) -> datetime | None:
    """The next instant at which time alone may change a standing."""
    instant: datetime | None = await sql.fetchval("SELECT min(wake_at) FROM standing")
    return instant
