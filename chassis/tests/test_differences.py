"""A restore, of the database or of Kafka, is seen by comparing what is remembered with what is there."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from aiokafka import TopicPartition
from chassis.clock import SystemClock
from chassis.commands.recover import recover
from chassis.commands.republish import republish
from chassis.commands.service import Opened, Service
from chassis.database import Connection, UnitOfWork
from chassis.differences import Difference, check, differences
from chassis.past import DifferenceError, Say
from chassis.records import Received
from chassis.relay import OutputLostError
from chassis.repairs import Deed
from chassis.watermarks import Watermarks
from contracts.topics import Topic

from chassis import outbox, repairs
from tests.topics import cut, recreate

House = Any  # the fixture of conftest.py


class Past:
    """The service's facts are the numbers in the table `taken` without a topic."""

    inputs_first = False

    def __init__(self, house: House, *topics: Topic) -> None:
        self.topics = [topic.name for topic in topics]
        self.types = house.types
        self._house, self._topic = house, topics[0]

    async def unknown(self, sql: Connection, said: Sequence[Received]) -> int:
        known = {row["n"] for row in await sql.fetch("SELECT n FROM taken WHERE topic IS NULL")}
        return sum(item.body.model_dump()["n"] not in known for item in said)

    async def take_back(self, work: UnitOfWork, said: Sequence[Received]) -> None:
        numbers = {item.body.model_dump()["n"] for item in said}
        known = {row["n"] for row in await work.sql.fetch("SELECT n FROM taken WHERE topic IS NULL")}
        await work.sql.executemany("INSERT INTO taken (n) VALUES ($1)", [(n,) for n in sorted(numbers - known)])

    async def conclude(self, work: UnitOfWork, now: object) -> list[str]:  # noqa: ARG002
        return []

    async def facts(self, sql: Connection) -> AsyncIterator[Say]:
        for row in await sql.fetch("SELECT n FROM taken WHERE topic IS NULL ORDER BY n"):
            yield lambda work, n=row["n"]: self._house.publish(work, self._topic, n)  # type: ignore[misc]


async def say(house: House, topic: Topic, *numbers: int) -> None:
    """Facts, each with its event."""
    async with house.database.transaction() as work:
        for n in numbers:
            await work.sql.execute("INSERT INTO taken (n) VALUES ($1)", n)
            house.publish(work, topic, n)


async def carried(house: House) -> None:
    """The relay has carried everything."""
    relay = house.new_relay()
    while await relay.once():
        pass
    await relay._drop_producer()
    await relay._let_go()


async def found(house: House, past: Past) -> set[tuple[str, str]]:
    return {(each.kind, each.place.topic) for each in await differences(house.settings, house.database, past)}


@pytest.fixture
async def out(house: House) -> Topic:
    """The service's own topic, with three facts said."""
    topic: Topic = await house.new_topic(1)
    await say(house, topic, 1, 2, 3)
    await carried(house)
    return topic


async def test_a_service_that_stopped_in_order_or_died_after_sending_differs_in_nothing(
    house: House, out: Topic
) -> None:
    past = Past(house, out)
    assert await found(house, past) == set()
    await say(house, out, 4)
    await house.database.pool.execute("CREATE TABLE kept AS SELECT * FROM relay_memory")
    await carried(house)
    await house.database.pool.execute('UPDATE relay_memory SET "offset" = kept."offset" FROM kept')
    await house.database.pool.execute("UPDATE relay_memory SET event_id = kept.event_id FROM kept")
    assert await found(house, past) == set()


async def test_a_database_that_does_not_know_what_it_said_was_put_back_and_takes_it_back(
    house: House, out: Topic
) -> None:
    await house.database.pool.execute("""UPDATE relay_memory SET "offset" = 0, event_id = 'k-1'""")
    await house.database.pool.execute("DELETE FROM taken WHERE n > 1")
    past = Past(house, out)
    assert await found(house, past) == {("restored_behind", out.name)}
    with pytest.raises(DifferenceError, match="remedy: python -m things recover"):
        await check(house.settings, house.database, "things", past)
    assert (await _recover(house, past, await house.new_topic(1)))[1:] == ["3 record(s) of its own compared"]
    assert await house.taken() == [1, 2, 3]
    assert await found(house, past) == set()


async def _recover(house: House, past: Past, *reads: Topic) -> list[str]:
    async def never(_: object) -> None:
        raise AssertionError

    watermarks = Watermarks(house.settings)
    subscription = house.subscription(topics=[topic.name for topic in reads])
    service = Service(
        house.name, "", never, "|".join(topic.name for topic in reads), lambda *_: [subscription], lambda _: past
    )
    try:
        opened = Opened(house.database, watermarks)
        before = await differences(house.settings, house.database, past)
        said: list[str] = await recover(service, house.settings, opened, past=past, clock=SystemClock(), found=before)
    finally:
        await watermarks.close()
    return said


async def test_an_empty_database_behind_a_topic_with_a_past_was_put_back(house: House, out: Topic) -> None:
    await house.database.pool.execute("TRUNCATE relay_memory, taken")
    assert await found(house, Past(house, out)) == {("restored_behind", out.name)}


async def test_a_topic_that_was_recreated_is_written_anew_in_order(house: House, out: Topic) -> None:
    await recreate(house.settings, [out])
    await say(house, out, 4)
    past = Past(house, out)
    assert await found(house, past) == {("output_lost", out.name)}
    await republish(house.settings, house.database, past, Deed("Kim", "republish", "things"))
    assert await house.numbers(out) == [1, 2, 3, 4]
    assert await found(house, past) == set()


async def test_a_topic_that_was_recreated_and_grew_past_what_was_said_is_another_one(house: House, out: Topic) -> None:
    await recreate(house.settings, [out])
    await house.say(out, [house.event(n) for n in range(5)])
    assert await found(house, Past(house, out)) == {("output_lost", out.name)}


async def test_writing_anew_that_was_not_ended_is_asked_for_again(house: House, out: Topic) -> None:
    async with house.database.transaction() as work:
        await repairs.begin(work.sql, Deed("Kim", "republish", "things"))
    past = Past(house, out)
    assert await found(house, past) == {("unfinished", out.name)}
    await republish(house.settings, house.database, past, Deed("Kim", "republish", "things"))
    assert await found(house, past) == set()


async def test_a_topic_cut_off_while_the_relay_runs_ends_it_and_nothing_is_forgotten(house: House, out: Topic) -> None:
    relay = house.new_relay()
    await say(house, out, 4)
    assert await relay.once()
    await relay._drop_producer()
    await recreate(house.settings, [out])
    await say(house, out, 5)
    with pytest.raises(OutputLostError):
        await relay.once()
    await relay._drop_producer()
    async with house.database.pool.acquire() as sql:
        assert await outbox.depth(sql) == 1
    assert await found(house, Past(house, out)) == {("output_lost", out.name)}


async def test_what_is_read_and_was_recreated_is_read_again_from_its_beginning(house: House, out: Topic) -> None:
    source, past = await house.new_topic(1), Past(house, out)
    await house.say(source, [*(house.event(n) for n in range(10, 13)), house.event(7, name="odd")])
    async with house.consuming(topics=[source.name]):
        await house.eventually(house.set_aside)
    assert await found(house, past) == set()
    await recreate(house.settings, [source])
    await house.say(source, [*(house.event(n) for n in range(20, 24)), house.event(8, name="odd")])
    assert await found(house, past) == {("input_lost", source.name)}
    await _recover(house, past, source)
    async with house.consuming(topics=[source.name]):
        await house.has_taken(3 + 3 + 4)
        await house.eventually(lambda: house.database.pool.fetchval("SELECT count(*) = 2 FROM dead_letter"))
    assert [n for n in await house.taken() if n > 3] == [10, 11, 12, 20, 21, 22, 23]
    assert await found(house, past) == set()


async def test_records_deleted_before_they_were_read_are_missed(house: House, out: Topic) -> None:
    source, past = await house.new_topic(1), Past(house, out)
    await house.say(source, [house.event(n) for n in range(10, 12)])
    async with house.consuming(topics=[source.name]):
        await house.has_taken(3 + 2)
    await cut(house.settings, source, 2)
    assert await found(house, past) == set()
    await house.say(source, [house.event(n) for n in range(12, 16)])
    await cut(house.settings, source, 4)
    (missed,) = await differences(house.settings, house.database, past)
    assert missed == Difference("records_gone", TopicPartition(source.name, 0), 4, 6)
    await _recover(house, past, source)
    async with house.consuming(topics=[source.name]):
        await house.has_taken(3 + 4)
    assert await found(house, past) == set()
