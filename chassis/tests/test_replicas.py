import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest
from aiokafka import ConsumerRecord, TopicPartition
from chassis.clock import SystemClock
from chassis.consuming import SeekToPosition
from chassis.database import UnitOfWork
from chassis.faults import TransientError
from chassis.records import Received, whole
from chassis.taking import Taker
from chassis.watermarks import Watermarks

from chassis import positions

House = Any  # the fixture of conftest.py


@pytest.fixture
def records(house: House) -> list[ConsumerRecord[bytes | None, bytes | None]]:
    """Ten records of one partition, as a client hands them over."""
    made = []
    for n in range(10):
        partition, headers, value = house.event(n)
        made.append(ConsumerRecord("t", partition, n, 0, 0, b"k", value, None, 1, len(value), headers))
    return made


async def test_records_delivered_again_change_nothing(house: House, records: Any) -> None:  # noqa: ANN401
    taker = Taker(house.database, SystemClock(), house.types, whole(house.write_down), lambda _: None)
    await taker.take(records[:6])
    await taker.take(records[2:8])
    await taker.take(records[:3])
    await taker.take(records[8:])
    assert await house.taken() == list(range(10))
    assert await positions.read(house.database.pool) == {TopicPartition("t", 0): 10}


async def test_two_replicas_with_the_same_batch_take_it_once(house: House, records: Any) -> None:  # noqa: ANN401
    """As when a replica froze, lost its partition and woke up with the batch still in its hands."""

    entered: list[int] = []
    aside = await house.session()

    async def until_the_other_came(work: UnitOfWork, received: Sequence[Received]) -> None:
        entered.append(len(received))
        await house.eventually(lambda: _came(aside, entered))
        await house.write_down(work, received)

    def replica() -> Taker:
        return Taker(house.database, SystemClock(), house.types, whole(until_the_other_came), lambda _: None)

    async with house.database.transaction() as work:
        await positions.lock(work.sql, {TopicPartition("t", 0)})
    await asyncio.gather(replica().take(records), replica().take(records))
    assert await house.taken() == list(range(10))
    assert entered == [10]


async def _came(aside: asyncpg.Connection, entered: list[int]) -> object:
    return len(entered) > 1 or await aside.fetchval("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted")


async def test_a_replica_cancelled_amid_a_batch_repeats_nothing_in_effect(house: House) -> None:
    topic, amid = await house.new_topic(2), asyncio.Event()
    await house.say(topic, [house.event(n, partition=n % 2) for n in range(50)])

    async def hangs(work: UnitOfWork, received: Sequence[Received]) -> None:
        await house.write_down(work, received)
        if any(item.record.offset > 20 for item in received):
            amid.set()
            await asyncio.Event().wait()

    taker = Taker(house.database, SystemClock(), house.types, whole(hangs), lambda _: None)
    task = asyncio.create_task(taker.take(await house.hear(topic)))
    await amid.wait()
    task.cancel()
    await asyncio.wait([task])
    assert await house.taken() == []
    async with house.consuming(topics=[topic.name]):
        await house.has_taken(50)
    assert await house.taken() == list(range(50))


async def test_replicas_that_come_and_go_while_records_flow_lose_and_double_nothing(house: House) -> None:
    topic, count = await house.new_topic(4), 1200
    done = asyncio.Event()

    async def flow() -> None:
        for start in range(0, count, 20):
            await house.say(topic, [house.event(n, partition=n % 4) for n in range(start, start + 20)])
            await house.has_taken(start - 100)
        done.set()

    async with house.consuming(topics=[topic.name]):
        flowing = asyncio.create_task(flow())
        for before in (100, 400):
            await house.has_taken(before)
            async with house.consuming(topics=[topic.name]):
                await house.has_taken(before + 200)
        await done.wait()
        await flowing
        await house.has_taken(count)
    assert await house.taken() == list(range(count))


async def test_a_partition_is_given_away_only_after_the_batch_in_flight(house: House, records: Any) -> None:  # noqa: ANN401
    amid, go_on = asyncio.Event(), asyncio.Event()

    async def slow(work: UnitOfWork, received: Sequence[Received]) -> None:
        amid.set()
        await go_on.wait()
        await house.write_down(work, received)

    taker = Taker(house.database, SystemClock(), house.types, whole(slow), lambda _: None)
    taking = asyncio.create_task(taker.take(records))
    await amid.wait()
    giving = asyncio.create_task(SeekToPosition(house.database, taker).on_partitions_revoked([]))
    done, _ = await asyncio.wait([giving], timeout=0.2)
    go_on.set()
    await giving
    assert not done
    assert await house.taken() == list(range(10))
    await taking


async def test_the_ends_of_topics_are_known_also_when_they_came_after_the_client(house: House) -> None:
    pattern = rf"{house.name}\.[0-9]+"
    watermarks = Watermarks(house.settings)
    house.open.push_async_callback(watermarks.close)
    assert await watermarks.ends(pattern) == {}
    topic = await house.new_topic(2)
    await house.say(topic, [house.event(n, partition=1) for n in range(3)])
    assert await watermarks.ends(pattern) == {TopicPartition(topic.name, 0): 0, TopicPartition(topic.name, 1): 3}
    assert await watermarks.ends(house.name) == {}
    other = await house.new_topic(1)
    assert TopicPartition(other.name, 0) in await watermarks.ends(pattern)


async def test_a_service_is_behind_by_what_lies_beyond_its_positions(house: House) -> None:
    topic = await house.new_topic(2)
    watermarks = Watermarks(house.settings)
    house.open.push_async_callback(watermarks.close)
    await house.say(topic, [house.event(n, partition=n % 2) for n in range(7)])
    assert await watermarks.behind(house.database, topic.name) == 7
    with pytest.raises(TransientError, match="not read to its end"):
        await watermarks.reach(house.database, topic.name, within=0.05)
    async with house.consuming(topics=[topic.name]):
        await watermarks.reach(house.database, topic.name, within=20)
    assert await watermarks.behind(house.database, topic.name) == 0
