"""The commands `up` and `demo`: start, say where to look, stay or leave."""

import asyncio
import shutil
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from rich.console import Console

from local import closing, table
from local.demo import BEGIN, END, play, set_clock
from local.places import DATA, ONE_PROMISE, Story, story
from local.records import read
from local.system import System

console = Console(highlight=False, soft_wrap=True)


def up(folder: Path) -> int:
    """Run the system in real time until Ctrl-C; what is reported is kept for the next time."""
    system = System(folder, simulated=False, say=_said)
    try:
        system.start()
        table.where_to_look(console, system)
        with suppress(KeyboardInterrupt):
            asyncio.run(system.supervisor.watch())
    finally:
        system.stop()
    return 0


def demo(*, until: datetime = END, stay: bool) -> int:
    """Play 1 January 2026 to 15 January 2027 as two organisations' reports, and show what came of it."""
    folder = DATA / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    set_clock(folder / "clock", BEGIN)
    told = story(ONE_PROMISE)
    system = System(folder, simulated=True, say=_said, catalogue=told.catalogue, recipients=told.recipients)
    try:
        system.start()
        status = asyncio.run(_demo(system, told, until, stay=stay))
    finally:
        system.stop()
    return status


async def _demo(system: System, told: Story, until: datetime, *, stay: bool) -> int:
    watching = asyncio.create_task(system.supervisor.watch())
    began = time.monotonic()
    count = await play(system, read(told.records), until=until, say=_at)
    outcome = await closing.collect(system)
    wrong = closing.differences(outcome, told.expected) if until == END else []
    table.closing(console, outcome, wrong, f"{count} moments of the year in {time.monotonic() - began:.1f} s")
    table.where_to_look(console, system)
    if stay:
        with suppress(asyncio.CancelledError):
            await watching
    watching.cancel()
    return 1 if wrong else 0


def _said(text: str) -> None:
    console.print(f"  {text}", style="dim")


def _at(moment: datetime, text: str) -> None:
    console.print(f"{moment:%Y-%m-%d %H:%M}  {text}", markup=False)
