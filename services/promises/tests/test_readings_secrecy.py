"""Semantics 4.19 and settled readings 7.22 and 7.24: what the public standing is made of, and when it moves.

What of a report is shown (7.23 among it) is in `test_secrecy`, assessments (7.25) in `test_assessments`, frozen
reports (7.26) in `test_frozen`.
"""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from promises.domain.agenda import agenda
from promises.domain.evaluate import evaluate, evaluate_both
from promises.domain.evidence import Evidence, Report
from promises.domain.obligation import Obligation
from promises.domain.reasons import published_until
from promises.domain.visibility import Audience

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import (
    codes,
    holding,
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

SECRET: dict[str, Any] = {"count_only": True}
AUDIENCES: tuple[Audience, ...] = ("public", "internal")
PACE = {"kind": "cadence", "count": operators(1)}
HIDDEN = promised(PACE, period="tertial", valid=("2026-01-01", "2027-12-31"), visibility=operators("count_only"))
TWICE = promised(occasions(2))
BOUNDARIES = ("2026-01-01", "2026-05-01", "2026-09-01", "2027-01-01", "2027-05-01")


@pytest.mark.parametrize(
    ("logged", "boundary"),
    [
        ("2026-01-01T00:00", "2026-05-01"),
        ("2026-04-30T23:59", "2026-05-01"),
        ("2026-05-01T00:00", "2026-09-01"),
        ("2026-12-31T23:59", "2027-01-01"),
    ],
)
def test_7_22_a_secret_report_counts_in_public_from_the_tertial_after_the_one_in_which_it_was_logged(
    logged: str, boundary: str
) -> None:
    secret = report("2026-01-01", recorded_at=moment(logged), **SECRET)
    night = moment(boundary).replace(minute=0)
    waiting, internal = (stand(TWICE, logged, secret, audience=who) for who in AUDIENCES)
    assert (waiting["counted"], internal["counted"]) == (0, 1)
    assert waiting["wake_at"] <= night
    assert stand(TWICE, boundary, secret, audience="public")["counted"] == 1


def test_7_22_a_public_report_counts_at_once() -> None:
    assert (
        stand(
            TWICE, "2026-04-14T12:00", report("2026-04-14", recorded_at=moment("2026-04-14T11:00")), audience="public"
        )["counted"]
        == 1
    )


@settings(max_examples=60, deadline=None)
@given(days=st.lists(st.dates(moment("2026-01-02").date(), moment("2026-12-31").date()), max_size=5))
def test_7_22_counts_agree_at_every_tertial_boundary(days: list[object]) -> None:
    told = [report(str(day), **SECRET) for day in days]
    for night in BOUNDARIES:
        known = [each for each in told if each.recorded_at < moment(night)]
        counts = {stand(TWICE, night, *known, audience=who)["counted"] for who in AUDIENCES}
        assert len(counts) == 1


def test_7_22_nothing_public_moves_at_the_moment_a_secret_report_is_logged_corrected_or_taken_back() -> None:
    first = report("2026-02-01", activity_id="a", **SECRET)
    gone = report(
        "2026-02-01", activity_id="a", revision=2, status="retracted", recorded_at=moment("2026-06-01"), **SECRET
    )
    moved = report("2026-02-01", activity_id="a", revision=2, released=True, recorded_at=moment("2026-06-01"), **SECRET)
    for change in (gone, moved):
        without = stand(TWICE, "2026-06-02", first, audience="public")
        assert stand(TWICE, "2026-06-02", first, change, audience="public") | {"wake_at": without["wake_at"]} == without
        assert stand(TWICE, "2026-09-01", first, change, audience="public")["counted"] == 0


def test_7_22_a_count_only_obligation_says_by_name_the_last_published_tertial_and_no_pace_for_the_running_one() -> None:
    told = [report(day, **SECRET) for day in ("2026-02-01", "2026-06-01")]
    running = stand(HIDDEN, "2026-06-02", *told, on="2026-06-01", audience="public")
    assert running["pace"] is None
    assert sentences(running, "published_until") == [
        "Visar rapporter till och med januari–april 2026; nyare räknas in 1 september."
    ]
    inside = stand(HIDDEN, "2026-06-02", *told, on="2026-06-01")
    assert (inside["pace"], "published_until" in codes(inside)) == ("on_pace", False)


def test_7_22_no_pace_for_the_running_tertial_even_where_an_open_report_would_tell_it() -> None:
    shown = stand(HIDDEN, "2026-06-02", report("2026-06-01"), on="2026-06-01", audience="public")
    assert shown["pace"] is None


LACKING = {"period_missing", "slot_missing", "slot_closed", "total_missing", "partner_missing", "reported_apart"}
JOINT = occasions(
    3,
    slots=[slot("spring", "03-01", "05-31", "traffic_rules"), slot("autumn", "09-01", "11-30", "reflector")],
    taking_part=leaflet(["police", "municipality"]),
)


@pytest.mark.parametrize(
    ("rule", "period", "days"),
    [
        (PACE, "tertial", ("2026-04-20", "2026-04-30")),
        (JOINT, "year", ("2026-05-25", "2026-06-10", "2026-11-25", "2026-12-31")),
    ],
    ids=["cadence", "joint occasions"],
)
def test_7_22_of_the_running_period_of_a_count_only_obligation_nothing_is_said_to_be_missing_or_at_risk(
    rule: dict[str, Any], period: str, days: tuple[str, ...]
) -> None:
    """What was done may be held back: whoever says that it was not done says what nobody in public can know."""
    it = promised(rule, period=period, visibility=operators("count_only"))
    alone = report("2026-02-02", themes=frozenset({"traffic_rules"})) if rule is JOINT else None
    told = [each for each in (alone,) if each]
    for day in days:
        shown, inside = (stand(it, day, *told, audience=audience) for audience in AUDIENCES)
        assert (shown["phase"], shown["at_risk"], shown["missing"]) == ("open", False, [])
        assert not LACKING & set(codes(shown))
        assert "published_until" in codes(shown)
        assert (inside["at_risk"], bool(inside["missing"]), bool(LACKING & set(codes(inside)))) == (True, True, True)
        when = holding(it, day)
        for audience, silent in zip(AUDIENCES, (True, False), strict=True):
            found = evaluate(it, when, Evidence(tuple(told)), moment(day), audience)
            assert {item.missing is None for item in agenda([(it, found)], when.window)} == {silent}
    open_ = stand(promised(rule, period=period), days[0], *told, audience="public")
    assert (open_["at_risk"], bool(open_["missing"]), bool(LACKING & set(codes(open_)))) == (True, True, True)


def test_7_22_that_nobody_said_how_many_there_are_is_certain_and_said_of_a_count_only_obligation_too() -> None:
    rule = {
        "kind": "coverage",
        "quantity": leaflet("pupils_offered"),
        "baseline": operators("pupils_enrolled"),
        "percent": leaflet(100),
    }
    found = stand(promised(rule, visibility=operators("count_only")), "2026-11-01", audience="public")
    assert ([each["code"] for each in found["missing"]], "no_baseline" in codes(found)) == (["baseline"], True)


def test_7_22_what_is_published_of_the_running_period_is_said_and_once_it_is_over_what_is_missing_is_too() -> None:
    met = stand(HIDDEN, "2026-03-02", report("2026-03-01"), audience="public")
    assert (met["counted"], "period_met" in codes(met)) == (1, True)
    over = stand(HIDDEN, "2026-05-15", audience="public")
    assert (over["pace"], "period_closed" in codes(over), len(over["missing"])) == ("no_logged_activity", True, 1)


def test_7_22_the_closed_tertial_shows_its_pace_from_the_boundary_on() -> None:
    told = report("2026-02-01", **SECRET)
    paces = [stand(HIDDEN, day, told, audience="public")["pace"] for day in ("2026-04-30T23:59", "2026-05-01")]
    assert paces == [None, "on_pace"]


def test_7_22_a_secret_plan_is_never_public_and_neither_is_its_cancellation() -> None:
    for status in ("planned", "cancelled"):
        plan = report("2026-12-10", status=status, recorded_at=moment("2026-01-02"), **SECRET)
        without = stand(TWICE, "2026-11-01", audience="public")
        assert stand(TWICE, "2026-11-01", plan, audience="public") | {"wake_at": without["wake_at"]} == without


def test_7_22_a_secret_report_that_joins_a_public_occasion_waits_for_the_tertial() -> None:
    season = slot("spring", "03-01", "05-31", "traffic_rules")
    joint = promised(occasions(1, slots=[season], taking_part=leaflet(["police", "municipality"])))
    key: dict[str, Any] = {"occasion_key": "2026-04-14/torget", "themes": frozenset({"traffic_rules"})}
    open_one, secret = report("2026-04-14", TOWN, **key), report("2026-04-14", POLICE, **key, **SECRET)
    shown = [stand(joint, day, open_one, secret, audience="public") for day in ("2026-04-30", "2026-05-01")]
    assert [(each["counted"], each["partner_missing"]) for each in shown] == [(0, 1), (1, 0)]


def test_4_19_tightening_leaves_the_count() -> None:
    first = report("2026-04-14", activity_id="a", recorded_at=moment("2026-04-14"))
    tightened = report("2026-04-14", activity_id="a", revision=2, recorded_at=moment("2026-04-20"), **SECRET)
    days = ("2026-04-15", "2026-04-21", "2026-05-01")
    assert [stand(TWICE, day, first, tightened, audience="public")["counted"] for day in days] == [1, 1, 1]


def test_7_22_a_hint_at_a_day_is_for_the_owners_alone() -> None:
    twice = [report("2026-02-01", **SECRET) for _ in range(2)]
    key: dict[str, Any] = {"occasion_key": "2026-02-02/k", "kind": "operation"}
    differ = [report("2026-02-02", **key, **SECRET), report("2026-02-02", TOWN, **(key | {"kind": "campaign"}))]
    hints = {"possible_duplicates", "reports_disagree"}
    public, internal = (stand(TWICE, "2026-06-01", *twice, *differ, audience=who) for who in AUDIENCES)
    assert not hints & set(codes(public))
    assert hints <= set(codes(internal))


def test_7_24_equal_events_and_equal_moments_give_equal_standings() -> None:
    told = [report("2026-02-01", **SECRET), report("2026-03-01", TOWN)]
    for audience in AUDIENCES:
        assert stand(TWICE, "2026-03-02", *told, audience=audience) == stand(
            TWICE, "2026-03-02", *reversed(told), *told, audience=audience
        )


@pytest.mark.parametrize(
    "told",
    [
        [],
        [report("2026-02-01")],
        [report("2026-02-01"), report("2026-03-01", **SECRET)],
        [report("2026-02-01", recorded_at=moment("2026-12-01"))],
        [report("2026-02-01", occasion_key="2026-02-01/k"), report("2026-02-01", TOWN, occasion_key="2026-02-01/k")],
    ],
    ids=["nothing", "open", "secret", "logged-later", "joint"],
)
@pytest.mark.parametrize("obligation", [TWICE, HIDDEN], ids=["year", "secret-tertial"])
def test_judging_for_both_audiences_at_once_is_judging_for_each(obligation: Obligation, told: list[Report]) -> None:
    period, evidence = holding(obligation, "2026-02-01"), Evidence(tuple(told))
    for now in (moment("2026-03-02"), moment("2026-05-01"), moment("2027-02-01")):
        each = {who: evaluate(obligation, period, evidence, now, who) for who in AUDIENCES}
        assert evaluate_both(obligation, period, evidence, now) == each


@pytest.mark.parametrize(
    ("today", "tertial", "next_day", "sv", "en"),
    [
        ("2026-01-01", "2025-T3", "2026-05-01", "september–december 2025", "September–December 2025"),
        ("2026-04-30", "2025-T3", "2026-05-01", "september–december 2025", "September–December 2025"),
        ("2026-05-01", "2026-T1", "2026-09-01", "januari–april 2026", "January–April 2026"),
    ],
)
def test_7_22_the_last_published_tertial_is_the_one_before_todays(
    today: str, tertial: str, next_day: str, sv: str, en: str
) -> None:
    said = published_until(date.fromisoformat(today))
    assert said.code == "published_until"
    assert said.parameters == {"tertial": tertial, "next_day": next_day, "name_sv": sv, "name_en": en}


@pytest.mark.parametrize("slots", [[], [slot("spring", "04-01", "05-31")]], ids=["the whole", "a slot"])
def test_7_22_no_day_of_a_plan_is_told_to_the_public(slots: list[Any]) -> None:
    plan = report("2026-05-20", status="planned", recorded_at=moment("2026-04-20"))
    told = {
        audience: stand(promised(occasions(1, slots=slots)), "2026-05-01", plan, audience=audience)
        for audience in AUDIENCES
    }
    assert [each["planned"] for each in told["internal"]["slots"]] == [["2026-05-20"]] * len(slots)
    assert "planned" in codes(told["internal"])
    assert "2026-05-20" not in json.dumps(told["public"], default=str)
    assert "planned" not in codes(told["public"])
