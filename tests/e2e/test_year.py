"""The demonstration on real processes, with a power cut for each service while it plays."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from local.demo import ZONE
from local.places import ONE_PROMISE, story

from local import closing
from tests.year import played, running

TOLD = story(ONE_PROMISE)
CUTS = {
    datetime(2026, 4, 15, 9, 20, tzinfo=ZONE): "activities",
    datetime(2026, 11, 2, tzinfo=ZONE): "promises",
    datetime(2026, 11, 2, 7, 30, tzinfo=ZONE): "notifications",
}


@pytest.mark.parametrize("cuts", [{}, CUTS], ids=["undisturbed", "each service killed once"])
def test_the_year_ends_with_exactly_the_promised_standing_and_mails(
    scratch: Path, unique: str, cuts: dict[datetime, str]
) -> None:
    left = dict(cuts)
    with running(scratch / unique, TOLD) as system:

        async def cut(now: datetime) -> None:
            if (service := left.pop(now, None)) is not None:
                system.kill(service)

        outcome = asyncio.run(played(system, cut, TOLD))
        restarts = {name: child.restarts for name, child in system.supervisor.children.items()}
    assert not left, "the year did not stop at these moments"
    assert closing.differences(outcome, TOLD.expected) == []
    assert len(set(outcome.message_ids)) == 9
    assert restarts == {"inbox": 0} | {name: int(bool(cuts)) for name in ("activities", "promises", "notifications")}
