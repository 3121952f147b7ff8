"""The door for operators, on the internal port: which mails there are and what became of them; no addresses."""

import json
from typing import Any

from chassis.database import Database
from fastapi import FastAPI

from notifications.store import mails

LIMIT = 1000


def add_mails(app: FastAPI, database: Database) -> None:
    """Add the listing to the internal app."""

    @app.get("/v1/mails")
    async def listing() -> list[dict[str, Any]]:
        async with database.pool.acquire() as sql:
            rows = await mails.listing(sql, LIMIT)
        return [dict(row) | {name: json.loads(row[name]) for name in ("attempts", "reminders")} for row in rows]
