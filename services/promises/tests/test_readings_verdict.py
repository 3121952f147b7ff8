"""Settled readings 7.1 to 7.9: phase, verdict, risk, what is overdue, basis, pace, coverage and progress.

The figure of 7.4 is in `test_figures`.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from promises.domain.evidence import Baseline, Report
from promises.domain.obligation import Obligation
from promises.domain.rules import Cadence

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import (
    codes,
    leaflet,
    moment,
    occasions,
    operators,
    promised,
    report,
    sentences,
    slot,
    stand,
)

SPRING, AUTUMN = slot("spring", "03-01", "05-31", "traffic_rules"), slot("autumn", "09-01", "11-30", "reflector")
SEASONS = promised(occasions(2, slots=[SPRING, AUTUMN]))
TWICE = promised(occasions(2))
PACE = promised({"kind": "cadence", "count": operators(2)}, period="tertial")
FOCUSES = promised(
    {"kind": "cadence", "count": operators(1), "each_of": leaflet(["prevention", "early_detection"])}, period="tertial"
)
COVERAGE = {
    "kind": "coverage",
    "quantity": leaflet("pupils_offered"),
    "baseline": operators("pupils_enrolled"),
    "percent": leaflet(100),
}
PUPILS = promised(COVERAGE, period="school_year", valid=("2025-07-01", "2027-06-30"), owners=[TOWN])
RULES, REFLECTOR = frozenset({"traffic_rules"}), frozenset({"reflector"})


def offered(pupils: int, **more: Any) -> Report:  # noqa: ANN401
    return report("2025-10-01", TOWN, quantities=(("pupils_offered", pupils),), **more)


def baseline(total: int, revision: int = 1, **units: int) -> Baseline:
    return Baseline(revision, moment("2025-09-01"), total, tuple(units.items()))


@pytest.mark.parametrize(
    ("when", "phase"),
    [
        ("2025-12-31T23:59", "not_started"),
        ("2026-01-01", "open"),
        ("2026-12-31T23:59", "open"),
        ("2027-01-01", "in_grace"),
        ("2027-01-14T23:59", "in_grace"),
        ("2027-01-15", "closed"),
    ],
)
def test_7_1_the_phase_follows_the_period_in_full_local_days(when: str, phase: str) -> None:
    assert stand(TWICE, when)["phase"] == phase


@pytest.mark.parametrize(
    ("when", "state"),
    [
        ("2026-02-28T23:59", "not_started"),
        ("2026-03-01", "open"),
        ("2026-05-31T23:59", "open"),
        ("2026-06-01", "overdue"),
        ("2026-06-14T23:59", "overdue"),
        ("2026-06-15", "missed"),
    ],
)
def test_7_1_a_slot_has_a_phase_and_a_grace_of_its_own(when: str, state: str) -> None:
    found = stand(SEASONS, when)
    assert (found["slots"][0]["state"], found["phase"]) == (state, "open")


def test_7_1_a_slot_that_is_met_says_so_from_the_day_it_is() -> None:
    done = report("2026-04-14", themes=RULES)
    assert [stand(SEASONS, day, done)["slots"][0]["state"] for day in ("2026-05-01", "2026-12-31")] == ["met", "met"]


def test_7_1_grace_hinders_no_later_logging() -> None:
    late = [report(day, themes=which, recorded_at=moment("2028-01-01")) for day, which in DONE]
    assert stand(SEASONS, "2028-01-02", *late)["verdict"] == "fulfilled"


DONE = (("2026-04-14", RULES), ("2026-11-09", REFLECTOR))


def test_7_2_before_the_grace_has_passed_the_only_verdict_is_fulfilled() -> None:
    one, two = report("2026-02-01"), report("2026-03-01")
    assert [stand(TWICE, "2027-01-14", *seen)["verdict"] for seen in ((), (one,), (one, two))] == [
        None,
        None,
        "fulfilled",
    ]
    assert [stand(TWICE, "2027-01-15", *seen)["verdict"] for seen in ((), (one,), (one, two))] == [
        "not_fulfilled",
        "partially_fulfilled",
        "fulfilled",
    ]


@pytest.mark.parametrize(
    ("when", "at_risk"),
    [
        ("2026-04-28T23:59", False),
        ("2026-04-29", True),
        ("2026-07-01", True),
        ("2026-12-31T23:59", True),
        ("2027-01-01", False),
    ],
)
def test_7_3_at_risk_is_an_open_window_unmet_late_or_an_open_period_with_a_slot_that_closed_unmet(
    when: str, at_risk: bool
) -> None:
    assert stand(SEASONS, when)["at_risk"] is at_risk


def test_7_3_a_short_window_is_at_risk_from_half_time_where_that_is_later() -> None:
    short = promised({"kind": "cadence", "count": operators(1)}, period="month")
    risk = [stand(short, day, on="2026-05-05")["at_risk"] for day in ("2026-05-15T23:59", "2026-05-16")]
    assert risk == [False, True]


def test_7_4_overdue_is_a_leaflets_number_past_a_last_day_unmet_and_without_a_verdict() -> None:
    spring = report("2026-04-14", themes=RULES)
    days = ("2026-05-31T23:59", "2026-06-01", "2026-12-31", "2027-01-14", "2027-01-15")
    assert [stand(SEASONS, day)["overdue"] for day in days] == [False, True, True, True, False]
    assert [stand(SEASONS, day, spring)["overdue"] for day in days] == [False, False, True, True, False]
    assert not any(stand(PACE, day)["overdue"] for day in ("2026-05-01", "2026-05-10", "2026-06-01"))


def test_7_5_an_occasion_outside_every_slot_or_with_another_seasons_theme_counts_and_needs_assessment() -> None:
    outside, other = report("2026-07-01", themes=RULES), report("2026-04-14", themes=REFLECTOR)
    found = stand(SEASONS, "2026-12-01", outside, other)
    assert (found["counted"], found["needs_assessment"], [s["count"] for s in found["slots"]]) == (2, 2, [0, 0])
    assert found["verdict"] is None
    assert "needs_assessment" in codes(found)


def test_7_6_the_basis_of_a_rule_is_that_of_its_number_also_where_the_focuses_are_printed() -> None:
    assert (FOCUSES.leaflet_basis, SEASONS.leaflet_basis) == (False, True)
    found = stand(FOCUSES, "2026-05-15", report("2026-02-01", themes=frozenset({"prevention"})))
    assert (found["verdict"], found["pace"]) == (None, "sparse")


def test_7_6_the_focuses_of_unga_narkotika_are_printed_and_its_number_is_not(
    obligations: Mapping[str, Obligation],
) -> None:
    rule = obligations["unga-narkotika"].rule
    assert isinstance(rule, Cadence)
    assert rule.each_of is not None
    assert (rule.each_of.basis, rule.count.basis) == ("leaflet", "operator")
    assert set(rule.each_of.value) == {"prevention", "early_detection", "reinforced_support"}
    found = stand(obligations["unga-narkotika"], "2026-05-20", on="2026-02-01")
    assert (found["verdict"], found["pace"]) == (None, "no_logged_activity")


def test_7_6_a_verdict_that_rests_on_dates_and_grace_names_them() -> None:
    [said] = sentences(stand(SEASONS, "2027-01-15"), "rests_on_operator")
    assert all(name in said for name in ("giltighetstiden", "perioden", "tiden för sen rapportering", "datum"))
    assert "rests_on_operator" not in codes(stand(SEASONS, "2026-06-01"))


def test_7_7_a_pace_is_said_at_once_when_met_and_else_only_after_window_and_grace() -> None:
    one, two = report("2026-02-01"), report("2026-03-01")
    assert [stand(PACE, "2026-03-02", *seen)["pace"] for seen in ((), (one,), (one, two))] == [None, None, "on_pace"]
    assert [stand(PACE, "2026-05-14T23:59", *seen)["pace"] for seen in ((), (one,))] == [None, None]
    assert [stand(PACE, "2026-05-15", *seen)["pace"] for seen in ((), (one,))] == ["no_logged_activity", "sparse"]


def test_7_7_under_an_operators_rule_the_public_word_is_never_missed_and_who_set_the_number_is_said() -> None:
    season = promised(occasions(1, slots=[SPRING]) | {"count": operators(1)})
    days = ("2026-06-01", "2026-06-20", "2027-02-01")
    states = {stand(season, day, audience="public")["slots"][0]["state"] for day in days}
    assert states == {"closed"}
    assert "Löftet anger inget antal" in sentences(stand(PACE, "2026-02-01", audience="public"), "operators_number")[0]


def test_7_8_without_a_denominator_it_cannot_be_assessed_from_the_first_day_and_none_is_none() -> None:
    days = ("2025-06-30T23:59", "2025-07-01", "2026-08-01")
    verdicts = [stand(PUPILS, day, offered(541), on="2025-10-01")["verdict"] for day in days]
    assert verdicts == [None, "cannot_be_assessed", "cannot_be_assessed"]
    zero = stand(PUPILS, "2026-08-01", offered(541), on="2025-10-01", baselines=[baseline(0)])
    assert zero["verdict"] == "cannot_be_assessed"


def test_7_8_the_highest_baseline_rules_and_a_new_one_changes_a_closed_verdict() -> None:
    told = [baseline(543, revision=2), baseline(541)]
    verdicts = [
        stand(PUPILS, "2026-09-01", offered(541), on="2025-10-01", baselines=told[n:])["verdict"] for n in (1, 0)
    ]
    assert verdicts == ["fulfilled", "partially_fulfilled"]


def test_7_8_with_schools_each_is_counted_to_its_own_number_and_without_it_is_said() -> None:
    by_school = baseline(60, Ersboda=30, Tomtebo=30)
    found = stand(PUPILS, "2026-08-01", offered(60, unit="Ersboda"), on="2025-10-01", baselines=[by_school])
    assert (found["counted"], found["verdict"]) == (30, "partially_fulfilled")
    whole = stand(PUPILS, "2026-08-01", offered(60), on="2025-10-01", baselines=[baseline(60)])
    assert (whole["verdict"], "not_by_unit" in codes(whole)) == ("fulfilled", True)


def test_7_9_progress_is_the_least_of_what_slots_and_total_have_of_what_they_need() -> None:
    spring = [report(f"2026-04-{day}", themes=RULES) for day in (10, 11, 12)]
    more = promised(occasions(4, slots=[SPRING, AUTUMN]))
    autumn = report("2026-10-01", themes=REFLECTOR)
    assert [stand(SEASONS, "2026-12-01", *seen)["progress"] for seen in ((), spring, (*spring, autumn))] == [
        "0/2",
        "1/2",
        "2/2",
    ]
    assert stand(more, "2026-12-01", spring[0], autumn)["progress"] == "2/4"
    assert stand(more, "2026-12-01", *spring)["progress"] == "1/2"


def test_7_9_a_slot_that_lacks_one_of_all_its_themes_is_never_full_in_progress() -> None:
    lighting = [report(f"2026-09-{day}", themes=frozenset({"lighting"})) for day in (10, 11, 12)]
    other, spring = report("2026-09-20", themes=REFLECTOR), report("2026-04-10", themes=RULES)
    for least, progress in ((1, ["0/1", "0/1", "0/1", "1/1"]), (2, ["1/2", "1/2", "1/2", "2/2"])):
        every = slot("autumn", "09-01", "11-30", "lighting", "reflector", match="all", least=least)
        it = promised(occasions(least, slots=[every]))
        seen = (lighting[:1], lighting[:2], lighting, (*lighting[:1], other))
        assert [stand(it, "2026-10-01", *each)["progress"] for each in seen] == progress
    every = slot("autumn", "09-01", "11-30", "lighting", "reflector", match="all")
    closed = stand(promised(occasions(2, slots=[SPRING, every])), "2027-02-01", spring, *lighting)
    assert (closed["verdict"], closed["progress"]) == ("partially_fulfilled", "1/2")


def test_7_9_focuses_are_capped_each_at_its_own_need() -> None:
    many = [report("2026-02-01", POLICE, themes=frozenset({"prevention"})) for _ in range(5)]
    assert stand(FOCUSES, "2026-03-01", *many)["progress"] == "1/2"


def test_7_16_a_window_begins_and_ends_with_the_promise_and_is_never_open_outside_it() -> None:
    short = promised(occasions(2, slots=[SPRING, AUTUMN]), valid=("2026-04-01", "2026-10-31"))
    found = [stand(short, day, on="2026-06-01") for day in ("2026-03-15", "2026-04-01", "2026-10-31", "2026-11-01")]
    states = [[each["state"] for each in shown["slots"]] for shown in found]
    assert states == [["not_started"] * 2, ["open", "not_started"], ["missed", "open"], ["missed", "overdue"]]
    assert [(each["first_day"], each["last_day"]) for each in found[0]["slots"]] == [
        ("2026-04-01", "2026-05-31"),
        ("2026-09-01", "2026-10-31"),
    ]


def test_7_8_that_nothing_can_be_assessed_is_said_from_the_day_the_period_opens_and_not_before() -> None:
    found = [codes(stand(PUPILS, day, on="2026-09-01")) for day in ("2026-06-30T23:59", "2026-07-01")]
    assert [code for code in found[0] if code == "no_baseline"] == []
    assert "no_baseline" in found[1]


def test_an_operators_share_says_that_the_promise_states_no_number_also_without_a_baseline() -> None:
    share = promised(COVERAGE | {"percent": operators(90)}, period="school_year", valid=("2025-07-01", "2027-06-30"))
    assert "Löftet anger inget antal; målet, 90" in sentences(stand(share, "2025-09-01"), "operators_number")[0]
