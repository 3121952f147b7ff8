from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notifications.domain import working_days
from notifications.domain.schedule import ZONE, Item, due_at, is_open, next_moment, send_day, send_moment

MONDAY = date(2026, 11, 2)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
STAGES = st.sampled_from(["opens", "half_time", "days_20", "days_10", "days_1", "missed"])
ITEMS = st.lists(st.builds(Item, STAGES, st.booleans(), DAYS), min_size=1, max_size=3)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def item(stage: str = "days_10", last_day: str = "2026-11-30", *, leaflet: bool = True) -> Item:
    return Item(stage, leaflet, date.fromisoformat(last_day))


@pytest.mark.parametrize(
    ("told", "due"),
    [
        ("2026-11-02 00:00", "2026-11-02 07:30"),
        ("2026-11-02 07:30", "2026-11-02 07:30"),
        ("2026-11-02 07:30:01", "2026-11-03 07:30"),
        ("2026-11-06 08:00", "2026-11-09 07:30"),  # Friday to Monday
        ("2026-06-18 08:00", "2026-06-22 07:30"),  # over Midsummer's Eve
        ("2026-12-23 08:00", "2026-12-28 07:30"),  # over Christmas Eve
        ("2026-12-31 00:00", "2027-01-04 07:30"),  # over New Year's Eve
        ("2026-10-25 01:00", "2026-10-26 07:30"),  # the night when daylight saving ends
        ("2027-03-28 01:00", "2027-03-30 07:30"),  # the night when it starts, Easter Sunday
    ],
)
def test_7_19_a_reminder_is_due_at_the_next_half_past_seven_of_a_working_day(told: str, due: str) -> None:
    assert due_at(local(told)) == local(due)


def test_the_hour_is_swedens_in_summer_and_in_winter() -> None:
    assert due_at(datetime(2026, 7, 1, tzinfo=UTC)) == datetime(2026, 7, 1, 5, 30, tzinfo=UTC)
    assert due_at(datetime(2026, 12, 1, tzinfo=UTC)) == datetime(2026, 12, 1, 6, 30, tzinfo=UTC)


def test_late_evening_in_utc_is_already_the_next_day() -> None:
    assert due_at(datetime(2026, 11, 2, 23, 30, tzinfo=UTC)) == local("2026-11-03 07:30")


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_whatever_the_moment_mails_are_open_when_due_and_the_next_moment_is_later(moment: datetime) -> None:
    assert is_open(due_at(moment))
    assert due_at(moment) >= moment
    assert next_moment(moment) > moment


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-11-02 07:29:59", False),
        ("2026-11-02 07:30", True),
        ("2026-11-02 23:59", True),
        ("2026-11-07 12:00", False),
        ("2026-12-24 12:00", False),
        ("2026-06-19 12:00", False),
    ],
)
def test_digests_are_built_on_working_days_from_half_past_seven(moment: str, opened: bool) -> None:
    assert is_open(local(moment)) is opened


def test_7_27_the_first_digest_of_a_week_goes_at_once() -> None:
    assert send_day([item()], [], MONDAY) == MONDAY
    assert send_day([item()], [MONDAY - timedelta(3)], MONDAY) == MONDAY


def test_7_27_a_further_one_waits_for_the_first_working_day_of_the_next_week() -> None:
    assert send_day([item()], [MONDAY], date(2026, 11, 4)) == date(2026, 11, 9)
    easter_week = date(2026, 3, 30)
    assert send_day([item(last_day="2026-05-31")], [easter_week], date(2026, 3, 31)) == date(2026, 4, 7)


@pytest.mark.parametrize(
    ("further", "day"),
    [
        (item("days_1", "2026-11-30"), "2026-11-04"),
        (item("missed", "2026-10-31"), "2026-11-04"),
        (item("days_1", "2026-11-30", leaflet=False), "2026-11-09"),
        (item("missed", "2026-10-31", leaflet=False), "2026-11-09"),
        (item("days_10", "2026-11-08", leaflet=False), "2026-11-04"),  # closes on Sunday, before next week's
        (item("days_10", "2026-11-09", leaflet=False), "2026-11-09"),  # next Monday's can still tell of it
        (item("days_10", "2026-11-03", leaflet=False), "2026-11-09"),  # closed yesterday, so nothing can be saved
        (item("days_10", "2026-11-04", leaflet=False), "2026-11-04"),  # closes today
    ],
)
def test_7_27_what_cannot_wait_goes_in_a_week_that_had_its_digest(further: Item, day: str) -> None:
    assert send_day([item(), further], [MONDAY], date(2026, 11, 4)) == date.fromisoformat(day)


def test_what_cannot_wait_goes_on_another_day_than_the_digest_that_went() -> None:
    assert send_day([item("days_1")], [MONDAY], MONDAY) == date(2026, 11, 3)
    friday = date(2026, 11, 6)
    assert send_day([item("days_1")], [friday], friday) == date(2026, 11, 9)


@given(ITEMS, st.sets(st.integers(0, 6), max_size=5), DAYS)
def test_4_15_no_mailbox_has_two_on_a_day_nor_one_on_a_holiday(items: list[Item], sent: set[int], today: date) -> None:
    monday = today - timedelta(today.weekday())
    days = [monday + timedelta(n) for n in sent if monday + timedelta(n) <= today]
    day = send_day(items, days, today)
    assert day >= today
    assert day not in days
    assert working_days.is_working_day(day)


@pytest.mark.parametrize(
    ("today", "last", "left"),
    [
        ("2026-11-02", "2026-11-30", 20),
        ("2026-11-16", "2026-11-30", 10),
        ("2026-11-27", "2026-11-30", 1),
        ("2026-11-30", "2026-11-30", 0),
        ("2026-04-29", "2026-05-31", 20),
        ("2026-12-29", "2026-12-31", 1),
        ("2026-12-30", "2026-12-31", 0),
    ],
)
def test_working_days_left_are_counted_without_eves(today: str, last: str, left: int) -> None:
    assert working_days.between(date.fromisoformat(today), date.fromisoformat(last)) == left


@given(DAYS)
def test_a_sending_moment_is_half_past_seven(day: date) -> None:
    moment = send_moment(day)
    assert (moment.hour, moment.minute, moment.date()) == (7, 30, day)
