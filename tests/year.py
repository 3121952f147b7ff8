"""The demonstration year as tests play it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from local.closing import Outcome
from local.demo import BEGIN, Player, set_clock
from local.places import Story
from local.records import read
from local.system import System

from local import closing


@contextmanager
def running(folder: Path, told: Story) -> Iterator[System]:
    """The whole system on the simulated clock, from 1 January 2026."""
    folder.mkdir(parents=True)
    set_clock(folder / "clock", BEGIN)
    system = System(folder, simulated=True, say=lambda _: None, catalogue=told.catalogue, recipients=told.recipients)
    try:
        system.start()
        yield system
    finally:
        system.stop()


async def played(system: System, during: Callable[[datetime], Awaitable[None]], told: Story) -> Outcome:
    """Play to the end under supervision; answer what came out."""
    watching = asyncio.create_task(system.watch())
    try:
        player = Player(system, read(told.records), lambda _, __: None, during=during)
        await player.play()
        return await closing.collect(system, player.surprises)
    finally:
        watching.cancel()
