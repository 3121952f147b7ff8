"""Whether the slots of a rule fit their period and each other."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from promises.domain.calendar import Period
from promises.domain.parameters import words

if TYPE_CHECKING:
    from promises.domain.rules.occasions import Slot

Complaint = tuple[tuple[str | int, ...], str]
YEARS = {"year", "school_year", "custom_year"}


def misfits(slots: Sequence["Slot"], count: int, period: Period) -> Iterator[Complaint]:
    """What is wrong with them for periods such as this one, of `count` occasions: places in the rule, and sentences."""
    seen: set[str] = set()
    placed: list[tuple[int, Slot]] = []
    for n, slot in enumerate(slots):
        if slot.id in seen:
            yield ("slots", n, "id"), f"{slot.id!r} is given twice"
        seen.add(slot.id)
        if period.kind not in YEARS:
            yield ("slots", n, "window"), "slots are parts of a year; the period must be a year of some kind"
        elif not _ordered(slot, period):
            yield ("slots", n, "window"), "the window ends before it begins within its period"
        else:
            placed.append((n, slot))
    for (_, one), (n, other) in combinations(placed, 2):
        if one.window.within(period).overlaps(other.window.within(period)):
            yield from ((("slots", n, "window"), why) for why in _mixed(one, other))
    asked = sum(slot.count.value for slot in slots)
    if asked > count:
        yield ("count",), f"the slots ask for {asked} occasions together, more than the {count} of the whole period"


def _ordered(slot: "Slot", period: Period) -> bool:
    try:
        window = slot.window.within(period)
    except ValueError:
        return False
    return window.first <= window.last


def _mixed(one: "Slot", other: "Slot") -> Iterator[str]:
    """Slots that share days tell their occasions apart by theme: one that filled both would count twice."""
    mine, theirs = words(one.themes), words(other.themes)
    shared = ", ".join(theme for theme in theirs if theme in mine)
    if shared or not (mine and theirs):
        same = f" and shares {shared} with it" if shared else ", and an occasion would fill both"
        yield f"overlaps {one.id!r}{same}: give them days or themes of their own"
