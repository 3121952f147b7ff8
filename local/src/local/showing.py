"""Plays a story on a stage before a person at a terminal, and ends with what came of it."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.console import Console

from local import closing, table
from local.closing import Outcome
from local.demo import END, Player
from local.extra import Extra
from local.places import Story
from local.records import read
from local.signs import Strips
from local.stage import Stage

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


@dataclass(frozen=True, slots=True)
class Shown:
    """What came out, and what of it was `wrong`."""

    outcome: Outcome
    strips: Strips
    wrong: Sequence[str]
    took: str


async def show(stage: Stage, told: Story, wish: Wish, begin: datetime) -> Shown:
    """Play from `begin`, then collect, compare and print."""
    began = time.monotonic()
    extra = Extra(wish.seed, wish.extra)
    player = Player(stage, read(told.records), _at, begin=begin, until=wish.until, pace=wish.pace, extra=extra)
    await player.play()
    took = f"{player.moments} moments of the year in {time.monotonic() - began:.1f} s"
    if wish.extra:
        took += f", {player.seconds_for_extra:.1f} s of them for {wish.extra:,} made-up activities"
    outcome = await closing.collect(stage, player.surprises)
    compared = wish.until == END and not wish.extra
    wrong = closing.differences(outcome, told.expected) if compared else player.surprises
    table.closing(console, outcome, player.strips, wrong, took=took, compared=compared)
    return Shown(outcome, player.strips, wrong, took)


def said(text: str) -> None:
    """Tell a step of starting and keeping alive."""
    console.print(f"  {text}", style="dim", markup=False)


def _at(moment: datetime, text: str) -> None:
    console.print(f"{moment:%Y-%m-%d %H:%M}  {text}", markup=False)
