"""The demonstrations on real processes, with power cuts while they play."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from local.closing import Outcome
from local.demo import ZONE
from local.places import ONE_PROMISE, YEAR, Story, story
from local.system import SERVICES

from local import closing
from tests.year import played, running


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


ONE_CUT_EACH = {
    at("2026-04-15T09:20"): "activities",
    at("2026-11-02"): "promises",
    at("2026-11-02T07:30"): "notifications",
}
KAFKA_TOO = ONE_CUT_EACH | {at("2026-08-31T23:59"): "kafka"}


def play(folder: Path, told: Story, cuts: dict[datetime, str]) -> tuple[Outcome, dict[str, int]]:
    """Play with these power cuts; answer what came out and how often each process was started again."""
    left = dict(cuts)
    with running(folder, told) as system:

        async def cut(now: datetime) -> None:
            if (process := left.pop(now, None)) is not None:
                system.kill(process)

        outcome = asyncio.run(played(system, cut, told))
        restarts = {name: child.restarts for name, child in system.supervisor.children.items()}
    assert not left, "the year did not stop at these moments"
    return outcome, restarts


@pytest.mark.parametrize("cuts", [{}, ONE_CUT_EACH], ids=["undisturbed", "each service killed once"])
def test_one_promise_ends_fulfilled_after_exactly_nine_mails(
    scratch: Path, unique: str, cuts: dict[datetime, str]
) -> None:
    told = story(ONE_PROMISE)
    outcome, restarts = play(scratch / unique, told, cuts)
    assert closing.differences(outcome, told.expected) == []
    assert len(set(outcome.message_ids)) == 9
    assert restarts == {"inbox": 0} | dict.fromkeys(SERVICES, int(bool(cuts)))


def test_the_year_of_ten_promises_ends_byte_for_byte_alike_whatever_is_killed(scratch: Path, unique: str) -> None:
    told = story(YEAR)
    calm, _ = play(scratch / unique / "calm", told, {})
    assert closing.differences(calm, told.expected) == []
    cut, restarts = play(scratch / unique / "cut", told, KAFKA_TOO)
    assert closing.differences(cut, told.expected) == []
    assert closing.canonical(cut) == closing.canonical(calm)
    assert min(restarts[service] for service in SERVICES) >= 1
