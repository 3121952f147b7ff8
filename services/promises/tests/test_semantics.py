"""The semantics that must hold, 4.1 to 4.12, 4.14, 4.16 and 4.18, as far as a standing decides them.

Beside them: 4.13 in `test_figures`, 4.15 in `test_readings_reminders`, 4.19 in `test_readings_secrecy`, 4.21 in
`test_areas`, 4.22 in `test_catalogue`; what the other services decide is proven there, under the same numbers.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from promises.domain.calendar import Window, local_day
from promises.domain.evidence import Baseline
from promises.domain.working_days import before, on_or_before

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import (
    codes,
    in_versions,
    leaflet,
    moment,
    occasions,
    promised,
    report,
    slot,
    stand,
    version,
)

SPRING, AUTUMN = slot("spring", "03-01", "05-31", "traffic_rules"), slot("autumn", "09-01", "11-30", "reflector")
SEASONS = promised(occasions(2, slots=[SPRING, AUTUMN], taking_part=leaflet(["police", "municipality"])))
TWICE = promised(occasions(2))
PUPILS = promised(
    {
        "kind": "coverage",
        "quantity": leaflet("pupils_offered"),
        "baseline": leaflet("pupils_enrolled"),
        "percent": leaflet(100),
    },
    period="school_year",
    valid=("2025-07-01", "2027-06-30"),
    owners=[TOWN],
)
BOTH = frozenset({POLICE, TOWN})
RULES, REFLECTOR = frozenset({"traffic_rules"}), frozenset({"reflector"})
KEY: dict[str, Any] = {"occasion_key": "2026-04-14/torget", "themes": RULES}


def test_4_1_it_counts_by_when_it_occurred_and_late_evidence_changes_a_closed_verdict() -> None:
    first, late = report("2026-02-01"), report("2026-12-30", recorded_at=moment("2027-03-02"))
    assert stand(TWICE, "2027-03-01", first)["verdict"] == "partially_fulfilled"
    assert stand(TWICE, "2027-03-03", first, late)["verdict"] == "fulfilled"


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-12-31T23:30Z", "2027-01-01"),
        ("2026-08-31T22:30Z", "2026-09-01"),
        ("2026-10-24T22:00Z", "2026-10-25"),
        ("2026-10-25T22:59Z", "2026-10-25"),
        ("2026-10-25T23:00Z", "2026-10-26"),
        ("2027-03-27T23:00Z", "2027-03-28"),
        ("2027-03-28T22:00Z", "2027-03-29"),
    ],
)
def test_4_2_a_moment_belongs_to_the_day_in_sweden_also_when_the_clocks_change(instant: str, day: str) -> None:
    assert local_day(datetime.fromisoformat(instant)) == date.fromisoformat(day)


def test_4_2_a_period_closes_at_midnight_in_sweden() -> None:
    at = datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)
    assert [stand(TWICE, when)["phase"] for when in ("2026-12-31T23:59:59", "2027-01-01")] == ["open", "in_grace"]
    assert moment("2026-12-31T23:59:59") == at


def test_4_3_two_in_spring_and_none_in_autumn_is_partially_fulfilled_however_many() -> None:
    many = [report(f"2026-04-{day}", themes=RULES, confirmed_by=BOTH) for day in range(10, 25)]
    found = stand(SEASONS, "2027-01-15", *many)
    assert (found["verdict"], found["counted"], found["progress"]) == ("partially_fulfilled", 15, "1/2")


def test_4_4_one_activity_counts_once_for_each_obligation_it_names_however_often_it_is_delivered() -> None:
    once = report("2026-04-14", themes=RULES, confirmed_by=BOTH)
    assert [stand(each, "2026-05-01", once, once)["counted"] for each in (SEASONS, TWICE)] == [1, 1]


def test_4_5_the_same_occasion_reported_by_both_counts_once_and_is_joint() -> None:
    police, town = report("2026-04-14", **KEY), report("2026-04-14", TOWN, **KEY)
    assert [stand(SEASONS, "2026-05-01", *seen)["counted"] for seen in ((police,), (town,), (police, town))] == [
        0,
        0,
        1,
    ]


def test_4_6_one_of_two_joint_owners_is_partner_missing_until_the_other_confirms_or_logs() -> None:
    alone = report("2026-04-14", activity_id="a", themes=RULES)
    confirmed = report("2026-04-14", activity_id="a", revision=2, themes=RULES, confirmed_by=frozenset({TOWN}))
    before_it, after_it = stand(SEASONS, "2026-05-01", alone), stand(SEASONS, "2026-05-01", alone, confirmed)
    assert (before_it["counted"], before_it["partner_missing"], before_it["slots"][0]["awaited"]) == (0, 1, [TOWN])
    assert "partner_missing" in codes(before_it)
    assert (after_it["counted"], after_it["partner_missing"], after_it["slots"][0]["state"]) == (1, 0, "met")
    logged = [report("2026-04-14", who, **KEY) for who in (POLICE, TOWN)]
    found = [stand(SEASONS, "2026-05-01", *logged[:n]) for n in (1, 2)]
    assert [(each["counted"], each["partner_missing"]) for each in found] == [(0, 1), (1, 0)]


def test_4_7_what_is_planned_never_counts_is_shown_and_what_is_cancelled_reopens_the_slot() -> None:
    plan = report("2026-04-14", activity_id="a", themes=RULES, confirmed_by=BOTH, status="planned")
    done = report("2026-04-14", activity_id="a", revision=2, themes=RULES, confirmed_by=BOTH)
    off = report("2026-04-14", activity_id="a", revision=3, themes=RULES, confirmed_by=BOTH, status="cancelled")
    shown = [stand(SEASONS, "2026-04-01", *seen) for seen in ((plan,), (plan, done), (plan, done, off))]
    assert [each["counted"] for each in shown] == [0, 1, 0]
    assert [each["slots"][0]["state"] for each in shown] == ["open", "met", "open"]
    assert [each["slots"][0]["planned"] for each in shown] == [["2026-04-14"], [], []]


def test_4_8_a_retraction_turns_fulfilled_back_and_a_later_revision_rules_again() -> None:
    first = report("2026-02-01")
    told = [
        report("2026-03-01", activity_id="a", revision=n, status=s)
        for n, s in ((1, "done"), (2, "retracted"), (3, "done"))
    ]
    verdicts = [stand(TWICE, "2027-02-01", first, *told[:n])["verdict"] for n in (1, 2, 3)]
    assert verdicts == ["fulfilled", "partially_fulfilled", "fulfilled"]


def test_4_9_old_verdicts_keep_the_old_text_and_number_when_a_promise_gets_a_new_version() -> None:
    old = version(occasions(1), valid=("2026-01-01", "2026-12-31"))
    new = version(occasions(3), valid=("2027-01-01", "2027-12-31")) | {"quote": "Vi lovar mer."}
    both = in_versions(old, new)
    then = stand(both, "2028-02-01", report("2026-05-01"), on="2026-06-01")
    now = stand(both, "2028-02-01", report("2027-05-01"), on="2027-06-01")
    assert (then["quote"], then["need"], then["verdict"]) == ("Vi lovar.", 1, "fulfilled")
    assert (now["quote"], now["need"], now["verdict"]) == ("Vi lovar mer.", 3, "partially_fulfilled")


def test_4_10_periods_follow_from_the_rule_for_as_long_as_the_promise_is_valid() -> None:
    three_years = promised(occasions(1), period="tertial", valid=("2026-01-01", "2028-12-31"))
    names = [period.id for period in three_years.periods(Window(date(2020, 1, 1), date(2040, 1, 1)))]
    assert names == [f"{year}-T{n}" for year in (2026, 2027, 2028) for n in (1, 2, 3)]


def test_4_10_the_new_year_begins_without_anyone_doing_anything() -> None:
    two_years = promised(occasions(2), valid=("2026-01-01", "2027-12-31"))
    assert stand(two_years, "2026-12-31", on="2026-06-01")["wake_at"] == moment("2027-01-01")
    assert stand(two_years, "2027-01-01", on="2027-06-01")["phase"] == "open"


def test_4_11_without_a_denominator_nothing_is_said_and_all_but_one_is_not_all() -> None:
    offered = report("2025-10-01", TOWN, quantities=(("pupils_offered", 541),))
    how_many = Baseline(1, moment("2025-09-01"), 542)
    assert stand(PUPILS, "2026-08-01", offered, on="2025-10-01")["verdict"] == "cannot_be_assessed"
    found = stand(PUPILS, "2026-08-01", offered, on="2025-10-01", baselines=[how_many])
    assert (found["verdict"], found["progress"]) == ("partially_fulfilled", "541/542")


def test_4_11_an_offer_that_was_declined_was_still_an_offer() -> None:
    declined = report("2025-10-01", TOWN, quantities=(("pupils_offered", 542), ("pupils_taught", 500)))
    found = stand(PUPILS, "2026-08-01", declined, on="2025-10-01", baselines=[Baseline(1, moment("2025-09-01"), 542)])
    assert (found["counted"], found["verdict"]) == (542, "fulfilled")


def test_4_12_more_than_promised_shows_the_raw_count_and_progress_ends_at_all() -> None:
    found = stand(TWICE, "2026-08-01", *(report(f"2026-0{month}-05") for month in range(1, 7)))
    assert (found["counted"], found["progress"], found["verdict"]) == (6, "2/2", "fulfilled")


def test_4_14_whatever_the_order_of_arrival_the_standing_is_the_same() -> None:
    told = [
        report("2026-04-14", activity_id="a", themes=RULES, confirmed_by=BOTH),
        report("2026-04-14", activity_id="a", revision=2, status="retracted"),
        report("2026-11-09", activity_id="b", **(KEY | {"occasion_key": "2026-11-09/k", "themes": REFLECTOR})),
        report("2026-11-09", TOWN, activity_id="c", occasion_key="2026-11-09/k", themes=REFLECTOR),
    ]
    assert len({str(stand(SEASONS, "2026-12-01", *order)) for order in permutations(told)}) == 1


@pytest.mark.parametrize(
    ("end", "days"),
    [
        ("2026-05-31", ("2026-05-29", "2026-05-15", "2026-04-29")),
        ("2026-11-30", ("2026-11-30", "2026-11-16", "2026-11-02")),
        ("2026-12-31", ("2026-12-30", "2026-12-14", "2026-11-30")),
    ],
)
def test_4_16_working_days_count_the_eves_as_holidays(end: str, days: tuple[str, str, str]) -> None:
    last = date.fromisoformat(end)
    assert tuple(day.isoformat() for day in (on_or_before(last), before(last, 10), before(last, 20))) == days


def test_4_18_who_carried_it_out_is_not_asked_but_an_owner_must_stand_behind_the_report() -> None:
    by_others = report("2026-04-14", "ntf", activity_id="a")
    stood_behind = report("2026-04-14", "ntf", activity_id="a", revision=2, confirmed_by=frozenset({TOWN}))
    assert [stand(TWICE, "2026-05-01", *seen)["counted"] for seen in ((by_others,), (by_others, stood_behind))] == [
        0,
        1,
    ]


def test_not_yet_is_not_broken_at_any_hour_before_the_grace_has_closed() -> None:
    nothing = [stand(TWICE, f"{day}T23:59")["verdict"] for day in ("2026-01-01", "2026-12-31", "2027-01-14")]
    assert nothing == [None, None, None]
    assert stand(TWICE, "2027-01-15")["verdict"] == "not_fulfilled"
    assert stand(TWICE, "2027-01-14")["wake_at"] - moment("2027-01-14") == timedelta(days=1)
