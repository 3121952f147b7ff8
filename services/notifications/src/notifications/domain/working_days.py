"""Swedish working days, the eves included: Midsummer's, Christmas and New Year's Eve are holidays in fact."""

from datetime import date, timedelta
from functools import lru_cache

from holidays.countries.sweden import Sweden

DAY = timedelta(days=1)
SATURDAY = 5


# Sweden by its module: `holidays.country_holidays("SE")` loads every country at the first question, for half a second.
@lru_cache(maxsize=64)
def _free(year: int) -> frozenset[date]:
    found = Sweden(years=year, categories=("public", "de_facto"), include_sundays=False)
    return frozenset(found)


def is_working_day(day: date) -> bool:
    """Monday to Friday and no holiday (semantics 16)."""
    return day.weekday() < SATURDAY and day not in _free(day.year)


def on_or_after(day: date) -> date:
    """The first working day on or after a day."""
    while not is_working_day(day):
        day += DAY
    return day


def between(today: date, last: date) -> int:
    """How many working days lie after `today` up to `last`; 0 when none is left."""
    count = 0
    while today < last:
        today += DAY
        count += is_working_day(today)
    return count
