"""Carries the outbox to Kafka in order and deletes what is acknowledged; one relay at a time."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from time import time_ns
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer
from aiokafka.structs import RecordMetadata
from contracts.envelope import trace_of

from chassis import outbox, tracing
from chassis.bell import Bell
from chassis.database import Database
from chassis.faults import TRANSIENT, TransientError
from chassis.lease import Lease
from chassis.metrics import OUTBOX_RELAYED

if TYPE_CHECKING:
    from chassis.database import Connection
    from chassis.outbox import Row

log = logging.getLogger(__name__)
BATCH = 500
BRISK, CALM = 0.01, 0.1
BRISK_FOR = 5.0
SILENCE = 15.0


class OutputLostError(RuntimeError):
    """A topic holds less than was acknowledged; the next start says where, and the remedy."""


async def remember(sql: "Connection", last: Mapping[tuple[str, int], tuple[int, str]]) -> int:
    """Remember the last event of each partition, by offset and id; answers for how many it was a later one."""
    rows = await sql.fetch(
        """
        INSERT INTO relay_memory AS m (topic, partition, "offset", event_id)
        SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[])
        ON CONFLICT (topic, partition) DO UPDATE SET "offset" = EXCLUDED."offset", event_id = EXCLUDED.event_id
        WHERE m."offset" < EXCLUDED."offset"
        RETURNING 1
        """,
        [topic for topic, _ in last],
        [partition for _, partition in last],
        [offset for offset, _ in last.values()],
        [event_id for _, event_id in last.values()],
    )
    return len(rows)


async def forget(sql: "Connection", topics: Sequence[str]) -> None:
    """What was said in these topics is no more."""
    await sql.execute("DELETE FROM relay_memory WHERE topic = ANY($1::text[])", topics)


class Relay:
    """Reads the head of the queue, sends pipelined, waits for every acknowledgement, deletes by `seq`.

    Deleting instead of remembering a number means that a transaction which commits late is never skipped.
    """

    def __init__(self, database: Database, new_producer: Callable[[], AIOKafkaProducer]) -> None:
        self._database = database
        self._new_producer = new_producer
        self._producer: AIOKafkaProducer | None = None
        self._lease = Lease("relay")
        self._bell = Bell()

    def wake(self) -> None:
        """Something was committed; look now."""
        self._bell.ring()

    async def run(self) -> None:
        """Relay until cancelled; faults that pass are waited out, with a new producer each time."""
        try:
            pause, quiet_since = BRISK, asyncio.get_running_loop().time()
            while True:
                now = asyncio.get_running_loop().time()
                if await self._carry():
                    quiet_since = now
                else:
                    pause = BRISK if now - quiet_since < BRISK_FOR else CALM
                    await self._bell.wait(pause)
        finally:
            await self._drop_producer()
            await self._let_go()

    async def _let_go(self) -> None:
        """Another replica, or this one's next start, need not wait until the lease runs out."""
        try:
            async with asyncio.timeout(2), self._database.pool.acquire() as sql:
                await self._lease.release(sql)
        except TRANSIENT as fault:
            log.info("lease not released", extra={"fault": repr(fault)})

    async def _carry(self) -> bool:
        try:
            return await self.once()
        except TRANSIENT as fault:
            log.warning("relay interrupted", extra={"fault": f"{type(fault).__name__}: {fault}"})
            await self._drop_producer()
            await asyncio.sleep(CALM)
            return False

    async def once(self) -> bool:
        """Carry one batch; False if there was none or another replica relays.

        Raises:
            TransientError: Kafka did not acknowledge everything; what it did acknowledge is deleted.
        """
        rows, began = await self._head(), time_ns()
        if not rows:
            return False
        sent = await self._send(rows)
        acknowledged = [
            (row, answer) for row, answer in zip(rows, sent, strict=True) if not isinstance(answer, BaseException)
        ]
        await self._forget([(row, answer) for row, answer in acknowledged])
        OUTBOX_RELAYED.inc(len(acknowledged))
        _tell([row for row, _ in acknowledged], began)
        failed = [answer for answer in sent if isinstance(answer, BaseException)]
        if failed:
            raise TransientError(f"{len(failed)} of {len(rows)} events not acknowledged: {failed[0]!r}")
        return True

    async def _head(self) -> list["Row"]:
        """The oldest rows if they are ours; read again where the lease is new, since another may have sent them."""
        async with self._database.pool.acquire() as sql:
            epoch, rows = self._lease.epoch, await outbox.head(sql, BATCH)
            if not rows or not await self._lease.hold(sql):
                return []
            return rows if self._lease.epoch == epoch else await outbox.head(sql, BATCH)

    async def _send(self, rows: Sequence["Row"]) -> list[RecordMetadata | BaseException]:
        """Pipeline the rows; an idempotent producer never gives up by itself, so silence ends it here."""
        producer = await self._ready_producer()
        try:
            async with asyncio.timeout(SILENCE):
                futures = [
                    await producer.send(
                        row.message.topic,
                        row.message.value,
                        key=row.message.key.encode(),
                        headers=row.message.headers,
                    )
                    for row in rows
                ]
                return await asyncio.gather(*futures, return_exceptions=True)
        except TimeoutError:
            raise TransientError(f"Kafka was silent for {SILENCE} s") from None

    async def _forget(self, acknowledged: Sequence[tuple["Row", RecordMetadata]]) -> None:
        last = {(answer.topic, answer.partition): (answer.offset, row.message.event_id) for row, answer in acknowledged}
        async with self._database.pool.acquire() as sql, sql.transaction():
            if not await self._lease.hold(sql):
                return  # a newer relay has these rows; deleting them here could hide what it has not sent yet
            await sql.execute("DELETE FROM outbox WHERE seq = ANY($1::bigint[])", [row.seq for row, _ in acknowledged])
            if await remember(sql, last) < len(last):
                raise OutputLostError("a topic took an event at an offset that was passed before: it was cut off")

    async def _ready_producer(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = self._new_producer()
            try:
                async with asyncio.timeout(SILENCE):
                    await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                await asyncio.wait_for(producer.stop(), 2)
            except TRANSIENT as fault:
                log.info("producer abandoned", extra={"fault": repr(fault)})


def _tell(rows: Sequence["Row"], began: int) -> None:
    if rows:
        traces = {trace for row in rows if (trace := trace_of(row.message.headers))}
        topics = sorted({row.message.topic for row in rows})
        tracing.shared(log, "events relayed", traces, began, topics=topics, count=len(rows))
