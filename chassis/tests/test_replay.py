from collections.abc import Sequence
from typing import Any

from chassis.database import UnitOfWork
from chassis.dead_letters import DeadLetter
from chassis.faults import TransientError
from chassis.records import Received, whole

House = Any  # the fixture of conftest.py


async def _resolutions(house: House) -> dict[int, str]:
    rows = await house.database.pool.fetch('SELECT "offset", resolution FROM dead_letter WHERE resolved_at IS NOT NULL')
    return {row["offset"]: row["resolution"] for row in rows}


async def _before(house: House, topics: Sequence[Any], count: int) -> None:
    """A start that knows no type sets everything aside."""
    async with house.consuming(topics=[topic.name for topic in topics], types={}):
        await house.eventually(lambda: _letters(house, count))
    assert await house.taken() == []


async def _letters(house: House, count: int) -> bool:
    return bool(await house.database.pool.fetchval("SELECT count(*) = $1 FROM dead_letter", count))


async def test_the_first_start_that_knows_the_type_takes_the_letters_and_the_second_does_nothing(house: House) -> None:
    topic = await house.new_topic(2)
    await house.say(topic, [*(house.event(n, partition=n % 2) for n in range(6)), house.event(9, name="never")])
    await _before(house, [topic], 7)
    for start in (1, 2):
        async with house.consuming(topics=[topic.name]):
            await house.say(topic, [house.event(100)])
            await house.has_taken(6 + start)
            await house.eventually(lambda: _nothing_left(house))
        assert [n for n in await house.taken() if n < 100] == list(range(6))
    assert await house.taken() == [*range(6), 100, 100]
    assert await house.set_aside() == {3: "unknown_type"}
    assert set((await _resolutions(house)).values()) == {"replayed"}


async def _nothing_left(house: House) -> object:
    return await house.database.pool.fetchval(
        "SELECT NOT EXISTS (SELECT FROM dead_letter WHERE type = 'thing' AND resolution IS NULL)"
    )


async def test_letters_of_a_topic_of_another_subscription_are_left_alone(house: House) -> None:
    ours, theirs = await house.new_topic(1), await house.new_topic(1)
    for topic in (ours, theirs):
        await house.say(topic, [house.event(1)])
    await _before(house, [ours, theirs], 2)
    async with house.consuming(pattern=rf"^{ours.name}$"):
        await house.has_taken(1)
    rows = await house.database.pool.fetch("SELECT topic FROM dead_letter WHERE resolution IS NULL")
    assert [row["topic"] for row in rows] == [theirs.name]


async def test_a_letter_that_is_refused_again_stays_with_its_new_reason(house: House) -> None:
    topic = await house.new_topic(1)
    (_, headers, _) = house.event(1)
    await house.say(topic, [(0, headers, b'{"n": "many"}'), *(house.event(n) for n in range(1, 5))])
    await _before(house, [topic], 5)

    async def picky(work: UnitOfWork, received: Sequence[Received]) -> Sequence[DeadLetter]:
        refused = []
        for item in received:
            if item.record.offset == 1:
                await work.sql.execute("SELECT 1 / 0")
            if item.record.offset == 2:
                letter = DeadLetter(item.record, "not_allowed", "no", item.envelope.id, item.envelope.type)
                refused.append(letter)
            else:
                await house.write_down(work, [item])
        return refused

    async with house.consuming(topics=[topic.name], handler=whole(picky)):
        await house.has_taken(2)
    assert await house.taken() == [3, 4]
    assert await house.set_aside() == {0: "invalid", 1: "unprocessable", 2: "not_allowed"}
    assert await _resolutions(house) == {3: "replayed", 4: "replayed"}


async def test_a_letter_that_breaks_the_handler_leaves_no_rows_and_no_events(house: House) -> None:
    topic = await house.new_topic(1)
    await house.say(topic, [house.event(1)])
    await _before(house, [topic], 1)

    async def breaks(work: UnitOfWork, received: Sequence[Received]) -> None:
        await house.write_down(work, received)
        house.publish(work, topic, 1)
        raise ValueError("no")

    async with house.consuming(topics=[topic.name], handler=whole(breaks)):
        await house.eventually(lambda: _unprocessable(house))
    assert await house.taken() == []
    assert await house.database.pool.fetchval("SELECT count(*) FROM outbox") == 0


async def _unprocessable(house: House) -> bool:
    return "unprocessable" in (await house.set_aside()).values()


async def test_a_fault_that_passes_delays_a_letter_and_does_not_resolve_it(house: House) -> None:
    topic, faults = await house.new_topic(1), iter([TransientError("not yet"), TransientError("not yet")])
    await house.say(topic, [house.event(1)])
    await _before(house, [topic], 1)

    async def fails_twice(work: UnitOfWork, received: Sequence[Received]) -> None:
        await house.write_down(work, received)
        for fault in faults:
            raise fault

    async with house.consuming(topics=[topic.name], handler=whole(fails_twice)):
        await house.has_taken(1)
        await house.eventually(lambda: _resolutions(house))
    assert await house.taken() == [1]
    assert await _resolutions(house) == {0: "replayed"}
    assert next(faults, None) is None
