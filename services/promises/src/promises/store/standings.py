"""Standings and their history; a revision is added only when a standing differs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from chassis.database import Connection, columns

from promises.store.dirty import Name


class Known(NamedTuple):
    """What is remembered of a standing: how often it changed, and when time alone may change it."""

    revision: int
    wake_at: datetime | None


class Place(NamedTuple):
    """Whose standing, in which period, for whom."""

    municipality: str
    obligation: str
    period: str
    audience: str


class Judged(NamedTuple):
    """A standing to be kept: `body` is canonical JSON, `now` the moment it was judged at."""

    place: Place
    body: str
    wake_at: datetime | None
    now: datetime


async def known(sql: Connection, names: Sequence[Name]) -> dict[Place, Known]:
    """Every standing that these obligations have."""
    rows = await sql.fetch(
        """
        SELECT municipality, obligation, period, audience, revision, wake_at
        FROM unnest($1::text[], $2::text[]) AS n(municipality, obligation)
        JOIN standing USING (municipality, obligation)
        """,
        *columns(names, 2),
    )
    return {Place(*place): Known(revision, wake_at) for *place, revision, wake_at in rows}


async def save(sql: Connection, judged: Sequence[Judged], before: Mapping[Place, Known]) -> dict[Place, int]:
    """Store standings, in one statement; answer the new revisions of those in which more than `wake_at` changed.

    `before` is what `known` answered under the locks that are still held.
    """
    if not judged:
        return {}
    rows = await sql.fetch(
        """
        WITH input AS (
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::timestamptz[],
                                 $7::timestamptz[], $8::int[])
                AS i(municipality, obligation, period, audience, standing, wake_at, now, before)
        ), saved AS (
            INSERT INTO standing AS s
                (municipality, obligation, period, audience, revision, standing, wake_at, changed_at)
            SELECT municipality, obligation, period, audience, 1, standing, wake_at, now FROM input
            ON CONFLICT (municipality, obligation, period, audience) DO UPDATE SET
                revision = s.revision + (s.standing <> EXCLUDED.standing)::int,
                changed_at = CASE WHEN s.standing <> EXCLUDED.standing THEN EXCLUDED.changed_at ELSE s.changed_at END,
                standing = EXCLUDED.standing, wake_at = EXCLUDED.wake_at
            WHERE s.standing <> EXCLUDED.standing OR s.wake_at IS DISTINCT FROM EXCLUDED.wake_at
            RETURNING municipality, obligation, period, audience, revision
        )
        INSERT INTO standing_history (municipality, obligation, period, audience, revision, standing, changed_at)
        SELECT municipality, obligation, period, audience, saved.revision, standing, now
        FROM saved JOIN input USING (municipality, obligation, period, audience) WHERE saved.revision > before
        RETURNING municipality, obligation, period, audience, revision
        """,
        *columns([each.place for each in judged], 4),
        [each.body for each in judged],
        [each.wake_at for each in judged],
        [each.now for each in judged],
        [before[each.place].revision if each.place in before else 0 for each in judged],
    )
    return {Place(*place): revision for *place, revision in rows}


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


async def on(sql: Connection, municipality: str, audience: str, obligations: Sequence[str], day: date) -> list[Any]:
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
