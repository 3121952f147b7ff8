from typing import Any

import asyncpg
import pytest
from chassis.outbox import LIMIT, OversizedEventError

from chassis import outbox

House = Any  # the fixture of conftest.py
ROW = "INSERT INTO taken VALUES ('t', 0, 0, $1)"


async def _waiting(house: House) -> int:
    async with house.database.pool.acquire() as sql:
        return await outbox.depth(sql)


async def test_rows_and_events_are_committed_together(house: House) -> None:
    topic, woken = await house.new_topic(1), []
    house.database.published = lambda: woken.append(True)
    async with house.database.transaction() as work:
        await work.sql.execute(ROW, 1)
        house.publish(work, topic, 1)
    assert await house.taken() == [1]
    assert await _waiting(house) == 1
    assert woken == [True]


async def test_a_use_case_that_fails_leaves_neither_rows_nor_events(house: House) -> None:
    topic = await house.new_topic(1)

    async def fails() -> None:
        async with house.database.transaction() as work:
            await work.sql.execute(ROW, 1)
            house.publish(work, topic, 1)
            await work.sql.execute("SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await fails()
    assert await house.taken() == []
    assert await _waiting(house) == 0


async def test_an_event_too_large_to_travel_refuses_its_whole_transaction(house: House) -> None:
    topic = await house.new_topic(1)

    async def too_large() -> None:
        async with house.database.transaction() as work:
            await work.sql.execute(ROW, 1)
            house.publish(work, topic, 1)
            house.publish(work, topic, 2, text="x" * LIMIT)

    with pytest.raises(OversizedEventError, match=f"{LIMIT} are allowed"):
        await too_large()
    assert await house.taken() == []
    assert await _waiting(house) == 0


async def test_events_wait_in_the_order_of_their_publishing_with_headers_as_given(house: House) -> None:
    topic = await house.new_topic(1)
    async with house.database.transaction() as work:
        for n in range(50):
            house.publish(work, topic, n, text="å\x1fö")
        async with house.database.pool.acquire() as other:
            assert await outbox.head(other, 100) == []
        said = work.messages
    async with house.database.pool.acquire() as sql:
        assert [row.message for row in await outbox.head(sql, 100)] == said
