"""Local days in Sweden and the periods a promise is followed up in; periods are derived by rule, never stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = timedelta(days=1)
PeriodKind = Literal["month", "quarter", "tertial", "year", "school_year"]
_MONTHS: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "tertial": 4, "year": 12, "school_year": 12}
_SCHOOL_YEAR_STARTS = 7


@lru_cache(maxsize=4096)
def starts(day: date) -> datetime:
    """The instant (UTC) at which a local day begins."""
    return datetime.combine(day, time(), STOCKHOLM).astimezone(UTC)


def local_day(moment: datetime) -> date:
    """The day in Sweden at a moment."""
    return moment.astimezone(STOCKHOLM).date()


@dataclass(frozen=True, slots=True)
class Window:
    """Local days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def overlaps(self, other: "Window") -> bool:
        """Whether the windows share a day."""
        return self.first <= other.last and other.first <= self.last

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Period:
    """`id` is `2026`, `2026/27`, `2026-T1`, `2026-Q1` or `2026-01`."""

    id: str
    kind: PeriodKind
    window: Window


def period_of(kind: PeriodKind, day: date) -> Period:
    """The period of a kind that holds a day; the school year begins on 1 July."""
    months = _MONTHS[kind]
    start = _SCHOOL_YEAR_STARTS if kind == "school_year" else 1
    counted = (day.year * 12 + day.month - start) // months * months + start - 1
    first = _first_of(counted)
    return Period(_name(kind, first), kind, Window(first, _first_of(counted + months) - DAY))


def first_day(name: str) -> date:
    """The first day of the period with this id."""
    year, mark, rest = int(name[:4]), name[4:5], name[5:]
    if mark == "/":
        return date(year, _SCHOOL_YEAR_STARTS, 1)
    if rest.startswith(("T", "Q")):
        return date(year, (int(rest[1:]) - 1) * (4 if rest[0] == "T" else 3) + 1, 1)
    return date(year, int(rest or "1"), 1)


def periods(kind: PeriodKind, window: Window) -> Iterator[Period]:
    """The periods that overlap a window, in order."""
    day = window.first
    while day <= window.last:
        period = period_of(kind, day)
        yield period
        day = period.window.last + DAY


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def _name(kind: PeriodKind, first: date) -> str:
    match kind:
        case "month":
            return f"{first:%Y-%m}"
        case "quarter":
            return f"{first.year}-Q{first.month // 3 + 1}"
        case "tertial":
            return f"{first.year}-T{first.month // 4 + 1}"
        case "year":
            return f"{first.year}"
        case "school_year":
            return f"{first.year}/{(first.year + 1) % 100:02}"


@dataclass(frozen=True, slots=True, order=True)
class MonthDay:
    """A day of every year, as `"03-01"`."""

    month: int
    day: int

    def within(self, window: Window) -> date:
        """This day in a period of a year; 29 February becomes the 28th where there is none.

        Raises:
            ValueError: the window does not hold the day.
        """
        for year in (window.first.year, window.last.year):
            found = _clamped(year, self.month, self.day)
            if found in window:
                return found
        raise ValueError(f"{self.month:02}-{self.day:02} does not lie in {window.first}–{window.last}")


def _clamped(year: int, month: int, day: int) -> date:
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1
