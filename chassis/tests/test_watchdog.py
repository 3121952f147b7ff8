from collections.abc import AsyncIterator
from typing import Any

import pytest
from chassis.watchdog import StuckError, Watchdog
from chassis.watermarks import Watermarks

from tests.topics import recreate

House = Any  # the fixture of conftest.py


class Dog:
    """A watchdog whose seconds a test counts."""

    def __init__(self, house: House, watermarks: Watermarks, topic: str) -> None:
        self.second = 0.0
        self.watchdog = Watchdog(house.database, watermarks, topic, lambda: self.second)

    async def after(self, seconds: float) -> None:
        self.second += seconds
        await self.watchdog.look()
        await self.watchdog.check()


@pytest.fixture
async def topic(house: House) -> Any:  # noqa: ANN401
    return await house.new_topic(2)


@pytest.fixture
async def dog(house: House, topic: Any) -> AsyncIterator[Dog]:  # noqa: ANN401
    watermarks = Watermarks(house.settings)
    yield Dog(house, watermarks, topic.name)
    await watermarks.close()


async def test_records_that_wait_untouched_make_the_service_unready_and_then_end_it(
    house: House,
    topic: Any,  # noqa: ANN401
    dog: Dog,
) -> None:
    await house.say(topic, [house.event(1, partition=1)])
    await dog.after(0)
    await dog.after(15)
    with pytest.raises(StuckError, match="nothing was taken for 25 s"):
        await dog.after(10)
    with pytest.raises(StuckError, match="nothing was taken for 65 s"):
        await dog.after(40)


async def test_a_partition_that_moves_or_has_nothing_to_give_is_well(house: House, topic: Any, dog: Dog) -> None:  # noqa: ANN401
    await dog.after(500)
    for n in range(3):
        await house.say(topic, [house.event(n)])
        await dog.after(15)
        async with house.consuming(topics=[topic.name]):
            await house.has_taken(n + 1)
        await dog.after(15)
    await dog.after(500)


async def test_a_topic_cut_off_below_what_was_read_ends_the_service_at_once(
    house: House,
    topic: Any,  # noqa: ANN401
    dog: Dog,
) -> None:
    await house.say(topic, [house.event(1)])
    async with house.consuming(topics=[topic.name]):
        await house.has_taken(1)
    await dog.after(1)
    await recreate(house.settings, [topic])
    with pytest.raises(StuckError, match="was cut off"):
        await dog.after(1)
