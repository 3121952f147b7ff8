"""Occasions: at least so many in the period, and in every slot what the slot asks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from promises.domain.calendar import Period
from promises.domain.evidence import Occasion, owners_taking_part
from promises.domain.obligation import Obligation, Occasions, Slot
from promises.domain.period_names import name_of
from promises.domain.tally import Need, Tally


def count(obligation: Obligation, rule: Occasions, period: Period, found: Sequence[Occasion]) -> Tally:
    """Count the occasions of a period; each counts once, and joint ones only when all have taken part."""
    fitting = [o for o in found if o.day in period.window and _asked_for(rule, o) and owners_taking_part(obligation, o)]
    done = [o for o in fitting if o.status == "done"]
    complete = [o for o in done if _complete(obligation, rule, o)]
    slots = tuple(_slot(obligation, rule, slot, period, fitting) for slot in rule.slots)
    filling = [o for o in complete if any(_fits(slot, period, o) for slot in rule.slots)]
    whole = _filled(obligation, rule, Need("", name_of(period), period.window, rule.need), fitting)
    asked = sum(slot.need for slot in rule.slots)
    deadlines = slots if rule.slots and rule.need <= asked else (*slots, whole)
    return Tally(
        counted=len(complete),
        need=rule.need,
        met=all(slot.met for slot in slots) and len(complete) >= rule.need,
        slots=slots,
        deadlines=deadlines,
        progress=_progress(slots, len(complete), rule.need),
        stray=len(complete) - len(filling) if rule.slots else 0,
        partner_missing=len(done) - len(complete),
        possible_duplicates=_twice(done),
    )


def _asked_for(rule: Occasions, occasion: Occasion) -> bool:
    return (
        (occasion.special_effort or not rule.special_effort)
        and (not rule.audiences or bool(rule.audiences & occasion.audiences))
        and (not rule.kinds or bool(rule.kinds & occasion.kinds))
    )


def _complete(obligation: Obligation, rule: Occasions, occasion: Occasion) -> bool:
    return rule.taking_part <= {obligation.kind_of(organisation) for organisation in occasion.taking_part}


def _fits(slot: Slot, period: Period, occasion: Occasion) -> bool:
    return occasion.day in slot.window(period) and bool(slot.themes & occasion.themes or not slot.themes)


def _slot(obligation: Obligation, rule: Occasions, slot: Slot, period: Period, fitting: Sequence[Occasion]) -> Need:
    within = [o for o in fitting if _fits(slot, period, o)]
    empty = Need(slot.id, slot.name, slot.window(period), slot.need, tuple(sorted(slot.themes)), slot.match)
    return _filled(obligation, rule, empty, within)


def _filled(obligation: Obligation, rule: Occasions, need: Need, within: Sequence[Occasion]) -> Need:
    done = [o for o in within if o.status == "done"]
    complete = [o for o in done if _complete(obligation, rule, o)]
    left = need.themes if need.match == "any" else _uncovered(need.themes, complete)
    met = len(complete) >= need.need and (need.match == "any" or not left)
    partial = [o for o in done if not _complete(obligation, rule, o)]
    awaited, reported = ((), ()) if met else _waiting(obligation, rule, partial, need.need - len(complete))
    planned = tuple(sorted({o.day for o in within if o.status == "planned"}))
    return replace(need, themes=left, count=len(complete), met=met, awaited=awaited, reported=reported, planned=planned)


def _uncovered(themes: Sequence[str], complete: Sequence[Occasion]) -> tuple[str, ...]:
    covered = frozenset[str]().union(*(occasion.themes for occasion in complete))
    return tuple(theme for theme in themes if theme not in covered)


def _waiting(
    obligation: Obligation, rule: Occasions, partial: Sequence[Occasion], lacking: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is awaited: everybody, or only the partners where the others have done their part (semantics 6)."""
    everybody = tuple(owner.id for owner in obligation.owners)
    reported = {owner for occasion in partial for owner in owners_taking_part(obligation, occasion)}
    if not partial or len(partial) < lacking:
        return everybody, tuple(owner for owner in everybody if owner in reported)
    there = {obligation.kind_of(owner) for owner in reported}
    missing = tuple(o.id for o in obligation.owners if o.kind in rule.taking_part - there)
    return missing or everybody, tuple(owner for owner in everybody if owner in reported)


def _progress(slots: Sequence[Need], counted: int, need: int) -> tuple[int, int]:
    """The least of slots filled and total, each capped (settled reading 9)."""
    shares = [(min(counted, need), need)]
    if slots:
        shares.append((sum(min(slot.count, slot.need) for slot in slots), sum(slot.need for slot in slots)))
    return min(shares, key=lambda share: Fraction(*share))


def _twice(done: Sequence[Occasion]) -> tuple[date, ...]:
    days = Counter(occasion.day for occasion in done if not occasion.keyed)
    return tuple(sorted(day for day, times in days.items() if times > 1))
