"""What comes next, and who is awaited: the pure answers behind the two pages that `test_ahead` asks for."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from promises.domain.agenda import Item, agenda
from promises.domain.calendar import Window
from promises.domain.confirmations import Unconfirmed, unconfirmed
from promises.domain.evaluate import evaluate
from promises.domain.evidence import Evidence, Report
from promises.domain.obligation import Obligation, Owner

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import (
    holding,
    in_versions,
    leaflet,
    moment,
    occasions,
    operators,
    promised,
    report,
    slot,
    version,
)

SPRING, AUTUMN = slot("spring", "03-01", "05-31", "traffic_rules"), slot("autumn", "09-01", "11-30", "reflector")
JOINT = leaflet(["police", "municipality"])
SEASONS = promised(occasions(2, slots=[SPRING, AUTUMN], taking_part=JOINT))
MONTHLY = promised({"kind": "cadence", "count": operators(1)}, period="month")
RULES, REFLECTOR = frozenset({"traffic_rules"}), frozenset({"reflector"})
YEAR = Window(date(2026, 1, 1), date(2027, 1, 31))


def ahead(obligation: Obligation, *reports: Report, days: Window = YEAR, on: str = "2026-01-01") -> list[Item]:
    standing = evaluate(obligation, holding(obligation, on), Evidence(reports), moment("2026-01-01"), "internal")
    return agenda([(obligation, standing)], days)


def told(items: list[Item]) -> list[tuple[str, str, str]]:
    return [(f"{item.day:%m-%d}", item.what, item.need.id) for item in items]


def both(day: str, **changes: Any) -> Report:  # noqa: ANN401
    return report(day, confirmed_by=frozenset({TOWN}), **changes)


def test_a_year_with_nothing_done_tells_each_seasons_dates_in_their_order() -> None:
    assert told(ahead(SEASONS)) == [
        ("03-01", "opens", "spring"),
        ("04-16", "half_time", "spring"),
        ("04-29", "days_20", "spring"),
        ("05-15", "days_10", "spring"),
        ("05-28", "days_1", "spring"),
        ("05-31", "closes", "spring"),
        ("06-14", "grace_ends", "spring"),
        ("06-15", "missed", "spring"),
        ("09-01", "opens", "autumn"),
        ("10-16", "half_time", "autumn"),
        ("11-02", "days_20", "autumn"),
        ("11-16", "days_10", "autumn"),
        ("11-27", "days_1", "autumn"),
        ("11-30", "closes", "autumn"),
        ("12-14", "grace_ends", "autumn"),
        ("12-15", "missed", "autumn"),
    ]


def test_only_the_asked_days_are_told_the_first_and_the_last_included() -> None:
    assert told(ahead(SEASONS, days=Window(date(2026, 5, 28), date(2026, 6, 14)))) == [
        ("05-28", "days_1", "spring"),
        ("05-31", "closes", "spring"),
        ("06-14", "grace_ends", "spring"),
    ]


def test_each_date_says_what_is_missing_and_of_which_period() -> None:
    first, *_, last = ahead(SEASONS)
    assert (first.period, first.obligation.id) == ("2026", "it")
    assert first.missing is not None
    assert first.missing.en == "the spring operation (traffic_rules)"
    assert last.missing is not None
    assert last.missing.sv == "autumns insats (reflector)"


def test_of_a_season_that_is_done_only_what_is_planned_is_left_and_nothing_is_missing() -> None:
    done, more = both("2026-04-14", themes=RULES), both("2026-05-04", themes=RULES, status="planned")
    later = both("2026-10-20", themes=REFLECTOR, status="planned")
    items = ahead(SEASONS, done, more, later)
    assert told(items)[:2] == [("05-04", "planned", "spring"), ("09-01", "opens", "autumn")]
    assert [(item.what, item.missing) for item in items if item.need.id == "spring"] == [("planned", None)]
    [planned] = [item for item in items if item.what == "planned" and item.need.id == "autumn"]
    assert (planned.day, planned.period, planned.missing is None) == (date(2026, 10, 20), "2026", False)


def test_a_plan_stands_after_the_dates_of_its_day() -> None:
    items = ahead(SEASONS, both("2026-05-31", themes=RULES, status="planned"))
    assert [what for day, what, _ in told(items) if day == "05-31"] == ["closes", "planned"]


def test_a_month_has_fewer_stages_and_as_many_ends() -> None:
    assert told(ahead(MONTHLY, on="2026-03-01")) == [
        ("03-01", "opens", ""),
        ("03-16", "half_time", ""),
        ("03-31", "closes", ""),
        ("04-14", "grace_ends", ""),
        ("04-15", "missed", ""),
    ]


def test_a_season_before_the_promise_was_made_is_on_nobodys_agenda() -> None:
    late = promised(occasions(2, slots=[SPRING, AUTUMN]), valid=("2026-07-01", "2026-12-31"))
    assert {item.need.id for item in ahead(late, on="2026-07-01")} == {"autumn"}


def test_several_promises_stand_day_by_day_and_on_one_day_by_what_then_by_name() -> None:
    second, first = (replace(SEASONS, id=name) for name in ("b", "a"))
    judged = [
        (each, evaluate(each, holding(each, "2026-01-01"), Evidence(), moment("2026-01-01"), "internal"))
        for each in (second, first, second)
    ]
    items = agenda(judged, Window(date(2026, 5, 31), date(2026, 6, 15)))
    assert [(item.what, item.obligation.id) for item in items] == [
        ("closes", "a"),
        ("closes", "b"),
        ("grace_ends", "a"),
        ("grace_ends", "b"),
        ("missed", "a"),
        ("missed", "b"),
    ]


def test_on_a_shared_day_the_periods_and_the_windows_of_one_promise_follow_each_other() -> None:
    twins = promised(
        occasions(2, slots=[SPRING | {"id": "b"}, SPRING | {"id": "a"}]), valid=("2026-01-01", "2027-12-31")
    )
    standings = [
        (twins, evaluate(twins, holding(twins, day), Evidence(), moment("2026-01-01"), "internal"))
        for day in ("2027-06-01", "2026-06-01")
    ]
    shared = Window(date(2026, 3, 1), date(2027, 3, 1))
    opening = [(item.period, item.need.id) for item in agenda(standings, shared) if item.what == "opens"]
    assert opening == [("2026", "a"), ("2026", "b"), ("2027", "a"), ("2027", "b")]


def waiting(obligation: Obligation, *reports: Report) -> list[Unconfirmed]:
    return list(unconfirmed(obligation, holding(obligation, "2026-04-14"), reports))


def test_an_operation_by_one_of_two_waits_for_the_other() -> None:
    alone = report("2026-04-14", POLICE, themes=RULES)
    [found] = waiting(SEASONS, alone)
    assert (found.day, found.obligation, found.period) == (date(2026, 4, 14), SEASONS, "2026")
    assert (found.reports, found.reported, found.awaited) == ((alone,), (POLICE,), (TOWN,))


def test_what_both_have_taken_part_in_waits_for_nobody_and_hides_nothing_after_it() -> None:
    complete, alone = both("2026-04-14", themes=RULES), report("2026-05-05", TOWN, themes=RULES)
    assert [(found.day, found.awaited) for found in waiting(SEASONS, complete, alone)] == [
        (date(2026, 5, 5), (POLICE,))
    ]


def test_a_promise_that_either_may_keep_alone_waits_for_nobody() -> None:
    assert waiting(promised(occasions(2)), report("2026-04-14", POLICE)) == []


def test_the_reports_that_can_be_confirmed_are_those_done_under_one_key_in_a_fixed_order() -> None:
    key = {"occasion_key": "2026-04-14/torget", "themes": RULES}
    second, first = (report("2026-04-14", POLICE, activity_id=name, **key) for name in ("b", "a"))
    plan = report("2026-04-14", TOWN, activity_id="0", status="planned", **key)
    [found] = waiting(SEASONS, second, plan, first)
    assert (found.reports, found.reported, found.awaited) == ((first, second), (POLICE,), (TOWN,))


@pytest.mark.parametrize("others", [(), ("polisen-nationell",)])
def test_only_owners_of_the_kind_that_is_lacking_are_awaited(others: tuple[str, ...]) -> None:
    more = tuple(Owner(name, "police", SEASONS.title) for name in others)
    crowded = replace(SEASONS, owners=(*SEASONS.owners, *more))
    [found] = waiting(crowded, report("2026-04-14", TOWN, themes=RULES))
    assert found.awaited == (POLICE, *others)


def test_whether_a_promise_is_joint_follows_the_version_of_the_occasions_day() -> None:
    apart = version(occasions(2), valid=("2026-01-01", "2026-12-31"))
    joint = version(occasions(2, taking_part=JOINT), valid=("2027-01-01", "2027-12-31"))
    both_years = in_versions(apart, joint)
    assert waiting(both_years, report("2026-04-14")) == []
    later = unconfirmed(both_years, holding(both_years, "2027-04-14"), [report("2027-04-14")])
    assert [found.awaited for found in later] == [(TOWN,)]
