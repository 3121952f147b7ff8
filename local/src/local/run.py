"""The commands `up` and `demo`: start, say where to look, stay or leave."""

import asyncio
import shutil
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console

from local import closing, page, table
from local.claim import claim
from local.demo import BEGIN, END, Player, set_clock
from local.extra import Extra
from local.places import DATA, ONE_PROMISE, YEAR, Story, story
from local.records import read
from local.system import System

WIDTH = 120
console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDTH)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked of a demonstration; `pace` is the most days a second."""

    until: datetime = END
    stay: bool = True
    pace: float | None = None
    seed: int = 0
    extra: int = 0
    one_promise: bool = False
    observed: bool = False


def up(folder: Path, *, observed: bool = False) -> int:
    """Run the system in real time until Ctrl-C; what is reported is kept for the next time."""
    system = System(folder, simulated=False, say=_said, observed=observed)
    try:
        system.start()
        table.where_to_look(console, system)
        with suppress(KeyboardInterrupt):
            asyncio.run(system.watch())
    finally:
        system.stop()
    return 0


def demo(wish: Wish) -> int:
    """Play 1 January 2026 to 15 January 2027 as two organisations' reports, and show what came of it."""
    folder, told = DATA / "demo", story(ONE_PROMISE if wish.one_promise else YEAR)
    claim(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    set_clock(folder / "clock", BEGIN)
    system = System(
        folder,
        simulated=True,
        say=_said,
        catalogue=told.catalogue,
        recipients=told.recipients,
        observed=wish.observed,
    )
    try:
        system.start()
        status = asyncio.run(_demo(system, told, wish))
    finally:
        system.stop()
    return status


async def _demo(system: System, told: Story, wish: Wish) -> int:
    watching = asyncio.create_task(system.watch())
    began = time.monotonic()
    extra = Extra(wish.seed, wish.extra)
    player = Player(system, read(told.records), _at, until=wish.until, pace=wish.pace, extra=extra)
    await player.play()
    took = f"{player.moments} moments of the year in {time.monotonic() - began:.1f} s"
    if wish.extra:
        took += f", {player.seconds_for_extra:.1f} s of them for {wish.extra:,} made-up activities"
    outcome = await closing.collect(system, player.surprises)
    compared = wish.until == END and not wish.extra
    wrong = closing.differences(outcome, told.expected) if compared else player.surprises
    table.closing(console, outcome, player.strips, wrong, took=took, compared=compared)
    page.write(system.pages, outcome, player.strips, wrong, took)
    if wish.stay:
        table.where_to_look(console, system)
        with suppress(asyncio.CancelledError):
            await watching
    watching.cancel()
    return 1 if wrong else 0


def _said(text: str) -> None:
    console.print(f"  {text}", style="dim", markup=False)


def _at(moment: datetime, text: str) -> None:
    console.print(f"{moment:%Y-%m-%d %H:%M}  {text}", markup=False)
