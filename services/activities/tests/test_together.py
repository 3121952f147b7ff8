import asyncio
from collections.abc import Sequence
from typing import cast

import pytest
from activities.application.together import Together
from activities.domain.commands import Command, Outcome


def commands(*words: str) -> list[Command]:
    return cast("list[Command]", list(words))


class Transactions:
    """Takes what it is given, notes what went together, and fails where it is told to."""

    def __init__(self, *wrong: str) -> None:
        self.taken: list[list[str]] = []
        self.entered, self.gate = asyncio.Event(), asyncio.Event()
        self.gate.set()
        self._wrong = set(wrong)

    async def take(self, given: Sequence[Command]) -> list[Outcome]:
        words = cast("list[str]", list(given))
        self.taken.append(words)
        self.entered.set()
        await self.gate.wait()
        if found := self._wrong.intersection(words):
            raise ValueError(min(found))
        return cast("list[Outcome]", [word.upper() for word in words])


async def test_a_request_that_comes_the_moment_every_lane_ends_is_not_forgotten() -> None:
    transactions = Transactions()
    together = Together(transactions.take)

    async def client(name: str) -> None:
        for _ in range(200):
            assert cast("list[str]", await together(commands(name))) == [name.upper()]

    async with asyncio.timeout(20):
        await asyncio.gather(*(client(name) for name in "abcde"))


async def test_requests_that_wait_go_together_and_each_gets_its_own_answer() -> None:
    transactions = Transactions()
    transactions.gate.clear()
    together = Together(transactions.take)
    asked = [asyncio.create_task(together(commands(*words))) for words in ("a", "b", "cd", "e")]
    async with asyncio.timeout(20):
        await transactions.entered.wait()
        transactions.gate.set()
        assert cast("object", await asyncio.gather(*asked)) == [["A"], ["B"], ["C", "D"], ["E"]]
    assert len(transactions.taken) < len(asked)


async def test_a_request_that_breaks_the_transaction_breaks_no_other() -> None:
    transactions = Transactions("c")
    transactions.gate.clear()
    together = Together(transactions.take)
    asked = [asyncio.create_task(together(commands(word))) for word in "abcd"]
    async with asyncio.timeout(20):
        await transactions.entered.wait()
        transactions.gate.set()
        answers = await asyncio.gather(*asked, return_exceptions=True)
    assert cast("object", [answers[0], answers[1], answers[3]]) == [["A"], ["B"], ["D"]]
    with pytest.raises(ValueError, match="c"):
        raise cast("BaseException", answers[2])
