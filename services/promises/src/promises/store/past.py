"""What was: the history of standings, and the catalogue that was in force at a moment."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from chassis.database import Connection

from promises.store.catalogues import Revision


class Place(NamedTuple):
    """A change in the history of an obligation, newest first."""

    changed_at: datetime
    revision: int
    period: str


class Line(NamedTuple):
    """Whose history: an obligation's, as an audience saw it, in one period or in all."""

    municipality: str
    obligation: str
    audience: str
    period: str | None


async def history(sql: Connection, line: Line, after: Place | None, limit: int) -> list[Any]:
    """The changes of standings after a place, the newest first."""
    rows: list[Any] = await sql.fetch(
        """
        SELECT period, revision, standing, changed_at FROM standing_history
        WHERE municipality = $1 AND obligation = $2 AND audience = $3 AND ($4::text IS NULL OR period = $4)
            AND ($5::timestamptz IS NULL OR (changed_at, revision, period) < ($5, $6::int, $7::text))
        ORDER BY changed_at DESC, revision DESC, period DESC LIMIT $8
        """,
        *line,
        *(after or (None, None, None)),
        limit,
    )
    return rows


async def catalogue_at(sql: Connection, municipality: str, moment: datetime) -> Revision | None:
    """The catalogue that was in force at a moment."""
    row = await sql.fetchrow(
        """
        SELECT revision, sha256, document FROM catalogue_revision
        WHERE municipality = $1 AND loaded_at <= $2 ORDER BY revision DESC LIMIT 1
        """,
        municipality,
        moment,
    )
    return Revision(row["revision"], row["sha256"], json.loads(row["document"])) if row else None
