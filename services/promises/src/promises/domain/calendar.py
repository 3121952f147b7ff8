"""Local days in Sweden and the periods a promise is followed up in; periods are derived by rule, never stored."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = timedelta(days=1)
PeriodKind = Literal["month", "quarter", "tertial", "year", "school_year", "custom_year"]
PartOfYear = Literal["month", "quarter", "tertial"]
_MONTHS: dict[PartOfYear, int] = {"month": 1, "quarter": 3, "tertial": 4}


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


@dataclass(frozen=True, slots=True, order=True)
class MonthDay:
    """A day of every year, as `"03-01"`."""

    month: int
    day: int

    @classmethod
    def read(cls, text: str) -> "MonthDay":
        """From `"03-01"`.

        Raises:
            ValueError: it is no day of a year.
        """
        try:
            found = date.fromisoformat(f"2024-{text}")
        except ValueError:
            raise ValueError(f"{text!r} is no day of a year; write it as 03-01") from None
        return cls(found.month, found.day)

    def of(self, year: int) -> date:
        """This day in a year; 29 February becomes the 28th where there is none."""
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))

    def within(self, window: Window) -> date:
        """This day in a period of a year.

        Raises:
            ValueError: the window does not hold the day.
        """
        for year in (window.first.year, window.last.year):
            found = self.of(year)
            if found in window:
                return found
        raise ValueError(f"{self.month:02}-{self.day:02} does not lie in {window.first}–{window.last}")


NEW_YEAR, SCHOOL_STARTS = MonthDay(1, 1), MonthDay(7, 1)
_STARTS: dict[PeriodKind, MonthDay] = {"year": NEW_YEAR, "school_year": SCHOOL_STARTS}


def period_of(kind: PeriodKind, day: date, year_starts: MonthDay | None = None) -> Period:
    """The period of a kind that holds a day; the school year begins on 1 July, a custom one on `year_starts`."""
    if kind == "month" or kind == "quarter" or kind == "tertial":  # noqa: PLR1714 - the type follows the comparison
        return _part_of_year(kind, day)
    start = _STARTS.get(kind) or year_starts or NEW_YEAR
    year = day.year if start.of(day.year) <= day else day.year - 1
    name = f"{year}" if start == NEW_YEAR else f"{year}/{(year + 1) % 100:02}"
    return Period(name, kind, Window(start.of(year), start.of(year + 1) - DAY))


def _part_of_year(kind: PartOfYear, day: date) -> Period:
    months = _MONTHS[kind]
    number = (day.month - 1) // months + 1
    first = date(day.year, (number - 1) * months + 1, 1)
    following = date(day.year + number * months // 12, number * months % 12 + 1, 1)
    name = f"{first:%Y-%m}" if kind == "month" else f"{day.year}-{kind[0].upper()}{number}"
    return Period(name, kind, Window(first, following - DAY))


def first_day(name: str) -> date:
    """The first day of the period with this id; one over two years is taken for a school year."""
    year, mark, rest = int(name[:4]), name[4:5], name[5:]
    if mark == "/":
        return SCHOOL_STARTS.of(year)
    if rest.startswith(("T", "Q")):
        return date(year, (int(rest[1:]) - 1) * (4 if rest[0] == "T" else 3) + 1, 1)
    return date(year, int(rest or "1"), 1)


def periods(kind: PeriodKind, window: Window, year_starts: MonthDay | None = None) -> Iterator[Period]:
    """The periods that overlap a window, in order."""
    day = window.first
    while day <= window.last:
        period = period_of(kind, day, year_starts)
        yield period
        day = period.window.last + DAY
