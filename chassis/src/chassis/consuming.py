"""Takes records in batches; handler, dead letters and position in one transaction, so nothing is lost or doubled."""

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from contracts.envelope import Envelope, MalformedEventError, parse
from contracts.model import Message
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage, Topic
from pydantic import ValidationError

from chassis import dead_letters, positions
from chassis.clock import Clock
from chassis.database import Database, UnitOfWork
from chassis.dead_letters import DeadLetter
from chassis.faults import TRANSIENT, persistently
from chassis.kafka import MAX_RECORD_BYTES, broker_security
from chassis.metrics import RECORDS_CONSUMED
from chassis.problems import sentences
from chassis.settings import Settings

log = logging.getLogger(__name__)
Raw: TypeAlias = "ConsumerRecord[bytes | None, bytes | None]"


@dataclass(frozen=True, slots=True)
class Received:
    """A record that was understood: its envelope and its typed body."""

    record: Raw
    envelope: Envelope
    body: Message


Handler = Callable[[UnitOfWork, Sequence[Received]], Awaitable[None]]
Types = Mapping[str, Callable[[Any], Message]]


def new_broker(settings: Settings, service: str) -> KafkaBroker:
    """A FastStream broker that leaves decoding and typing to the batch taker below."""
    return KafkaBroker(
        settings.kafka_bootstrap,
        client_id=service,
        security=broker_security(settings),
        allow_auto_create_topics=False,
        metadata_max_age_ms=2_000,
        apply_types=False,
        logger=logging.getLogger("faststream"),
        graceful_timeout=10,
    )


def understand(record: Raw, types: Types) -> Received | DeadLetter:
    """Read one record, or say why it cannot be read."""
    try:
        envelope = parse(record.headers, record.value)
    except MalformedEventError as error:
        return DeadLetter(record, "malformed", str(error))
    read = types.get(envelope.type)
    if read is None:
        return DeadLetter(
            record, "unknown_type", f"type {envelope.type!r} is not known here", envelope.id, envelope.type
        )
    try:
        return Received(record, envelope, read(envelope.data))
    except ValidationError as error:
        return DeadLetter(record, "invalid", "; ".join(sentences(error)), envelope.id, envelope.type)


class Taker:
    """Takes batches of one subscription into the database."""

    def __init__(
        self, database: Database, clock: Clock, types: Types, handler: Handler, committed: Callable[[], None]
    ) -> None:
        self._database = database
        self._committed = committed
        self._clock = clock
        self._types = types
        self._handler = handler
        self.busy = asyncio.Lock()

    async def take(self, records: Sequence[Raw]) -> None:
        """Take a batch; faults that pass are waited out here, so the batch is never given up."""
        async with self.busy:
            await self._take(records)

    async def _take(self, records: Sequence[Raw]) -> None:
        try:
            await persistently(lambda: self._commit(records), what="consuming")
        except TRANSIENT:
            raise
        except Exception as fault:  # a record that breaks the handler must not stop those behind it
            if len(records) == 1:
                log.exception("record set aside", extra={"topic": records[0].topic, "offset": records[0].offset})
                letter = DeadLetter(records[0], "unprocessable", f"{type(fault).__name__}: {fault}")
                await persistently(lambda: self._commit(records, letter), what="consuming")
                return
            middle = len(records) // 2
            await self._take(records[:middle])
            await self._take(records[middle:])

    async def _commit(self, records: Sequence[Raw], aside: DeadLetter | None = None) -> None:
        async with self._database.transaction() as work:
            there = await positions.lock(work.sql, {TopicPartition(r.topic, r.partition) for r in records})
            fresh = [r for r in records if r.offset >= there[TopicPartition(r.topic, r.partition)]]
            read = [understand(record, self._types) for record in fresh] if aside is None else [aside]
            letters = [item for item in read if isinstance(item, DeadLetter)]
            received = [item for item in read if isinstance(item, Received)]
            await dead_letters.keep(work.sql, letters, self._clock.now())
            if received:
                await self._handler(work, received)
            named = {id(item.record): item.envelope.id for item in received}
            await positions.move(
                work.sql, {TopicPartition(r.topic, r.partition): (r.offset, named.get(id(r))) for r in fresh}
            )
        self._committed()
        for record in fresh:
            RECORDS_CONSUMED.labels(record.topic).inc()


class SeekToPosition(ConsumerRebalanceListener):  # type: ignore[misc]
    """Reads on from the database's positions, and lets a batch in flight finish before a partition is given away."""

    def __init__(self, database: Database, taker: Taker) -> None:
        self.consumer: Callable[[], Any] = lambda: None
        self._database = database
        self._taker = taker

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Wait for the batch in flight."""
        async with self._taker.busy:
            log.info("partitions revoked", extra={"count": len(list(revoked))})

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Seek; Kafka's own committed offsets are for displays of lag alone."""
        there = await persistently(lambda: positions.read(self._database.pool), what="positions")
        for place in assigned:
            if place in there:
                self.consumer().seek(place, there[place])
            else:
                await self.consumer().seek_to_beginning(place)


def subscribe(
    broker: KafkaBroker,
    settings: Settings,
    *,
    group: str,
    database: Database,
    clock: Clock,
    types: Types,
    handler: Handler,
    topics: Sequence[str] = (),
    pattern: str | None = None,
    committed: Callable[[], None] = lambda: None,
) -> Taker:
    """Tie topics, or a pattern of them, to a handler that writes into the unit of work it is given.

    `committed` is called after every batch, so that what the batch made due need not wait for a poll.
    """
    taker = Taker(database, clock, types, handler, committed)
    listener = SeekToPosition(database, taker)
    subscriber = broker.subscriber(
        *(Topic(name, declare=False) for name in topics),
        pattern=pattern,
        batch=True,
        group_id=group,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        auto_offset_reset="earliest",
        batch_timeout_ms=10,
        fetch_max_wait_ms=50,
        max_records=1000,
        max_partition_fetch_bytes=MAX_RECORD_BYTES * 8,
        session_timeout_ms=settings.kafka_session_timeout_ms,
        heartbeat_interval_ms=settings.kafka_session_timeout_ms // 3,
        rebalance_timeout_ms=60_000,
        listener=listener,
        parser=_without_headers,
        decoder=_raw,
    )
    listener.consumer = lambda: subscriber.consumer
    subscriber(taker.take)
    return taker


async def _without_headers(
    records: tuple[Raw, ...], original: Callable[[Any], Awaitable[KafkaMessage]]
) -> KafkaMessage:
    """FastStream drops a whole batch over one header that is no UTF-8, so it is shown none."""
    first = records[0]
    bare = dataclasses.replace(first, headers=())
    message = await original((bare,))
    message.raw_message = records
    return message


async def _raw(message: KafkaMessage) -> Any:  # noqa: ANN401 - what FastStream hands to the handler
    return message.raw_message
