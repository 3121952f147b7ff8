"""Standings and their history; a revision is added only when a standing differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.database import Connection

from promises.store.dirty import Name


async def due_periods(sql: Connection, name: Name, now: datetime) -> set[str]:
    """The periods of an obligation that wait for this moment."""
    rows = await sql.fetch(
        "SELECT DISTINCT period FROM standing WHERE municipality = $1 AND obligation = $2 AND wake_at <= $3", *name, now
    )
    return {row["period"] for row in rows}


@dataclass(frozen=True, slots=True)
class Judged:
    """A standing to be kept: `body` is canonical JSON."""

    period: str
    audience: str
    body: str
    wake_at: datetime | None


async def save(sql: Connection, name: Name, judged: Judged, now: datetime) -> int | None:
    """Store a standing; answer its new revision, or None when nothing but `wake_at` changed."""
    key = (*name, judged.period, judged.audience)
    revision: int | None = await sql.fetchval(
        """
        INSERT INTO standing AS s (municipality, obligation, period, audience, revision, standing, changed_at)
        VALUES ($1, $2, $3, $4, 1, $5::jsonb, $6)
        ON CONFLICT (municipality, obligation, period, audience) DO UPDATE SET
            revision = s.revision + 1, standing = EXCLUDED.standing, changed_at = EXCLUDED.changed_at
        WHERE s.standing <> EXCLUDED.standing
        RETURNING revision
        """,
        *(*key, judged.body, now),
    )
    await sql.execute(
        """
        UPDATE standing SET wake_at = $5
        WHERE municipality = $1 AND obligation = $2 AND period = $3 AND audience = $4 AND wake_at IS DISTINCT FROM $5
        """,
        *(*key, judged.wake_at),
    )
    if revision is not None:
        await sql.execute(
            """
            INSERT INTO standing_history (municipality, obligation, period, audience, revision, standing, changed_at)
            VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7)
            """,
            *(*key, revision, judged.body, now),
        )
    return revision


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
