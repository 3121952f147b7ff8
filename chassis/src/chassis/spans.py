"""Reads stretches of topics once, without a group: what lies between two offsets of each partition."""

from collections.abc import AsyncIterator, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis.records import Raw

Span = tuple[int, int]
"""The first offset and the one behind the last."""


async def records(consumer: AIOKafkaConsumer, spans: Mapping[TopicPartition, Span]) -> AsyncIterator[list[Raw]]:
    """The records of every span, in batches, in order within a partition; `consumer` is started and has no group."""
    left = {place: span for place, span in spans.items() if span[0] < span[1]}
    if not left:
        return  # a client that is given nothing waits for its next metadata before it does anything else
    consumer.assign(list(left))
    for place, (first, _) in left.items():
        consumer.seek(place, first)
    while left:
        for place, found in (await consumer.getmany(*left, timeout_ms=200)).items():
            if within := [record for record in found if record.offset < left[place][1]]:
                yield within
        passed = [place for place, (_, end) in left.items() if await consumer.position(place) >= end]
        for place in passed:
            consumer.pause(place)
            del left[place]
