"""Frozen reports, revision by revision, and which of them may have changed."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from chassis.database import Connection, columns


class Place(NamedTuple):
    """Whose report, of which named period."""

    municipality: str
    period: str


class Frozen(NamedTuple):
    """A revision; `report` is what `views.frozen` made."""

    revision: int
    frozen_at: datetime
    report: dict[str, Any]


async def mark(sql: Connection, days: Mapping[Place, date]) -> None:
    """Let each report be collected on a day, or on the earlier one that it waits for."""
    ordered = sorted(days)
    if not ordered:
        return
    await sql.execute(
        """
        INSERT INTO frozen_due AS d (municipality, period, due_on)
        SELECT municipality, period, due_on FROM unnest($1::text[], $2::text[], $3::date[])
            AS n(municipality, period, due_on) ORDER BY 1, 2
        ON CONFLICT (municipality, period) DO UPDATE SET due_on = least(d.due_on, EXCLUDED.due_on)
        """,
        *columns(ordered, 2),
        [days[place] for place in ordered],
    )


async def due(sql: Connection, today: date) -> list[Place]:
    """The reports to collect."""
    rows = await sql.fetch(
        "SELECT municipality, period FROM frozen_due WHERE due_on <= $1 ORDER BY municipality, period", today
    )
    return [Place(*row) for row in rows]


async def depth(sql: Connection, today: date) -> int:
    """How many reports are to be collected."""
    count: int = await sql.fetchval("SELECT count(*) FROM frozen_due WHERE due_on <= $1", today)
    return count


async def claim(sql: Connection, place: Place, today: date) -> bool:
    """Take a report for this transaction; False when another replica has done it. Load by later statements."""
    status: str = await sql.execute(
        "DELETE FROM frozen_due WHERE municipality = $1 AND period = $2 AND due_on <= $3", *place, today
    )
    return status.endswith(" 1")


async def postpone(sql: Connection, place: Place, day: date) -> None:
    """Let a report that cannot be collected wait until a day."""
    await sql.execute("UPDATE frozen_due SET due_on = $3 WHERE municipality = $1 AND period = $2", *place, day)


async def add(sql: Connection, place: Place, new: Frozen) -> None:
    """Keep a new revision."""
    await sql.execute(
        """
        INSERT INTO frozen_report (municipality, period, revision, frozen_at, report)
        VALUES ($1, $2, $3, $4, $5::jsonb)
        """,
        *place,
        new.revision,
        new.frozen_at,
        json.dumps(new.report, ensure_ascii=False),
    )


async def get(sql: Connection, place: Place, revision: int | None = None) -> Frozen | None:
    """A revision, or else the latest, if there is one."""
    row = await sql.fetchrow(
        """
        SELECT revision, frozen_at, report FROM frozen_report
        WHERE municipality = $1 AND period = $2 AND ($3::int IS NULL OR revision = $3)
        ORDER BY revision DESC LIMIT 1
        """,
        *place,
        revision,
    )
    return Frozen(row["revision"], row["frozen_at"], json.loads(row["report"])) if row else None


async def of_municipality(sql: Connection, municipality: str) -> list[Any]:
    """The time of every revision of every report, by period."""
    rows: list[Any] = await sql.fetch(
        """
        SELECT period, revision, frozen_at FROM frozen_report WHERE municipality = $1
        ORDER BY report->>'first_day', period, revision
        """,
        municipality,
    )
    return rows
