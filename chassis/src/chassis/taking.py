"""Takes records in batches; handler, dead letters and position in one transaction, so nothing is lost or doubled."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from time import time_ns

from aiokafka import TopicPartition
from contracts.envelope import trace_of

from chassis import dead_letters, positions, tracing
from chassis.clock import Clock
from chassis.database import Database
from chassis.dead_letters import DeadLetter
from chassis.faults import TRANSIENT, persistently
from chassis.metrics import RECORDS_CONSUMED
from chassis.records import Handler, Raw, Reading, Types
from chassis.replay import replay, unprocessable

log = logging.getLogger(__name__)
Committed = Callable[[int], None]
"""Told after every batch how many records are known to follow."""


class Taker:
    """Takes batches of one subscription into the database."""

    def __init__(self, database: Database, clock: Clock, types: Types, handler: Handler, committed: Committed) -> None:
        self._database = database
        self._committed = committed
        self._clock = clock
        self._types = types
        self._handler = handler
        self.busy = asyncio.Lock()
        self.behind: Callable[[], int] = lambda: 0

    async def take(self, records: Sequence[Raw]) -> None:
        """Take a batch; faults that pass are waited out here, so the batch is never given up."""
        async with self.busy:
            await self._take(records)

    async def replay(self, places: Collection[TopicPartition]) -> None:
        """Take the letters again whose type is known by now, one by one between the batches."""

        async def one() -> bool:
            async with self.busy:
                return await replay(self._database, self._clock, self._types, self._handler, places)

        while await persistently(one, what="replaying dead letters"):
            self._committed(self.behind())

    async def _take(self, records: Sequence[Raw]) -> None:
        try:
            await persistently(lambda: self._commit(records), what="consuming")
        except TRANSIENT:
            raise
        except Exception as fault:  # a record that breaks the handler must not stop those behind it
            if len(records) == 1:
                with tracing.work("record set aside", trace_of(records[0].headers)):
                    log.exception("record set aside", extra={"topic": records[0].topic, "offset": records[0].offset})
                letter = unprocessable(records[0], fault)
                await persistently(lambda: self._commit(records, letter), what="consuming")
                return
            middle = len(records) // 2
            await self._take(records[:middle])
            await self._take(records[middle:])

    async def _commit(self, records: Sequence[Raw], aside: DeadLetter | None = None) -> None:
        began = time_ns()
        async with self._database.transaction() as work:
            there = await positions.lock(work.sql, {TopicPartition(r.topic, r.partition) for r in records})
            fresh = [r for r in records if r.offset >= there[TopicPartition(r.topic, r.partition)]]
            reading = Reading(fresh, self._types)
            if aside is None:
                refused = await self._handler(work, reading) or ()
                letters = sorted([*reading.letters, *refused], key=dead_letters.place)
            else:
                letters = [aside] if fresh else []
            await dead_letters.keep(work.sql, letters, self._clock.now())
            last = {TopicPartition(r.topic, r.partition): (r.offset, reading.ids.get(n)) for n, r in enumerate(fresh)}
            await positions.move(work.sql, last)
        self._committed(self.behind())
        for topic, count in Counter(record.topic for record in fresh).items():
            RECORDS_CONSUMED.labels(topic).inc(count)
        if fresh:
            topics = sorted({record.topic for record in fresh})
            tracing.shared(log, "records taken", reading.traces, began, topics=topics, count=len(fresh))
