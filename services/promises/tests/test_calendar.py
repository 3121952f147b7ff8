from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from promises.domain.calendar import (
    MonthDay,
    PeriodKind,
    Window,
    first_day,
    local_day,
    period_of,
    periods,
    starts,
)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-12-31T23:30:00Z", date(2027, 1, 1)),
        ("2026-08-31T22:30:00Z", date(2026, 9, 1)),
        ("2026-10-24T22:30:00Z", date(2026, 10, 25)),
        ("2026-10-25T22:30:00Z", date(2026, 10, 25)),
        ("2027-03-27T23:30:00Z", date(2027, 3, 28)),
        ("2027-03-28T21:59:59Z", date(2027, 3, 28)),
    ],
)
def test_a_moment_belongs_to_the_day_that_sweden_has(moment: str, day: date) -> None:
    assert local_day(datetime.fromisoformat(moment)) == day


def test_a_day_starts_at_midnight_in_sweden_before_and_after_the_clocks_change() -> None:
    assert starts(date(2026, 10, 25)) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert starts(date(2026, 10, 26)) == datetime(2026, 10, 25, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "name", "first", "last"),
    [
        ("month", "2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("quarter", "2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("tertial", "2026-T1", date(2026, 1, 1), date(2026, 4, 30)),
        ("year", "2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("school_year", "2025/26", date(2025, 7, 1), date(2026, 6, 30)),
    ],
)
def test_a_period_is_derived_from_any_of_its_days(kind: PeriodKind, name: str, first: date, last: date) -> None:
    for day in (first, date(2026, 2, 14), last):
        found = period_of(kind, day)
        assert (found.id, found.kind, found.window) == (name, kind, Window(first, last))


def test_periods_follow_each_other_without_a_gap() -> None:
    found = list(periods("tertial", Window(date(2025, 12, 31), date(2026, 9, 1))))
    assert [period.id for period in found] == ["2025-T3", "2026-T1", "2026-T2", "2026-T3"]


def test_the_school_year_at_the_turn_of_a_century_is_named_with_two_digits() -> None:
    assert period_of("school_year", date(2099, 8, 1)).id == "2099/00"


def test_leap_day_becomes_the_twenty_eighth() -> None:
    assert MonthDay(2, 29).within(Window(date(2026, 1, 1), date(2026, 12, 31))) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("2026", "2026-01-01"),
        ("2026/27", "2026-07-01"),
        ("2026-T1", "2026-01-01"),
        ("2026-T2", "2026-05-01"),
        ("2026-T3", "2026-09-01"),
        ("2026-Q1", "2026-01-01"),
        ("2026-Q4", "2026-10-01"),
        ("2026-01", "2026-01-01"),
        ("2026-11", "2026-11-01"),
    ],
)
def test_the_first_day_of_a_period_is_read_off_its_name(name: str, first: str) -> None:
    assert first_day(name) == date.fromisoformat(first)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("month", ["2026-11", "2026-12", "2027-01"]),
        ("quarter", ["2026-Q4", "2027-Q1"]),
        ("tertial", ["2026-T3", "2027-T1"]),
        ("year", ["2026", "2027"]),
        ("school_year", ["2026/27"]),
    ],
)
def test_the_last_period_of_a_year_is_followed_by_the_first_of_the_next(kind: PeriodKind, names: list[str]) -> None:
    found = list(periods(kind, Window(date(2026, 11, 30), date(2027, 1, 1))))
    assert [period.id for period in found] == names
    for one, next_one in pairwise(found):
        assert (next_one.window.first - one.window.last).days == 1


@pytest.mark.parametrize(
    ("day", "name", "first", "last"),
    [
        ("2026-10-14", "2025/26", "2025-10-15", "2026-10-14"),
        ("2026-10-15", "2026/27", "2026-10-15", "2027-10-14"),
    ],
)
def test_a_year_of_its_own_begins_on_its_day(day: str, name: str, first: str, last: str) -> None:
    found = period_of("custom_year", date.fromisoformat(day), MonthDay(10, 15))
    assert (found.id, found.kind) == (name, "custom_year")
    assert found.window == Window(date.fromisoformat(first), date.fromisoformat(last))
    assert period_of("year", date.fromisoformat(day), MonthDay(10, 15)).id == "2026"


def test_the_periods_of_a_year_of_its_own_follow_its_day_too() -> None:
    found = periods("custom_year", Window(date(2026, 1, 1), date(2026, 12, 31)), MonthDay(10, 15))
    assert [period.id for period in found] == ["2025/26", "2026/27"]


def test_a_year_of_its_own_from_new_year_is_named_as_the_year() -> None:
    assert period_of("custom_year", date(2026, 5, 1)).id == "2026"


@pytest.mark.parametrize(("text", "day"), [("03-01", MonthDay(3, 1)), ("02-29", MonthDay(2, 29))])
def test_a_day_of_every_year_is_read_as_written(text: str, day: MonthDay) -> None:
    assert MonthDay.read(text) == day


def test_no_day_of_a_year_is_refused_with_how_to_write_one() -> None:
    with pytest.raises(ValueError, match=r"^'02-30' is no day of a year; write it as 03-01$"):
        MonthDay.read("02-30")


@pytest.mark.parametrize(("season", "year"), [(MonthDay(9, 1), 2026), (MonthDay(7, 1), 2026), (MonthDay(6, 30), 2027)])
def test_a_day_of_every_year_falls_in_one_of_a_school_years_two(season: MonthDay, year: int) -> None:
    assert season.within(Window(date(2026, 7, 1), date(2027, 6, 30))) == season.of(year)


def test_a_day_that_does_not_lie_in_a_window_is_refused_with_both() -> None:
    with pytest.raises(ValueError, match=r"^07-01 does not lie in 2026-01-01–2026-04-30$"):
        MonthDay(7, 1).within(Window(date(2026, 1, 1), date(2026, 4, 30)))


@pytest.mark.parametrize(
    ("first", "last", "shared"),
    [
        ("2026-04-01", "2026-04-30", False),
        ("2026-04-01", "2026-05-01", True),
        ("2026-05-31", "2026-06-30", True),
        ("2026-06-01", "2026-06-30", False),
        ("2026-05-10", "2026-05-10", True),
    ],
)
def test_windows_overlap_from_one_shared_day_on(first: str, last: str, shared: bool) -> None:
    may, other = (
        Window(date(2026, 5, 1), date(2026, 5, 31)),
        Window(date.fromisoformat(first), date.fromisoformat(last)),
    )
    assert (may.overlaps(other), other.overlaps(may)) == (shared, shared)


def test_a_window_holds_its_first_and_its_last_day() -> None:
    may = Window(date(2026, 5, 1), date(2026, 5, 31))
    days = (date(2026, 4, 30), may.first, may.last, date(2026, 6, 1))
    assert ([day in may for day in days], may.days) == ([False, True, True, False], 31)


@pytest.mark.parametrize("day", [date(9999, 7, 1), date(9999, 12, 31), date(1, 1, 1)])
def test_a_period_that_leaves_the_calendar_is_a_fault_and_no_endless_loop(day: date) -> None:
    with pytest.raises((ValueError, OverflowError)):
        period_of("school_year", day)
