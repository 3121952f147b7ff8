"""Ties topics to a handler: what is read, from which position, and by whom while replicas come and go."""

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from aiokafka import TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import IllegalStateError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage, Topic

from chassis import positions
from chassis.clock import Clock
from chassis.database import Database
from chassis.faults import persistently
from chassis.kafka import MAX_RECORD_BYTES, broker_security
from chassis.records import Raw
from chassis.settings import Settings
from chassis.subscription import Subscription
from chassis.taking import Committed, Taker

log = logging.getLogger(__name__)


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
        log_level=logging.DEBUG,
        graceful_timeout=10,
    )


class SeekToPosition(ConsumerRebalanceListener):  # type: ignore[misc]
    """Reads on from the database's positions, and lets a batch in flight finish before a partition is given away."""

    def __init__(self, database: Database, taker: Taker) -> None:
        self.subscriber: Callable[[], Any] = lambda: None
        self._database = database
        self._taker = taker
        self._sought = asyncio.Event()
        self._next: dict[TopicPartition, int] = {}
        taker.behind = self._behind

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Wait for the batch in flight."""
        self._sought.clear()
        async with self._taker.busy:
            log.info("partitions revoked", extra={"count": len(list(revoked))})

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Seek; Kafka's own committed offsets are for displays of lag alone. Dead letters come again beside it."""
        places, consumer = list(assigned), self.subscriber().consumer
        there = await persistently(lambda: positions.read(self._database.pool), what="positions")
        self._next = {place: there.get(place, 0) for place in places}
        for place in places:
            if place in there:
                consumer.seek(place, there[place])
            else:
                await consumer.seek_to_beginning(place)
        self._sought.set()
        self.subscriber().add_task(self._taker.replay, (places,), restart_on_failure=False)

    async def take(self, records: Sequence[Raw]) -> None:
        """Take a batch, but nothing that the client fetched from Kafka's committed offset before it was told to seek.

        Behind a restored position such a batch would jump over what lies between; the seek brings it again.
        """
        await self._sought.wait()
        last = {TopicPartition(record.topic, record.partition): record.offset for record in records}
        current = {place for place, offset in last.items() if await self._passed(place, offset)}
        self._next |= {place: last[place] + 1 for place in current}
        if kept := [record for record in records if TopicPartition(record.topic, record.partition) in current]:
            await self._taker.take(kept)

    def _behind(self) -> int:
        """How many records are known to follow; what Kafka said with the last ones, without asking again."""
        if not self._next:
            return 0
        consumer = self.subscriber().consumer
        assigned = self._next.keys() & consumer.assignment()
        return sum(max(0, (consumer.highwater(place) or 0) - self._next[place]) for place in assigned)

    async def _passed(self, place: TopicPartition, offset: int) -> bool:
        try:
            position: int = await self.subscriber().consumer.position(place)
        except IllegalStateError:
            return False  # given away; whoever has it now reads on from the database's position
        return position > offset


def subscribe(
    broker: KafkaBroker,
    settings: Settings,
    subscription: Subscription,
    *,
    database: Database,
    clock: Clock,
    committed: Committed = lambda _: None,
) -> Taker:
    """Tie topics, or a pattern of them, to a handler that writes into the unit of work it is given.

    `committed` is called after every batch with the number of records that are known to follow, so that what the batch
    made due need not wait for a poll.
    """
    taker = Taker(database, clock, subscription.types, subscription.handler, committed)
    listener = SeekToPosition(database, taker)
    subscriber = broker.subscriber(
        *(Topic(name, declare=False) for name in subscription.topics),
        pattern=subscription.pattern,
        batch=True,
        group_id=subscription.group,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        auto_offset_reset="earliest",
        batch_timeout_ms=10,
        fetch_max_wait_ms=50,
        max_records=4000,
        max_partition_fetch_bytes=MAX_RECORD_BYTES * 8,
        session_timeout_ms=settings.kafka_session_timeout_ms,
        heartbeat_interval_ms=settings.kafka_session_timeout_ms // 3,
        rebalance_timeout_ms=60_000,
        listener=listener,
        parser=_without_headers,
        decoder=_raw,
    )
    listener.subscriber = lambda: subscriber
    subscriber(listener.take)
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
