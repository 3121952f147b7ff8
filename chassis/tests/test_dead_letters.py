"""What an operator does with what was set aside, as typed."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg
import pytest
from chassis.commands import Service, main
from chassis.database import UnitOfWork
from chassis.dead_letters import DeadLetter
from chassis.records import Received, whole

House = Any  # the fixture of conftest.py
Typed = Callable[..., Awaitable[str]]


@pytest.fixture
async def topic(house: House) -> Any:  # noqa: ANN401
    """Four things of which the odd ones were refused while `allowed` was empty, and one that is no JSON."""
    topic = await house.new_topic(1)
    (_, headers, _) = house.event(9)
    await house.say(topic, [*(house.event(n) for n in range(4)), (0, headers, b"{")])
    async with house.consuming(topics=[topic.name], handler=whole(_picky(house, set()))):
        await house.has_taken(2)
        await house.eventually(lambda: house.database.pool.fetchval("SELECT count(*) = 3 FROM dead_letter"))
    return topic


def _picky(house: House, allowed: set[int]) -> Any:  # noqa: ANN401
    async def handler(work: UnitOfWork, received: Sequence[Received]) -> list[DeadLetter]:
        fine = [i for i in received if (n := i.body.model_dump()["n"]) % 2 == 0 or n in allowed]
        await house.write_down(work, fine)
        return [DeadLetter(i.record, "odd", "not even", i.envelope.id) for i in received if i not in fine]

    return handler


@pytest.fixture
def typed(house: House, topic: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:  # noqa: ANN401
    """Runs a command of the house's service; answers what it printed. `allowed` are odd numbers that are taken now."""
    monkeypatch.setenv("LOFTESKOLLEN_DATABASE_URL", house.settings.database_url)
    monkeypatch.setenv("LOFTESKOLLEN_KAFKA_BOOTSTRAP", house.settings.kafka_bootstrap)

    def never(_: object) -> Any:  # noqa: ANN401
        raise AssertionError

    async def run(*words: str, allowed: Sequence[int] = ()) -> str:
        reads = house.subscription(topics=[topic.name], handler=whole(_picky(house, set(allowed))))
        service = Service(house.name, "", never, topic.name, lambda *_: [reads], never)
        assert await asyncio.to_thread(main, service, argv=words) == 0
        return capsys.readouterr().out

    return run


async def _ids(house: House) -> dict[int, int]:
    """The numbers of the letters by offset."""
    return {r["offset"]: r["id"] for r in await house.database.pool.fetch('SELECT id, "offset" FROM dead_letter')}


async def _book(house: House) -> list[asyncpg.Record]:
    return list(await house.database.pool.fetch("SELECT * FROM repair ORDER BY id"))


async def test_what_was_set_aside_is_listed_with_its_reason_and_shown_whole(house: House, typed: Typed) -> None:
    ids = await _ids(house)
    listed = await typed("dead-letters", "list")
    assert "odd: not even" in listed
    assert "malformed: " in listed
    assert "3 dead letter(s)" in listed
    assert [each["id"] for each in json.loads(await typed("dead-letters", "list", "--reason=odd", "--json"))] == [
        ids[3],
        ids[1],
    ]
    shown = json.loads(await typed("dead-letters", "show", str(ids[4])))
    assert (shown["value"], shown["headers"][1][1], shown["resolution"]) == ("{", "e9", None)
    assert "there is none" in await typed("dead-letters", "show", "4711")


async def test_one_is_replayed_through_its_handler_once_and_the_book_says_by_whom(house: House, typed: Typed) -> None:
    one = str((await _ids(house))[1])
    for word in ("replayed\n", "replayed already\n"):
        assert f"{one}: {word}" in await typed("dead-letters", "replay", one, "--by=Kim", allowed=[1])
    assert await house.taken() == [0, 1, 2]
    assert await house.set_aside() == {3: "odd", 4: "malformed"}
    (entry,) = await _book(house)
    assert (entry["done_by"], entry["action"], entry["subject"]) == ("Kim", "dead-letters replay", one)
    assert (entry["outcome"], entry["ended_at"] is not None) == ("replayed", True)


async def test_those_of_a_reason_are_replayed_and_what_is_refused_again_stays(house: House, typed: Typed) -> None:
    ids = await _ids(house)
    said = await typed("dead-letters", "replay", "--reason=odd", allowed=[3])
    assert f"{ids[1]}: refused again, odd: not even" in said
    assert f"{ids[3]}: replayed" in said
    assert await house.taken() == [0, 2, 3]
    assert await house.set_aside() == {1: "odd", 4: "malformed"}
    assert "refused again, malformed" in await typed("dead-letters", "replay", str(ids[4]))


async def test_trying_says_what_would_come_of_it_and_changes_nothing(house: House, typed: Typed) -> None:
    ids = await _ids(house)
    said = await typed("dead-letters", "replay", "--reason=odd", "--dry-run", allowed=[3])
    assert f"{ids[3]}: replayed" in said
    assert "nothing was changed" in said
    assert "discarded" in await typed("dead-letters", "discard", str(ids[1]), "--reason=x", "--dry-run")
    assert await house.taken() == [0, 2]
    assert len(await house.set_aside()) == 3
    assert await _book(house) == []


async def test_one_is_discarded_with_a_reason_and_never_replayed_after(house: House, typed: Typed) -> None:
    ids = await _ids(house)
    assert "discarded" in await typed("dead-letters", "discard", str(ids[1]), "--reason=sent by mistake", "--by=Kim")
    assert "discarded already" in await typed("dead-letters", "replay", str(ids[1]), allowed=[1])
    assert await house.taken() == [0, 2]
    (entry,) = await _book(house)
    assert (entry["done_by"], entry["reason"], entry["outcome"]) == ("Kim", "sent by mistake", "discarded")


async def test_everything_that_waits_is_inspected(house: House, topic: Any, typed: Typed) -> None:  # noqa: ANN401
    await house.say(topic, [house.event(6)])
    async with house.database.transaction() as work:
        house.publish(work, topic, 7)
    found = json.loads(await typed("inspect", "--json"))
    assert (found["outbox"]["rows"], found["outbox"]["oldest_seconds"] > 0) == (1, True)
    assert found["dead_letters"] == {"malformed": 1, "odd": 2}
    assert found["positions"] == [{"topic": topic.name, "partition": 0, "next_offset": 5, "behind": 1}]
    said = await typed("inspect")
    assert f"{topic.name}[0]: next 5, 1 behind" in said
    assert "outbox: 1 row(s), the oldest" in said
