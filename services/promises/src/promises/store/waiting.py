"""The queue of obligations as an operator sees it."""

from typing import Any

import asyncpg
from chassis.database import Connection


async def dirty(sql: "Connection | asyncpg.Pool") -> dict[str, list[dict[str, Any]]]:
    """The obligations that wait to be evaluated, with what went wrong where it failed."""
    rows = await sql.fetch(
        "SELECT municipality, obligation, marked_at, attempts, retry_at, error FROM dirty ORDER BY mark"
    )
    return {"dirty": [dict(row) | {"retry_at": row["retry_at"] if row["attempts"] else None} for row in rows]}
