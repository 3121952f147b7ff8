"""Everything that was ever said, in the order in which it was recorded."""

from collections.abc import AsyncIterator

import asyncpg
from chassis.database import Connection


async def everything(sql: Connection) -> AsyncIterator[asyncpg.Record]:
    """Every revision of every activity (`command` tells which event) and of every baseline (no `command`).

    A thing's revisions are recorded in their order, since `recorded_at` never lies before the previous one's.
    """
    statement = """
        SELECT command, state, recorded_at, revision FROM activity_revision
        UNION ALL
        SELECT NULL, state, (state->>'recorded_at')::timestamptz, revision FROM baseline
        ORDER BY recorded_at, revision
    """
    async for row in sql.cursor(statement, prefetch=500):
        yield row
