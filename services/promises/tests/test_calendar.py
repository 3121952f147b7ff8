from datetime import UTC, date, datetime

import pytest
from promises.domain.calendar import MonthDay, PeriodKind, Window, local_day, period_of, periods, starts


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
        assert (found.id, found.window) == (name, Window(first, last))


def test_periods_follow_each_other_without_a_gap() -> None:
    found = list(periods("tertial", Window(date(2025, 12, 31), date(2026, 9, 1))))
    assert [period.id for period in found] == ["2025-T3", "2026-T1", "2026-T2", "2026-T3"]


def test_the_school_year_at_the_turn_of_a_century_is_named_with_two_digits() -> None:
    assert period_of("school_year", date(2099, 8, 1)).id == "2099/00"


def test_a_day_of_the_year_that_a_period_does_not_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="does not lie in"):
        MonthDay(7, 1).within(Window(date(2026, 1, 1), date(2026, 4, 30)))


def test_leap_day_becomes_the_twenty_eighth() -> None:
    assert MonthDay(2, 29).within(Window(date(2026, 1, 1), date(2026, 12, 31))) == date(2026, 2, 28)
