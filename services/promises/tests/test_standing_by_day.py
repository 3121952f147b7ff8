"""How a standing follows the days: phase, verdict or pace, overdue, the state of each season and the next date."""

from datetime import date, datetime
from typing import Any

import pytest
from promises.domain.calendar import Window
from promises.domain.evaluate import evaluate
from promises.domain.evidence import Evidence, Report
from promises.domain.frozen import closed, collected_on, goes_on, left, of_period
from promises.domain.obligation import Obligation
from promises.domain.standing import Standing

from services.promises.tests.promising import (
    Entry,
    holding,
    in_versions,
    moment,
    operators,
    promised,
    report,
    slot,
    version,
)
from services.promises.tests.promising import (
    occasions as at_least,
)

SEASONS = [slot("spring", "03-01", "05-31", "traffic_rules"), slot("autumn", "09-01", "11-30", "reflector")]
LEAFLET, OPERATOR = at_least(1), at_least(1) | {"count": operators(1)}
UMBRELLA: Entry = {"kind": "umbrella", "children": operators(["other"])}


def stand(it: Obligation, now: str, *reports: Report, on: str = "2026-04-01") -> Standing:
    return evaluate(it, holding(it, on), Evidence(reports), moment(now), "internal")


@pytest.mark.parametrize(
    ("now", "phase", "leaflet", "operator", "overdue"),
    [
        ("2025-12-31", "not_started", None, None, False),
        ("2026-01-01", "open", None, None, False),
        ("2026-12-31", "open", None, None, False),
        ("2027-01-01", "in_grace", None, None, True),
        ("2027-01-14", "in_grace", None, None, True),
        ("2027-01-15", "closed", "not_fulfilled", "no_logged_activity", False),
    ],
)
def test_a_year_of_nothing(now: str, phase: str, leaflet: str | None, operator: str | None, overdue: bool) -> None:
    told = stand(promised(LEAFLET), now)
    assert (told.phase, told.verdict, told.pace, told.overdue) == (phase, leaflet, None, overdue)
    asked = stand(promised(OPERATOR), now)
    assert (asked.phase, asked.verdict, asked.pace, asked.overdue) == (phase, None, operator, False)
    umbrella = stand(promised(UMBRELLA), now)
    assert (umbrella.phase, umbrella.verdict, umbrella.pace, umbrella.overdue) == (phase, None, None, False)


@pytest.mark.parametrize(
    ("now", "phase", "leaflet", "operator"),
    [
        ("2026-08-31", "open", None, None),
        ("2026-09-01", "in_grace", None, None),
        ("2026-09-14", "in_grace", None, None),
        ("2026-09-15", "expired", "cannot_be_assessed", "sparse"),
    ],
)
def test_a_period_that_the_end_of_the_promise_cut(now: str, phase: str, leaflet: str | None, operator: str) -> None:
    cut: dict[str, Any] = {"valid": ("2026-01-01", "2026-08-31")}
    two = at_least(2)
    told = stand(promised(two, **cut), now, report("2026-03-03"))
    assert (told.phase, told.verdict, told.overdue) == (phase, leaflet, False)
    asked = stand(promised(two | {"count": operators(2)}, **cut), now, report("2026-03-03"))
    assert (asked.phase, asked.pace) == (phase, operator)


@pytest.mark.parametrize(
    ("now", "spring", "asked", "next_date"),
    [
        ("2026-02-28", "not_started", "not_started", "2026-05-31"),
        ("2026-03-01", "open", "open", "2026-05-31"),
        ("2026-05-31", "open", "open", "2026-05-31"),
        ("2026-06-01", "overdue", "closed", "2026-11-30"),
        ("2026-06-14", "overdue", "closed", "2026-11-30"),
        ("2026-06-15", "missed", "closed", "2026-11-30"),
        ("2026-11-30", "missed", "closed", "2026-11-30"),
        ("2026-12-01", "missed", "closed", None),
    ],
)
def test_a_season_from_before_it_opens_until_it_is_missed(
    now: str, spring: str, asked: str, next_date: str | None
) -> None:
    told = stand(promised(at_least(2, slots=SEASONS)), now)
    assert told.slots[0].state == spring
    assert (told.next_date and told.next_date.isoformat()) == next_date
    assert stand(promised(OPERATOR | {"slots": SEASONS}), now).slots[0].state == asked


def test_what_is_met_has_no_next_date_and_what_was_never_promised_is_closed() -> None:
    it = promised(at_least(2, slots=SEASONS))
    spring = report("2026-04-01", themes=frozenset({"traffic_rules"}))
    found = stand(it, "2026-04-02", spring)
    assert ([slot.state for slot in found.slots], found.next_date) == (["met", "not_started"], date(2026, 11, 30))
    autumn = report("2026-10-01", themes=frozenset({"reflector"}))
    assert stand(it, "2026-10-02", spring, autumn).next_date is None
    late = promised(at_least(2, slots=SEASONS), valid=("2026-07-01", "2026-12-31"))
    assert [slot.state for slot in stand(late, "2026-08-01", on="2026-07-01").slots] == ["closed", "not_started"]


def test_a_report_is_frozen_when_the_period_and_its_grace_are_over() -> None:
    it, cut = promised(LEAFLET), promised(LEAFLET, valid=("2026-01-01", "2026-08-31"))
    assert [closed(stand(it, day)) for day in ("2026-06-01", "2027-01-14", "2027-01-15")] == [False, False, True]
    assert [closed(stand(cut, day)) for day in ("2026-09-14", "2026-09-15")] == [False, True]


def test_a_report_tells_of_every_obligation_that_has_its_period() -> None:
    year, month = promised(LEAFLET), promised(LEAFLET, period="month")
    assert [(it, period.id) for it, period in of_period([year, month], "2026")] == [(year, "2026")]
    assert [(it, period.id) for it, period in of_period([year, month], "2026-02")] == [(month, "2026-02")]
    assert of_period([year, month], "2027") == []


def test_it_is_collected_on_the_day_that_begins_then_or_next() -> None:
    assert collected_on(moment("2026-05-05")) == date(2026, 5, 5)
    assert collected_on(datetime.fromisoformat("2026-05-05T00:00:01+02:00")) == date(2026, 5, 6)


def test_it_goes_on_while_there_is_a_valid_promise_in_some_version() -> None:
    first, last = ("2026-01-01", "2026-05-31"), ("2026-07-01", "2026-12-31")
    it = in_versions(version(LEAFLET, valid=first), version(LEAFLET, valid=last))
    days = ["2025-11-01", "2026-05-31", "2026-06-01", "2026-12-31", "2027-01-01"]
    found = [goes_on([it], date.fromisoformat(day)) for day in days]
    assert [day and day.isoformat() for day in found] == [
        "2026-01-01",
        "2026-05-31",
        "2026-07-01",
        "2026-12-31",
        None,
    ]
    other = promised(LEAFLET, valid=("2027-01-01", "2027-12-31"))
    assert other.validity == Window(date(2027, 1, 1), date(2027, 12, 31))
    assert goes_on([it, other], date(2027, 1, 1)) == date(2027, 1, 1)
    assert goes_on([], date(2026, 1, 1)) is None


def test_of_what_was_printed_the_same_words_are_left_that_are_public_now() -> None:
    printed = {"title": "Reflexer", "unit": "a", "kind": "campaign"}
    assert left(printed, {"title": "Reflexer", "unit": "b", "new": 1}) == {"title": "Reflexer"}
