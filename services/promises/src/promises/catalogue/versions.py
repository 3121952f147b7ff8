"""Whether days fit: validities, the versions of a promise one after another, and rules within their periods."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from chassis.remedies import Place
from contracts.model import OUTSIDE, YEARS

from promises.catalogue.model import Catalogue, ObligationEntry, PeriodEntry, PromiseEntry, Validity
from promises.domain.calendar import DAY, MonthDay, Period, period_of

Complaint = tuple[Place, str]
Version = tuple[Place, ObligationEntry, Validity]


def misfits(catalogue: Catalogue) -> Iterator[Complaint]:
    """Everything about days that is wrong."""
    versions: dict[str, list[Version]] = defaultdict(list)
    for n, promise in enumerate(catalogue.promises):
        yield from _days(("promises", n, "validity"), promise.validity)
        for m, entry in enumerate(promise.obligations):
            place = ("promises", n, "obligations", m)
            validity = entry.validity or promise.validity
            if entry.validity:
                yield from _days((*place, "validity"), entry.validity)
            versions[entry.id].append((place, entry, validity))
            complaint = _first_day(entry.period)
            if complaint:
                yield (*place, "period"), complaint
            elif _sound(validity):
                period = _period(entry.period, validity.first)
                yield from (((*place, "rule", *where), why) for where, why in entry.rule.complaints(period))
    yield from _promises(catalogue, versions)
    yield from _together(catalogue)
    for found in versions.values():
        found.sort(key=lambda version: version[2].first)
        for before, after in pairwise(found):
            yield from _successive(before, after)


def _days(place: Place, validity: Validity) -> Iterator[Complaint]:
    for word, which, day in (("from", "first", validity.first), ("to", "last", validity.last)):
        if day.year not in YEARS:
            yield (*place, word), f"{OUTSIDE}; give the {which} day for which the promise is made"
    if validity.last < validity.first:
        yield (*place, "to"), "lies before `from`"


def _sound(validity: Validity) -> bool:
    return not any(_days((), validity))


def _first_day(period: PeriodEntry) -> str | None:
    if (period.value == "custom_year") != (period.first_day is not None):
        return "a custom_year says its `first_day`, as 10-01, and no other period does"
    try:
        MonthDay.read(period.first_day or "01-01")
    except ValueError as error:
        return str(error)
    return None


def _period(entry: PeriodEntry, day: date) -> Period:
    return period_of(entry.value, day, MonthDay.read(entry.first_day) if entry.first_day else None)


def _promises(catalogue: Catalogue, versions: dict[str, list[Version]]) -> Iterator[Complaint]:
    """An obligation belongs to one promise in all its versions, and a version holds it once."""
    for found in versions.values():
        home = catalogue.promises[int(found[0][0][1])].id
        for place, entry, _ in found[1:]:
            if catalogue.promises[int(place[1])].id != home:
                yield (*place, "id"), f"{entry.id!r} is given twice: it belongs to the promise {home!r}"


def _together(catalogue: Catalogue) -> Iterator[Complaint]:
    """A promise is printed in one version at a time, also where its versions hold different obligations."""
    entries = sorted(enumerate(catalogue.promises), key=lambda each: (each[1].id, each[1].validity.first))
    for (_, before), (n, after) in pairwise(entries):
        if before.id == after.id and not _shared(before, after) and after.validity.first <= before.validity.last:
            yield ("promises", n, "id"), f"{after.id!r} is given twice for {after.validity.first}"


def _shared(one: PromiseEntry, other: PromiseEntry) -> bool:
    """Whether they hold an obligation both; its versions are then told of by name."""
    return bool({each.id for each in one.obligations} & {each.id for each in other.obligations})


def _successive(before: Version, after: Version) -> Iterator[Complaint]:
    """Settled reading 15: versions follow one another, and a period is of one kind from its first day to its last."""
    _, old, was = before
    place, new, becomes = after
    where = (*place, "validity") if new.validity else (*place[:2], "validity")
    if not (_sound(was) and _sound(becomes)) or _first_day(old.period) or _first_day(new.period):
        return
    if becomes.first <= was.last:
        yield (
            (*where, "from"),
            f"{new.id!r} is given twice: begin on {was.last + DAY} or later",
        )
        return
    ending = _period(old.period, was.last)
    gap = becomes.first > was.last + DAY
    other_kind = (old.period.value, old.period.first_day) != (new.period.value, new.period.first_day)
    if (gap or other_kind) and becomes.first <= ending.window.last:
        what = "leaves days without a version" if gap else "changes the kind of period"
        day = ending.window.last + DAY
        yield (*where, "from"), f"{new.id!r} {what} within the period {ending.id}; begin on {day} or later"
    elif other_kind and _period(new.period, becomes.first).window.first < was.last + DAY:
        begun = _period(new.period, becomes.first)
        yield (*where, "from"), f"{new.id!r} changes the kind of period within {begun.id}; begin with a period"
