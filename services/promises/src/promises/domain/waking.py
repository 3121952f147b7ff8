"""When time alone can change a standing: the instants between which nothing does."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from promises.domain.calendar import DAY, Period, Window, period_of, periods, starts
from promises.domain.obligation import Obligation
from promises.domain.reminders import stages
from promises.domain.tally import Tally
from promises.domain.working_days import before


def wake_at(
    obligation: Obligation,
    period: Period,
    tally: Tally,
    now: datetime,
    *,
    extra: Iterable[datetime],
    held_back: bool,
) -> datetime | None:
    """The first instant after `now` at which something can change; None when nothing will."""
    days = {*_days(obligation, period, tally), *(_tertials(obligation, period) if held_back else ())}
    instants = {starts(day) for day in days} | set(extra)
    return min((instant for instant in instants if instant > now), default=None)


def _tertials(obligation: Obligation, period: Period) -> Iterator[date]:
    yield from (each.window.last + DAY for each in periods("tertial", held_back_in(obligation, period)))


def _days(obligation: Obligation, period: Period, tally: Tally) -> Iterator[date]:
    grace = timedelta(obligation.grace_days)
    last = min(period.window.last, obligation.validity.last)
    yield from (max(period.window.first, obligation.validity.first), last + DAY, last + grace + DAY)
    following = next(obligation.periods(Window(period.window.last + DAY, obligation.validity.last)), None)
    if following is not None:
        yield obligation.begins_in(following)
    for need in (*tally.slots, *tally.deadlines):
        window = need.window
        yield from (window.first, risk_day(window), window.last + DAY, window.last + grace + DAY)
        yield from (stage.day for stage in stages(window, obligation.grace_days, obligation.mailing))
        yield from (day + DAY for day in need.planned)


def held_back_in(obligation: Obligation, period: Period) -> Window:
    """The days on which the public must be told how far reports are shown: until what was logged in grace is too."""
    closed = min(period.window.last, obligation.validity.last) + timedelta(obligation.grace_days) + DAY
    return Window(max(period.window.first, obligation.validity.first), period_of("tertial", closed).window.last)


def risk_day(window: Window) -> date:
    """From this day an unmet window is at risk: the later of half-time and 20 working days before it closes."""
    return max(window.first + timedelta(window.days // 2), before(window.last, 20))
