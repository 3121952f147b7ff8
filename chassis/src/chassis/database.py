"""The pool and the unit of work: rows and outbox rows together, or nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import asyncpg
from contracts.envelope import TRACEPARENT, headers
from contracts.model import Message as Body
from contracts.topics import Topic

from chassis import tracing
from chassis.outbox import Message, insert
from chassis.settings import Settings

Connection = asyncpg.pool.PoolConnectionProxy | asyncpg.Connection


class UnitOfWork:
    """One transaction: `sql` for rows, `publish` for what will be said once it is committed."""

    def __init__(self, sql: Connection, source: str) -> None:
        self.sql = sql
        self.source = source
        self.messages: list[Message] = []

    def publish(
        self,
        topic: Topic,
        *,
        key: str,
        event_id: str,
        subject: str,
        time: datetime,
        data: Body,
        value: bytes | None = None,
        traceparent: str | None = None,
    ) -> None:
        """Say `data` on `topic` after the commit, in the order of these calls within a key.

        `value` is its JSON where it was made already; `traceparent` the trace it continues, if not that of this moment.
        """
        about = headers(event_id=event_id, source=self.source, subject=subject, time=time, kind=type(data))
        if said := traceparent or tracing.current():
            about = [*about, (TRACEPARENT, said.encode())]
        made = data.model_dump_json(exclude_none=True).encode() if value is None else value
        self.messages.append(Message(topic.name, key, event_id, about, made))


class Database:
    """A service's own database; `published` is called after every commit that left something in the outbox."""

    def __init__(self, pool: asyncpg.Pool, source: str) -> None:
        self.pool = pool
        self.published: Callable[[], None] = lambda: None
        self._source = source

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[UnitOfWork]:
        """All or nothing. The outbox is written last, while the locks that order its rows are still held."""
        async with self.pool.acquire() as connection:
            async with connection.transaction():
                work = UnitOfWork(connection, self._source)
                yield work
                await insert(connection, work.messages)
            if work.messages:
                self.published()

    async def close(self) -> None:
        """Give the connections back; those that hang are cut after five seconds."""
        try:
            await asyncio.wait_for(self.pool.close(), 5)
        except TimeoutError:
            self.pool.terminate()


async def connect(settings: Settings, service: str) -> Database:
    """Open the pool of a service.

    Raises:
        OSError, asyncpg.PostgresError: the database is not there or refuses.
    """
    pool = await asyncpg.create_pool(
        settings.dsn(),
        min_size=1,
        max_size=settings.database_connections,
        timeout=5,
        command_timeout=30,
        reset=_leave_no_trace,
        server_settings={
            "application_name": service,
            "idle_in_transaction_session_timeout": "5000",
            "timezone": "UTC",
        },
    )
    return Database(pool, f"/services/{service}")


def columns(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows as columns, for `unnest`; so many columns even of no row."""
    found: list[list[Any]] = [[] for _ in range(width)]
    for row in rows:
        for n in range(width):
            found[n].append(row[n])
    return found


async def _leave_no_trace(_: Connection) -> None:
    """What is set is set for a transaction, so a connection comes back clean; the default asks the server each time."""
