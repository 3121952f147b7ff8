"""What every rule answers: needs with their windows, what fills them and who is still awaited."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from promises.domain.calendar import Window
from promises.domain.evidence import Fact
from promises.domain.label import Label
from promises.domain.parameters import Match

What = Literal["slot", "focus", "period"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many occasions that not all have taken part in: who reported them, and the `partners` who could complete them.

    `apart` tells that all kinds of organisation did something, each by itself.
    """

    count: int = 0
    reported: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    apart: bool = False


NOBODY = Waiting()


@dataclass(frozen=True, slots=True)
class Need:
    """Something due within a window; `id` is the slot's or the focus's, or empty for the whole period.

    `awaited` are the owners without whom it stays unmet, `waiting` what they would complete.
    `themes` are those that would fill it, or, where all are asked for, those left; `planned` are the days of plans,
    `short` the units that lack something as (unit, there, needed).
    """

    id: str
    name: Label
    window: Window
    need: int
    themes: tuple[str, ...] = ()
    match: Match = "any"
    count: int = 0
    met: bool = False
    awaited: tuple[str, ...] = ()
    waiting: Waiting = NOBODY
    planned: tuple[date, ...] = ()
    short: tuple[tuple[str, int, int], ...] = ()
    what: What = "slot"

    @property
    def reported(self) -> tuple[str, ...]:
        """Those who did their part while others are missing."""
        return self.waiting.reported

    @property
    def filled(self) -> int:
        """How much of the need is filled: never all of it while one of its themes is left (settled reading 9)."""
        return self.need if self.met else min(self.count, self.need - 1)


@dataclass(frozen=True, slots=True)
class Tally:
    """`counted` occasions of `need` in the period; `stray` ones fill no slot and need assessment.

    `deadlines` are the needs that remind, `progress` is (filled, needed) and never above one. `waiting` are those of
    the `partner_missing` that no unmet need holds. `no_baseline` tells that there is nothing to measure against,
    `by_unit` whether the baseline tells units apart, `unknown_units` how many reports name none of its units.
    `disagreements` are occasions whose reports contradict each other, and in what.
    """

    counted: int
    need: int
    met: bool
    slots: tuple[Need, ...]
    deadlines: tuple[Need, ...]
    progress: tuple[int, int]
    stray: int = 0
    partner_missing: int = 0
    waiting: Waiting = NOBODY
    possible_duplicates: tuple[date, ...] = ()
    disagreements: tuple[tuple[date, tuple[Fact, ...]], ...] = ()
    no_baseline: bool = False
    by_unit: bool | None = None
    unknown_units: int = 0


NOTHING = Tally(counted=0, need=0, met=False, slots=(), deadlines=(), progress=(0, 1))
