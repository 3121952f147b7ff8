"""The demonstration of one promise on real processes, with power cuts while it plays."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from local.places import ONE_PROMISE, SERVICES, story

from local import closing
from tests.year import ONE_CUT_EACH, at, play, played, running


@pytest.mark.parametrize("cuts", [{}, ONE_CUT_EACH], ids=["undisturbed", "each service killed once"])
def test_one_promise_ends_fulfilled_after_exactly_nine_mails(
    scratch: Path, unique: str, cuts: dict[datetime, str]
) -> None:
    told = story(ONE_PROMISE)
    outcome, restarts = play(scratch / unique, told, cuts)
    assert closing.differences(outcome, told.expected) == []
    assert len(set(outcome.message_ids)) == 9
    assert restarts == {"inbox": 0} | dict.fromkeys(SERVICES, int(bool(cuts)))


def test_a_year_that_is_played_on_later_ends_the_same(scratch: Path, unique: str) -> None:
    async def nothing(_: datetime) -> None:
        pass

    told, half = story(ONE_PROMISE), at("2026-04-20T08:00")
    with running(scratch / unique, told) as system:
        asyncio.run(played(system, nothing, told, until=half))
        outcome = asyncio.run(played(system, nothing, told, begin=half))
    assert closing.differences(outcome, told.expected) == []
