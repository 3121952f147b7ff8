"""Rebuilds what follows from the topic; nothing is told to anybody unless a standing really differs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from chassis.clock import Clock
from chassis.database import Database, UnitOfWork
from chassis.kafka import reader
from chassis.records import Reading
from chassis.settings import Settings
from chassis.spans import Span, records
from chassis.watermarks import Watermarks
from contracts.topics import ACTIVITIES

from chassis import positions
from promises.application.evaluate import Evaluator
from promises.application.ingest import fill
from promises.store import dirty, recovery, shadow
from promises.subscribers import SUBSCRIPTIONS

PAUSE = 0.05
Progress = Callable[[int, int], None]
"""Told how many records of how many were read."""


class Changed(NamedTuple):
    """What a rebuild changed: standings, notices told, events said. All zero where the live state was right."""

    obligations: int
    standings: int
    notices: int
    events: int


async def evaluate(database: Database, clock: Clock) -> Changed:
    """Judge every obligation anew, in all its periods, beside whoever else evaluates."""
    before = await _counts(database)
    async with database.transaction() as work:
        names = await recovery.names(work.sql)
        await dirty.mark_all_days(work.sql, names)
    evaluator = Evaluator(database, clock)
    while await recovery.waits(database.pool):
        if not await evaluator.oldest():
            await asyncio.sleep(PAUSE)
    after = await _counts(database)
    return Changed(len(names), *(now - then for now, then in zip(after, before, strict=True)))


async def _counts(database: Database) -> tuple[int, int, int]:
    row = await database.pool.fetchrow(
        """
        SELECT (SELECT coalesce(sum(revision), 0) FROM standing)::int,
            (SELECT count(*) FROM notice WHERE outcome = 'told')::int,
            (SELECT coalesce(sum(revision), 0) FROM deadline)::int
                + (SELECT coalesce(sum(revision), 0) FROM standing WHERE audience = 'public')::int
        """
    )
    assert row is not None
    return row[0], row[1], row[2]


async def from_kafka(settings: Settings, database: Database, watermarks: Watermarks, progress: Progress) -> int:
    """Fill the first stage's tables anew from the topic, while the old ones are in use; answers how many records.

    The service may run: it waits only while the last records are read and the tables change places.
    """
    consumer = reader(settings)
    await consumer.start()
    try:
        async with _beside(settings) as sql:
            filling = _Filling(consumer, sql, progress)
            await shadow.make(sql)
            try:
                await filling.read(await watermarks.ends(ACTIVITIES.name))
                await shadow.finish(sql)
                async with database.transaction() as work:
                    await work.sql.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                    taken = await positions.lock(work.sql, filling.read_to)
                    there = await watermarks.ends(ACTIVITIES.name)
                    await filling.read({place: min(there[place], taken[place]) for place in taken})
                    await shadow.swap(work.sql)
            finally:
                await shadow.drop(sql)
    finally:
        await consumer.stop()
    return filling.count


@asynccontextmanager
async def _beside(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A connection for which the shadow's tables come first."""
    path = {"search_path": "shadow, public", "application_name": "promises rebuild", "timezone": "UTC"}
    connection = await asyncpg.connect(settings.dsn(), timeout=5, server_settings=path)
    try:
        yield connection
    finally:
        await connection.close()


class _Filling:
    """Reads on from where it stands, taking records as live ones are taken."""

    def __init__(self, consumer: AIOKafkaConsumer, sql: asyncpg.Connection, progress: Progress) -> None:
        self.read_to: dict[TopicPartition, int] = {}
        self.count = 0
        self._consumer, self._sql, self._progress = consumer, sql, progress

    async def read(self, ends: Mapping[TopicPartition, int]) -> None:
        """Up to these offsets. What cannot be read or is refused was set aside when it came live."""
        (subscription,) = SUBSCRIPTIONS
        spans: dict[TopicPartition, Span] = {place: (self.read_to.get(place, 0), end) for place, end in ends.items()}
        whole = self.count + sum(end - first for first, end in spans.values())
        async for batch in records(self._consumer, spans):
            async with self._sql.transaction():
                work = UnitOfWork(self._sql, "/services/promises")
                await fill(work, Reading(batch, subscription.types))
            self.count += len(batch)
            self._progress(self.count, whole)
        self.read_to |= {place: max(end, self.read_to.get(place, 0)) for place, end in ends.items()}
