"""What is missing, said as a list: one item for every need, unit and partner that is lacking."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from promises.domain.label import AND, OR, Label, labels_listed
from promises.domain.obligation import Obligation
from promises.domain.tally import Need, Tally

NAMED = 5
Lacking = Literal["slot", "focus", "period", "total", "unit", "partner", "baseline"]


@dataclass(frozen=True, slots=True)
class Missing:
    """Something lacking: `of` is the slot, focus, unit or organisation, empty for the whole period.

    `count` of `need` are there, never all while a theme is left; `themes` are those that would fill it.
    """

    code: Lacking
    of: str
    count: int
    need: int
    themes: tuple[str, ...]
    text: Label


def missing_of(obligation: Obligation, tally: Tally) -> tuple[Missing, ...]:
    """What is missing for the period, in the order of the slots."""
    if tally.no_baseline:
        return tuple(_baseline(need) for need in tally.deadlines)
    focuses = [need for need in tally.slots if need.what == "focus"]
    needs = focuses or [*tally.slots, *(need for need in tally.deadlines if need.what == "period")]
    total = bool(tally.slots) and not focuses
    return tuple(item for need in needs if not need.met for item in _items(obligation, need, total=total))


def missing(obligation: Obligation, need: Need) -> tuple[Missing, ...]:
    """The same for one need."""
    if need.met:
        return ()
    return tuple(_items(obligation, need)) if need.need else (_baseline(need),)


def phrase(items: Sequence[Missing]) -> Label | None:
    """The items in one line, at most five units of a longer list by name; None where nothing is missing."""
    shown = texts(items)
    return Label("; ".join(each.sv for each in shown), "; ".join(each.en for each in shown)) if shown else None


def texts(items: Sequence[Missing]) -> list[Label]:
    """The items as people read them, at most five units by name."""
    units = [item for item in items if item.code == "unit"]
    more = len(units) - NAMED
    shown = [item.text for item in items if item.code != "unit"] + [item.text for item in units[:NAMED]]
    return [*shown, Label(f"och {more} till", f"and {more} more")] if more > 0 else shown


def units_of(need: Need, left: str, of: str, more: str) -> str:
    """The units that lack something, at most five of them by name."""
    named = [f"{unit} ({there} {of} {size})" for unit, there, size in need.short[:NAMED]]
    rest = len(need.short) - NAMED
    return f"; {left}: {', '.join(named)}{' ' + more.format(rest) if rest > 0 else ''}"


def _items(obligation: Obligation, need: Need, *, total: bool = False) -> Iterator[Missing]:
    code: Lacking = "total" if total and need.what == "period" else need.what
    about = _about(obligation, need)
    there = NO_WORDS
    if need.count < need.need > 1:
        there = Label(f": {need.count} av {need.need}", f": {need.count} of {need.need}")
    text = Label(f"{need.name.sv}{about.sv}{there.sv}", f"{need.name.en}{about.en}{there.en}")
    yield Missing(code, need.id, need.filled, need.need, need.themes, text)
    for unit, count, size in need.short:
        text = Label(f"{unit}: {count} av {size}", f"{unit}: {count} of {size}")
        yield Missing("unit", unit, count, size, (), text)
    if not need.waiting.apart:
        names = obligation.owner_names
        for owner in need.waiting.partners:
            text = Label(
                f"rapport eller bekräftelse från {names[owner].sv}", f"a report or confirmation by {names[owner].en}"
            )
            yield Missing("partner", owner, 0, 1, (), text)


def _baseline(need: Need) -> Missing:
    text = Label(f"underlag: hur många det gäller {need.name.sv}", f"baseline: how many there are in {need.name.en}")
    return Missing("baseline", need.id, 0, 1, (), text)


NO_WORDS = Label("", "")


def _about(obligation: Obligation, need: Need) -> Label:
    if not need.themes or need.what == "focus":
        return NO_WORDS
    words = [obligation.words[theme] for theme in need.themes]
    joined = labels_listed(words, AND if need.match == "all" else OR)
    return Label(f" ({joined.sv})", f" ({joined.en})")
