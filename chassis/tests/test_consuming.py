from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiokafka import TopicPartition
from chassis.clock import SystemClock
from chassis.database import UnitOfWork
from chassis.faults import TransientError
from chassis.records import Received, whole

from chassis import positions

House = Any  # the fixture of conftest.py


class BrokenClock(SystemClock):
    """Breaks taking in a way that no letter can be written about, the given number of times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def now(self) -> datetime:
        if self.left:
            self.left -= 1
            raise RuntimeError("a fault that nobody foresaw")
        return super().now()


async def test_one_transient_fault_loses_and_doubles_nothing_on_two_partitions(house: House) -> None:
    topic, faults = await house.new_topic(2), iter([TransientError("not yet")])

    async def fails_once(work: UnitOfWork, received: Sequence[Received]) -> None:
        await house.write_down(work, received)
        for fault in faults:
            raise fault

    await house.say(topic, [house.event(n, partition=n % 2) for n in range(200)])
    async with house.consuming(topics=[topic.name], handler=whole(fails_once)):
        await house.has_taken(200)
    assert await house.taken() == list(range(200))
    assert next(faults, None) is None


async def test_a_batch_that_the_client_must_bring_again_is_rewound_on_both_partitions(house: House) -> None:
    topic, clock = await house.new_topic(2), BrokenClock(times=40)
    await house.say(topic, [house.event(n, partition=n % 2) for n in range(200)])
    async with house.consuming(topics=[topic.name], clock=clock):
        await house.has_taken(200)
    assert await house.taken() == list(range(200))
    assert clock.left == 0


async def test_what_cannot_be_read_is_set_aside_and_blocks_nothing_behind_it(house: House) -> None:
    topic = await house.new_topic(1)
    (_, headers, value) = house.event(1)
    bad = [
        ("malformed", (0, headers, b"{not json")),
        ("invalid", (0, headers, b'{"n": "many"}')),
        ("malformed", (0, headers, None)),
        ("malformed", (0, [*headers, ("x", None)], value)),
        ("malformed", (0, [*headers, ("x", b"\xff\xfe")], value)),
        ("malformed", (0, [], value)),
        ("unknown_type", house.event(7, name="of-tomorrow")),
        ("malformed", (0, headers, b'{"n": 1, "n": 2}')),
    ]
    await house.say(topic, [*(record for _, record in bad), house.event(8)])
    async with house.consuming(topics=[topic.name]):
        await house.has_taken(1)
    assert await house.taken() == [8]
    assert await house.set_aside() == {offset: reason for offset, (reason, _) in enumerate(bad)}


async def test_a_letter_keeps_the_record_and_says_what_to_mend(house: House) -> None:
    topic = await house.new_topic(1)
    await house.say(topic, [(0, [("odd", b"\xff\x00"), ("none", None)], b"\x00\xffbody")])
    async with house.consuming(topics=[topic.name]):
        await house.eventually(house.set_aside)
    row = await house.database.pool.fetchrow("SELECT headers, key, value, detail FROM dead_letter")
    assert (row["key"], row["value"]) == (b"k", b"\x00\xffbody")
    assert row["headers"] == r'[["odd", "\\xff\\x00"], ["none", null]]'
    assert "'odd' is not UTF-8" in row["detail"]


async def test_a_record_that_breaks_the_handler_is_set_aside_and_its_batch_mates_go_in(house: House) -> None:
    topic = await house.new_topic(1)

    async def breaks(work: UnitOfWork, received: Sequence[Received]) -> None:
        await house.write_down(work, received)
        if any(item.record.offset == 7 for item in received):
            await work.sql.execute("SELECT 1 / 0")

    await house.say(topic, [house.event(n) for n in range(20)])
    async with house.consuming(topics=[topic.name], handler=whole(breaks)):
        await house.has_taken(19)
        await house.eventually(house.set_aside)
    assert await house.taken() == [n for n in range(20) if n != 7]
    assert await house.set_aside() == {7: "unprocessable"}


async def test_the_position_in_the_database_decides_where_reading_starts(house: House) -> None:
    topic = await house.new_topic(1)
    await house.say(topic, [house.event(n) for n in range(10)])
    async with house.database.transaction() as work:
        await positions.lock(work.sql, {TopicPartition(topic.name, 0)})
        await positions.move(work.sql, {TopicPartition(topic.name, 0): (5, None)})
    async with house.consuming(topics=[topic.name]):
        await house.has_taken(4)
    assert await house.taken() == [6, 7, 8, 9]
    assert await positions.read(house.database.pool) == {TopicPartition(topic.name, 0): 10}


async def test_a_restored_database_reads_again_what_kafka_believes_done(house: House) -> None:
    """Its positions are read late, when the client has long fetched from the offset that Kafka remembers."""
    topic = await house.new_topic(2)
    await house.say(topic, [house.event(n, partition=n % 2) for n in range(20)])
    async with house.consuming(topics=[topic.name]):
        await house.has_taken(20)
    await house.database.pool.execute("DELETE FROM taken WHERE n >= 6")
    await house.database.pool.execute("UPDATE position SET next_offset = 3")
    await house.say(topic, [house.event(n, partition=n % 2) for n in range(20, 24)])
    slow = await house.session()
    await slow.execute("BEGIN; LOCK TABLE position IN ACCESS EXCLUSIVE MODE")
    async with house.consuming(topics=[topic.name]):
        await house.eventually(lambda: slow.fetchval("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"))
        await slow.execute("SELECT pg_sleep(0.7); COMMIT")
        await house.has_taken(18 + 6)
    assert await house.taken() == list(range(24))


async def test_kafka_is_told_how_far_was_read_on_every_partition_so_that_a_scaler_sees_the_lag(house: House) -> None:
    topic = await house.new_topic(3)
    await house.say(topic, [house.event(n, partition=n % 2) for n in range(20)])
    async with house.consuming(topics=[topic.name]):
        await house.eventually(lambda: house.committed(topic, {0: 10, 1: 10, 2: 0}))
        await house.say(topic, [house.event(20, partition=2)])
        await house.eventually(lambda: house.committed(topic, {0: 10, 1: 10, 2: 1}))
    await house.say(topic, [house.event(21, partition=0)])
    assert await house.committed(topic, {0: 10, 1: 10, 2: 1})


async def test_records_of_a_new_topic_are_taken_by_pattern(house: House) -> None:
    async with house.consuming(pattern=rf"^{house.name}\.[0-9]+$"):
        topic = await house.new_topic(1)
        await house.say(topic, [house.event(1)])
        await house.has_taken(1)
    assert await house.taken() == [1]
