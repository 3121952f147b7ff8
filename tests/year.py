"""The demonstration year as tests play it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from local.closing import Outcome
from local.demo import BEGIN, END, ZONE, Player, set_clock
from local.places import Story
from local.records import read
from local.system import System

from local import closing


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


ONE_CUT_EACH = {
    at("2026-04-15T09:20"): "activities",
    at("2026-11-02"): "promises",
    at("2026-11-02T07:30"): "notifications",
}
"""Moments amid the work of an instant, and the service that loses power there."""


@contextmanager
def running(folder: Path, told: Story, new: type[System] = System) -> Iterator[System]:
    """The whole system on the simulated clock, from 1 January 2026."""
    folder.mkdir(parents=True)
    set_clock(folder / "clock", BEGIN)
    system = new(folder, simulated=True, say=lambda _: None, catalogue=told.catalogue, recipients=told.recipients)
    try:
        system.start()
        yield system
    finally:
        system.stop()


async def played(
    system: System,
    during: Callable[[datetime], Awaitable[None]],
    told: Story,
    begin: datetime = BEGIN,
    until: datetime = END,
) -> Outcome:
    """Play under supervision; answer what came out."""
    watching = asyncio.create_task(system.watch())
    try:
        player = Player(system, read(told.records), lambda _, __: None, begin=begin, until=until, during=during)
        await player.play()
        return await closing.collect(system, player.surprises)
    finally:
        watching.cancel()


def play(folder: Path, told: Story, cuts: Mapping[datetime, str]) -> tuple[Outcome, dict[str, int]]:
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
