"""When owners are mailed: 07:30 on working days, and seldom more than once a week (settled readings 19 and 27)."""

from collections.abc import Collection, Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notifications.domain.working_days import DAY, is_working_day, on_or_after

ZONE = ZoneInfo("Europe/Stockholm")
SEND_AT = time(7, 30)
LAST_CALLS = frozenset({"days_1", "missed"})


@dataclass(frozen=True, slots=True)
class Item:
    """What the weekly limit asks of a reminder."""

    stage: str
    leaflet_basis: bool
    last_day: date


def local_day(moment: datetime) -> date:
    """The day in Sweden."""
    return moment.astimezone(ZONE).date()


def send_moment(day: date) -> datetime:
    """When a working day's digests are sent."""
    return datetime.combine(day, SEND_AT, ZONE)


def due_at(told: datetime) -> datetime:
    """The first 07:30 of a working day at or after a moment."""
    day = local_day(told)
    if told > send_moment(day):
        day += DAY
    return send_moment(on_or_after(day))


def is_open(now: datetime, quiet: Container[object] = ()) -> bool:
    """Whether digests are sent now: on a working day that is not quiet, from 07:30."""
    day = local_day(now)
    return is_working_day(day) and day not in quiet and now >= send_moment(day)


def next_moment(now: datetime, quiet: Container[object] = ()) -> datetime:
    """The first sending moment after now."""
    found = due_at(now + timedelta(microseconds=1))
    while local_day(found) in quiet:
        found = due_at(found + timedelta(microseconds=1))
    return found


def monday(day: date) -> date:
    """The first day of the ISO week, by which digests are counted."""
    return day - timedelta(day.weekday())


def next_week(day: date) -> date:
    """The first working day of the week after, when what is held back is sent."""
    return on_or_after(monday(day) + timedelta(7))


def send_day(items: Collection[Item], sent: Collection[date], today: date) -> date:
    """The day on which a mailbox gets these items, given the days of its earlier digests.

    One digest an ISO week, unless a further one holds a 1-day or missed stage of a leaflet rule, or a window that
    closes before next week's digest could be sent (settled reading 27). Never two on one day.
    """
    if all(monday(day) != monday(today) for day in sent):
        return on_or_after(today)
    if not any(_cannot_wait(item, today) for item in items):
        return next_week(today)
    day = on_or_after(today)
    while day in sent:
        day = on_or_after(day + DAY)
    return day


def _cannot_wait(item: Item, today: date) -> bool:
    if item.leaflet_basis and item.stage in LAST_CALLS:
        return True
    return today <= item.last_day < next_week(today)
