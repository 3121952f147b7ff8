"""Swedish working days, the eves included: Midsummer's, Christmas and New Year's Eve are holidays in fact."""

from datetime import date
from functools import lru_cache

from holidays.countries.sweden import Sweden

from promises.domain.calendar import DAY


# Sweden by its module: `holidays.country_holidays("SE")` loads every country at the first question, for half a second.
@lru_cache(maxsize=64)
def _free(year: int) -> frozenset[date]:
    found = Sweden(years=year, categories=("public", "de_facto"), include_sundays=False)
    return frozenset(found)


def is_working_day(day: date) -> bool:
    """Monday to Friday and no holiday (semantics 16)."""
    return day.weekday() < 5 and day not in _free(day.year)  # noqa: PLR2004 - Saturday is 5


def on_or_before(day: date) -> date:
    """The last working day on or before a day: the anchor that "n working days before" is counted from."""
    while not is_working_day(day):
        day -= DAY
    return day


@lru_cache(maxsize=4096)
def before(end: date, count: int) -> date:
    """The day `count` working days before the anchor of `end` (settled reading 18)."""
    day = on_or_before(end)
    for _ in range(count):
        day = on_or_before(day - DAY)
    return day


def between(today: date, last: date) -> int:
    """How many working days lie after `today` up to `last`; 0 when none is left."""
    count = 0
    while today < last:
        today += DAY
        count += is_working_day(today)
    return count
