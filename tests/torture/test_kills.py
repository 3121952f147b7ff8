"""The year under random power cuts. `SEEDS=7,8` chooses which; every seed is printed with its failure."""

import asyncio
import os
import random
from datetime import datetime
from pathlib import Path

import pytest
from local.places import ONE_PROMISE, SERVICES, story

from local import closing
from tests.year import played, running

TOLD = story(ONE_PROMISE)
SEEDS = [int(seed) for seed in os.environ.get("SEEDS", "1,2,3,4,5,6").split(",")]
CHANCE, LATEST = 0.3, 0.4


@pytest.mark.parametrize("seed", SEEDS)
def test_power_cuts_at_any_moment_change_neither_standing_nor_mails(scratch: Path, unique: str, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a repeatable sequence is wanted
    kills: list[asyncio.Task[None]] = []
    with running(scratch / unique, TOLD) as system:

        async def later(service: str, delay: float) -> None:
            await asyncio.sleep(delay)
            system.kill(service)

        async def maybe(_: datetime) -> None:
            if dice.random() < CHANCE:
                kills.append(asyncio.create_task(later(dice.choice(SERVICES), dice.uniform(0, LATEST))))

        outcome = asyncio.run(played(system, maybe, TOLD))
    assert kills, "nothing was killed"
    assert closing.differences(outcome, TOLD.expected) == []
