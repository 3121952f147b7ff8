import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from chassis.lease import Lease
from chassis.relay import Relay

from chassis import outbox
from chassis import relay as relaying

House = Any  # the fixture of conftest.py


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[None]:
    task = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _empty(house: House) -> bool:
    async with house.database.pool.acquire() as sql:
        return await outbox.depth(sql) == 0


async def _write(house: House, topic: Any, keys: list[str], count: int) -> None:  # noqa: ANN401
    """Numbers 0 … count-1 for every key, each drawn under its key's lock as a thing's revisions are."""
    for n in range(count):
        for key in keys:
            async with house.database.transaction() as work:
                await work.sql.execute("SELECT pg_advisory_xact_lock(hashtext($1))", key)
                house.publish(work, topic, n, key=key)


def _first_copies(records: Any) -> dict[str, list[int]]:  # noqa: ANN401
    found: dict[str, list[int]] = defaultdict(list)
    for record in records:
        n = json.loads(record.value)["n"]
        if n not in found[record.key.decode()]:
            found[record.key.decode()].append(n)
    return found


async def test_events_of_a_key_arrive_in_order_from_several_writers_at_once(house: House) -> None:
    topic = await house.new_topic(3)
    groups = [[f"w{writer}-{k}" for k in range(3)] for writer in range(4)]
    async with running(house.new_relay()):
        await asyncio.gather(*(_write(house, topic, keys, 20) for keys in groups))
        await house.eventually(lambda: _empty(house))
    heard = await house.hear(topic)
    assert len(heard) == 4 * 3 * 20
    assert _first_copies(heard) == {key: list(range(20)) for keys in groups for key in keys}


async def test_an_event_committed_late_is_relayed_though_later_numbers_went_before(house: House) -> None:
    topic = await house.new_topic(1)
    async with running(house.new_relay()):
        late = house.database.transaction()
        work = await late.__aenter__()
        house.publish(work, topic, 1, key="late")
        await outbox.insert(work.sql, work.messages)  # draws its number now and commits after the others
        work.messages.clear()
        await _write(house, topic, ["early"], 3)
        await house.eventually(lambda: _empty(house))
        assert await house.numbers(topic) == [0, 1, 2]
        await late.__aexit__(None, None, None)
        await house.eventually(lambda: _empty(house))
    assert await house.numbers(topic) == [0, 1, 2, 1]


async def test_when_one_of_two_relays_stops_the_other_goes_on_without_loss_or_disorder(house: House) -> None:
    topic, keys = await house.new_topic(3), ["a", "b", "c"]
    writers = asyncio.create_task(_write(house, topic, keys, 60))
    async with AsyncExitStack() as other:
        async with running(house.new_relay()):
            await house.eventually(lambda: _heard(house, topic, 10))
            await other.enter_async_context(running(house.new_relay()))
        await writers
        await _write(house, topic, ["d"], 5)
        await house.eventually(lambda: _empty(house))
    wanted = {key: list(range(60)) for key in keys} | {"d": list(range(5))}
    assert _first_copies(await house.hear(topic)) == wanted


async def _heard(house: House, topic: Any, count: int) -> bool:  # noqa: ANN401
    return len(await house.hear(topic)) >= count


async def test_a_relay_that_stops_in_order_lets_the_next_one_in_at_once(house: House) -> None:
    topic, loop = await house.new_topic(1), asyncio.get_running_loop()
    async with running(house.new_relay()):
        await _write(house, topic, ["k"], 1)
        await house.eventually(lambda: _empty(house))
    stopped = loop.time()
    async with running(house.new_relay()):
        await _write(house, topic, ["k"], 1)
        await house.eventually(lambda: _empty(house))
    assert loop.time() - stopped < 5  # the lease lasts ten seconds


async def test_a_crash_between_sending_and_deleting_repeats_and_loses_nothing(house: House) -> None:
    topic = await house.new_topic(1)
    await _write(house, topic, ["k"], 5)
    relay = house.new_relay()
    locked = await house.session()
    await locked.execute("BEGIN; LOCK TABLE relay_memory IN ACCESS EXCLUSIVE MODE")
    async with running(relay):
        await house.eventually(lambda: _heard(house, topic, 5))
    await locked.execute("ROLLBACK")
    assert not await _empty(house)
    async with running(house.new_relay()):
        await house.eventually(lambda: _empty(house))
    assert await house.numbers(topic) == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]


async def test_a_relay_whose_lease_was_taken_meanwhile_deletes_nothing(house: House) -> None:
    topic = await house.new_topic(1)
    await _write(house, topic, ["k"], 1)
    usurper = Lease("relay")

    class Frozen(AIOKafkaProducer):  # type: ignore[misc]
        async def send(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            answer = await super().send(*args, **kwargs)
            async with house.database.pool.acquire() as sql:
                await sql.execute("UPDATE lease SET expires_at = '-infinity'")
                assert await usurper.hold(sql)
            return answer

    relay = Relay(house.database, lambda: Frozen(bootstrap_servers=house.settings.kafka_bootstrap, acks="all"))
    await relay.once()
    await relay._drop_producer()
    assert await house.numbers(topic) == [0]
    assert not await _empty(house)
    assert usurper.epoch == 2


async def test_a_relay_that_takes_over_reads_the_queue_after_it_has_the_lease(house: House) -> None:
    """What it read while another held the lease was sent by the other meanwhile."""
    topic = await house.new_topic(1)
    await _write(house, topic, ["k"], 3)
    late, other = house.new_relay(), house.new_relay()

    async def other_relays() -> None:
        await other.once()
        await other._drop_producer()
        await other._let_go()

    late._lease.hold = _after(other_relays, late._lease.hold)
    assert not await late.once() or await _empty(house)
    await late._drop_producer()
    assert await house.numbers(topic) == [0, 1, 2]


def _after(first: Any, then: Any) -> Any:  # noqa: ANN401
    async def both(sql: Any) -> Any:  # noqa: ANN401
        await first()
        return await then(sql)

    return both


async def test_a_silent_producer_is_replaced(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaying, "SILENCE", 0.3)
    topic = await house.new_topic(1)
    made: list[type] = []

    class Silent(AIOKafkaProducer):  # type: ignore[misc]
        async def send(self, *_: Any, **__: Any) -> Any:  # noqa: ANN401
            return asyncio.get_running_loop().create_future()

    def new_producer() -> AIOKafkaProducer:
        kind = AIOKafkaProducer if made else Silent
        made.append(kind)
        return kind(bootstrap_servers=house.settings.kafka_bootstrap, acks="all")

    await _write(house, topic, ["k"], 2)
    async with running(Relay(house.database, new_producer)):
        await house.eventually(lambda: _empty(house))
    assert await house.numbers(topic) == [0, 1]
    assert made == [Silent, AIOKafkaProducer]


async def test_the_relay_remembers_what_it_said_last_on_each_partition(house: House) -> None:
    topic = await house.new_topic(1)
    await _write(house, topic, ["k"], 3)
    async with running(house.new_relay()):
        await house.eventually(lambda: _empty(house))
    memory = await house.database.pool.fetch('SELECT topic, partition, "offset", event_id FROM relay_memory')
    assert [tuple(row) for row in memory] == [(topic.name, 0, 2, "k-2")]


async def test_only_one_holds_a_lease_and_each_new_holder_has_a_higher_epoch(house: House) -> None:
    one, two = Lease("x"), Lease("x")
    brief = Lease("x", lasts=timedelta(0))
    async with house.database.pool.acquire() as sql:
        assert [await one.hold(sql), await two.hold(sql), await one.hold(sql)] == [True, False, True]
        assert (one.epoch, two.epoch) == (1, None)
        await one.release(sql)
        assert [await brief.hold(sql), await two.hold(sql)] == [True, True]
        assert (brief.epoch, two.epoch) == (2, 3)
