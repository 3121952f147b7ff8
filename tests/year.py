"""The demonstration year as tests play it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from local.closing import Outcome
from local.demo import BEGIN, play, set_clock
from local.places import ONE_PROMISE, story
from local.records import read
from local.system import System

from local import closing


@contextmanager
def running(folder: Path) -> Iterator[System]:
    """The whole system on the simulated clock, from 1 January 2026."""
    folder.mkdir(parents=True)
    set_clock(folder / "clock", BEGIN)
    told = story(ONE_PROMISE)
    system = System(folder, simulated=True, say=lambda _: None, catalogue=told.catalogue, recipients=told.recipients)
    try:
        system.start()
        yield system
    finally:
        system.stop()


async def played(system: System, during: Callable[[datetime], Awaitable[None]]) -> Outcome:
    """Play to the end under supervision; answer what came out."""
    watching = asyncio.create_task(system.supervisor.watch())
    try:
        await play(system, read(story(ONE_PROMISE).records), say=lambda _, __: None, during=during)
        return await closing.collect(system)
    finally:
        watching.cancel()
