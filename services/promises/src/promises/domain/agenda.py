"""What comes next, day by day: windows that open and close, stages, the end of grace, and what is planned."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from promises.domain.calendar import Window
from promises.domain.label import Label
from promises.domain.missing import missing, phrase
from promises.domain.obligation import Obligation
from promises.domain.reminders import stages
from promises.domain.standing import Standing
from promises.domain.tally import Need

WHAT = {
    "opens": Label("öppnar", "opens"),
    "half_time": Label("halva tiden har gått", "half of the time has passed"),
    "days_20": Label("20 arbetsdagar kvar", "20 working days left"),
    "days_10": Label("10 arbetsdagar kvar", "10 working days left"),
    "days_1": Label("1 arbetsdag kvar", "1 working day left"),
    "closes": Label("sista dag", "last day"),
    "grace_ends": Label("sista dag för sen rapportering", "last day for late reports"),
    "missed": Label("tiden har gått ut", "the time has run out"),
    "planned": Label("planerat", "planned"),
}
_ORDER = {what: place for place, what in enumerate(WHAT)}


@dataclass(frozen=True, slots=True)
class Item:
    """Something that happens on a day about a need; `missing` is None where the need is met or held back."""

    day: date
    what: str
    obligation: Obligation
    period: str
    need: Need
    missing: Label | None


def agenda(judged: Iterable[tuple[Obligation, Standing]], days: Window) -> list[Item]:
    """Everything that falls on the days, in their order; of what is met only what is planned is left."""
    found = {
        (item.day, item.obligation.id, item.period, item.what, item.need.id): item
        for _, standing in judged
        for obligation in [standing.obligation]
        for need in standing.tally.deadlines
        for item in _items(standing, need)
        if item.day in days
    }
    return sorted(found.values(), key=lambda i: (i.day, _ORDER[i.what], i.obligation.id, i.period, i.need.id))


def _items(standing: Standing, need: Need) -> Iterator[Item]:
    obligation, period = standing.obligation, standing.period.id
    left = None if standing.holds_back else phrase(missing(obligation, need))
    for day in need.planned:
        yield Item(day, "planned", obligation, period, need, left)
    if need.met:
        return
    window, grace = need.window, timedelta(obligation.grace_days)
    dates = {"opens": window.first, "closes": window.last, "grace_ends": window.last + grace}
    dates |= {stage.name: stage.day for stage in stages(window, obligation.grace_days, obligation.mailing)}
    for what, day in dates.items():
        yield Item(day, what, obligation, period, need, left)
