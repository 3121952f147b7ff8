"""Settled reading 27: a quiet time may be set; nothing is mailed in it, and what is still true is told after it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from notifications.domain.quiet import Quiet
from notifications.domain.schedule import ZONE, is_open, next_moment
from notifications.settings import Settings
from pydantic import ValidationError

if TYPE_CHECKING:
    from services.notifications.tests.conftest import Deadlines, House

JULY = Quiet.read("07-01/07-31")


@pytest.fixture
def service_settings(service_settings: Settings) -> Settings:
    return service_settings.model_copy(update={"quiet_time": JULY})


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("quiet", "within", "outside"),
    [
        ("07-01/07-31", ["2026-07-01", "2027-07-15", "2026-07-31"], ["2026-06-30", "2026-08-01"]),
        ("12-20/01-06", ["2026-12-20", "2026-12-31", "2027-01-01", "2027-01-06"], ["2026-12-19", "2027-01-07"]),
        ("02-29/02-29", ["2028-02-29"], ["2026-02-28", "2026-03-01"]),
    ],
)
def test_its_first_and_last_day_are_in_it_every_year(quiet: str, within: list[str], outside: list[str]) -> None:
    found = Quiet.read(quiet)
    assert [day in found for day in map(date.fromisoformat, within + outside)] == [True] * len(within) + [False] * 2


def test_7_27_in_the_quiet_time_nothing_is_open_and_the_next_moment_is_its_first_working_day_after() -> None:
    assert is_open(local("2026-06-30 08:00"), JULY)
    assert not is_open(local("2026-07-01 08:00"), JULY)
    assert is_open(local("2026-07-01 08:00"))
    for moment in ("2026-06-30 07:30", "2026-07-01 00:00", "2026-07-31 23:00"):
        assert next_moment(local(moment), JULY) == local("2026-08-03 07:30")


@pytest.mark.parametrize("text", ["07-01", "7-1/7-31", "07-01/07-32", "02-30/03-01", "01-01/12-31", "07-02/07-01", "x"])
def test_a_quiet_time_that_cannot_be_is_refused(text: str, service_settings: Settings) -> None:
    given: dict[str, Any] = service_settings.model_dump(exclude={"quiet_time"})
    with pytest.raises(ValidationError) as refused:
        Settings(**given, quiet_time=text)
    [error] = refused.value.errors()
    assert error["loc"] == ("quiet_time",)


def test_it_is_read_from_the_environment(service_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    given = service_settings.model_dump(exclude={"quiet_time"})
    monkeypatch.setenv("LOFTESKOLLEN_QUIET_TIME", "07-01/07-31")
    assert Settings(**given).quiet_time == JULY
    monkeypatch.setenv("LOFTESKOLLEN_QUIET_TIME", "")
    assert Settings(**given).quiet_time is None


async def test_7_27_what_falls_due_in_july_is_one_mail_in_august_if_it_is_still_true(
    house: "House", deadline: "Deadlines"
) -> None:
    told: Callable[..., Any] = deadline.approaching
    await house.tell(
        told(awaited=("umea-kommun",), occurred_at=local("2026-07-01 00:00")),
        told(awaited=("umea-kommun",), occurred_at=local("2026-07-08 00:00"), obligation="moped-a-traktor"),
        told(awaited=("umea-kommun",), occurred_at=local("2026-07-08 00:00"), obligation="settled"),
    )
    for day in ("2026-07-01 07:30", "2026-07-08 07:30", "2026-07-31 12:00"):
        await house.at(day)
    await house.tell(deadline.settled(obligation="settled"))
    await house.at("2026-08-03 07:29:59")
    assert house.inbox.kept == []
    await house.at("2026-08-03 07:30")
    [(to, mail)] = house.inbox.kept
    assert (to, mail["Subject"]) == ("trafik@umea.example", "Löfteskollen: 2 löften behöver er")
