"""Periods by name and their days, for the reference fold: plain dates, Stockholm, inclusive ends."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from holidays import country_holidays

SWEDEN = ZoneInfo("Europe/Stockholm")
LENGTHS = {"month": (1, "{}-{:02}"), "quarter": (3, "{}-Q{}"), "tertial": (4, "{}-T{}"), "year": (12, "{}")}
FREE = country_holidays("SE", categories=("public", "de_facto"))
DAY = timedelta(1)


class Days(NamedTuple):
    """A named stretch of whole days, both ends within; none when it ends before it begins."""

    name: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def some(self) -> bool:
        return self.first <= self.last

    def within(self, other: "Days") -> "Days":
        return self._replace(first=max(self.first, other.first), last=min(self.last, other.last))


def local(instant: str | datetime) -> date:
    """Semantics 2: the day it was in Sweden."""
    moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return moment.astimezone(SWEDEN).date()


def all_periods(kind: str, first_day: str, during: Days) -> Iterator[Days]:
    """Every period of a kind that has a day in common with `during`, oldest first (semantics 10)."""
    for year in range(during.first.year - 1, during.last.year + 1):
        yield from (each for each in _in_year(kind, first_day, year) if each.within(during).some)


def _in_year(kind: str, first_day: str, year: int) -> Iterator[Days]:
    if kind in {"school_year", "custom_year"}:
        start = "07-01" if kind == "school_year" else first_day
        begins, following = (date.fromisoformat(f"{y}-{start}") for y in (year, year + 1))
        yield Days(f"{year}/{(year + 1) % 100:02}", begins, following - DAY)
        return
    months, form = LENGTHS[kind]
    for number in range(12 // months):
        after = date(year + (number + 1) * months // 12, (number + 1) * months % 12 + 1, 1)
        yield Days(form.format(year, number + 1), date(year, number * months + 1, 1), after - DAY)


def next_tertial(instant: str) -> datetime:
    """Settled reading 22: the first moment of the tertial after the one in which something was logged."""
    day = local(instant)
    month = (day.month - 1) // 4 * 4 + 5
    return datetime(day.year + month // 12, month % 12, 1, tzinfo=SWEDEN)


def window_in(period: Days, window: dict[str, str]) -> Days:
    """A slot's month-days, placed in its period."""
    years = range(period.first.year, period.last.year + 1)
    days = [date.fromisoformat(f"{year}-{window[end]}") for end in ("from", "to") for year in years]
    return Days("", *filter(period.holds, days))


def alarm(window: Days) -> date:
    """Settled readings 3, 18, 19: the later of half-time and 20 working days before the last one."""
    day = window.last
    for number in range(21):
        day -= DAY if number else timedelta(0)
        while day.weekday() > 4 or day in FREE:
            day -= DAY
    return max(day, window.first + timedelta(((window.last - window.first).days + 1) // 2))
