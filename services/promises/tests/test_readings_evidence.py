"""Settled readings 7.10 to 7.17, as far as a standing decides them: what counts, and by which version.

What is refused at the door (7.14, and future and negative reports in 7.17) is proven in `activities`, under the same
numbers; an area's total (7.17) in `test_areas`.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from promises.catalogue import mapping
from promises.domain.confirmations import unconfirmed
from promises.domain.evidence import Baseline, Report
from promises.domain.obligation import Obligation

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import (
    codes,
    holding,
    in_versions,
    leaflet,
    moment,
    occasions,
    operators,
    promised,
    report,
    sentences,
    slot,
    stand,
    stored,
    version,
)

SPRING, AUTUMN = slot("spring", "03-01", "05-31", "traffic_rules"), slot("autumn", "09-01", "11-30", "reflector")
JOINT = promised(occasions(2, slots=[SPRING, AUTUMN], taking_part=leaflet(["police", "municipality"])))
RULES, REFLECTOR = frozenset({"traffic_rules"}), frozenset({"reflector"})
OWNERS, THEMES = (POLICE, TOWN), ("traffic_rules", "reflector")
AIMED_AT = leaflet(["tuned_moped", "a_tractor"])
KEY: dict[str, Any] = {"occasion_key": "2026-04-14/torget", "themes": RULES}


def counted(obligation: Any, *reports: Any, when: str = "2026-12-01") -> int:  # noqa: ANN401
    found: int = stand(obligation, when, *reports)["counted"]
    return found


def test_7_10_special_effort_is_asked_only_where_the_rule_says_so() -> None:
    everyday = report("2026-04-14", special_effort=False)
    assert [
        counted(promised(occasions(1, **asked)), everyday) for asked in ({}, {"special_effort": leaflet(True)})
    ] == [
        1,
        0,
    ]


@pytest.mark.parametrize(("match", "counts"), [("any", [0, 1, 1]), ("all", [0, 0, 1])])
def test_7_10_whether_one_or_every_target_group_is_asked_for_is_the_operators_choice(
    match: str, counts: list[int]
) -> None:
    aimed = promised(occasions(2, audiences=AIMED_AT, audience_match=operators(match)))
    groups = (frozenset[str](), frozenset({"tuned_moped"}), frozenset({"tuned_moped", "a_tractor"}))
    assert [counted(aimed, report("2026-04-14", audiences=group)) for group in groups] == counts


def test_7_10_a_kind_is_asked_only_where_it_is_named() -> None:
    campaign = promised(occasions(1, kinds=leaflet(["campaign"])))
    assert [counted(campaign, report("2026-04-14", kind=kind)) for kind in (None, "operation", "campaign")] == [0, 0, 1]


def test_7_11_joint_is_a_parameter_and_partner_missing_alone_leaves_not_fulfilled_with_that_reason() -> None:
    alone = report("2026-04-14", themes=RULES)
    assert counted(promised(occasions(2)), alone) == 1
    found = stand(JOINT, "2027-01-15", alone)
    assert (found["verdict"], found["partner_missing"], found["counted"]) == ("not_fulfilled", 1, 0)
    assert "partner_missing" in codes(found)


def waits(told: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    return [(each["parameters"]["slot"], each["sv"]) for each in told["reasons"] if each["code"] == "partner_missing"]


@pytest.mark.parametrize(
    ("days", "theme", "slot_id", "what"),
    [
        (["2026-07-07"], "reflector", "", ("ett tillfälle", "one occasion")),
        (["2026-04-14"], "reflector", "", ("ett tillfälle", "one occasion")),
        (["2026-07-07", "2026-07-08"], "reflector", "", ("2 tillfällen", "2 occasions")),
        (["2026-04-14", "2026-04-15"], "traffic_rules", "spring", ("springs insats", "the spring operation")),
    ],
    ids=["between seasons", "another season's theme", "two", "in a season"],
)
def test_7_11_wherever_an_occasion_lacks_its_partner_the_reason_says_so(
    days: list[str], theme: str, slot_id: str, what: tuple[str, str]
) -> None:
    alone = [report(day, themes=frozenset({theme})) for day in days]
    found = stand(JOINT, "2027-01-15", *alone)
    assert (found["verdict"], found["partner_missing"]) == ("not_fulfilled", len(days))
    said = f"Samarbetspart saknas: {what[0]} väntar på att {TOWN} rapporterar eller bekräftar."
    assert waits(found) == [(slot_id, said)]
    [about] = [each["parameters"] for each in found["reasons"] if each["code"] == "partner_missing"]
    assert (about["count"], about["name_en"]) == (len(days), what[1])


def test_7_11_what_waits_for_a_partner_is_told_where_the_seasons_are_met_too() -> None:
    done = [
        report(day, themes=themes, confirmed_by=[TOWN])
        for day, themes in (("2026-04-01", RULES), ("2026-10-01", REFLECTOR))
    ]
    more = promised(occasions(3, slots=[SPRING, AUTUMN], taking_part=leaflet(["police", "municipality"])))
    for it, verdict in ((JOINT, "fulfilled"), (more, "partially_fulfilled")):
        found = stand(it, "2027-01-15", *done, report("2026-05-07", TOWN, themes=RULES))
        said = f"Samarbetspart saknas: ett tillfälle väntar på att {POLICE} rapporterar eller bekräftar."
        assert (found["verdict"], waits(found)) == (verdict, [("", said)])


def test_7_11_who_is_awaited_is_a_partner_by_the_version_of_the_day() -> None:
    joint, other = occasions(2, taking_part=leaflet(["police", "municipality"])), "annan-kommun"
    kept = stored(
        version(joint, valid=("2026-01-01", "2026-06-30")),
        version(joint, valid=("2026-07-01", "2026-12-31"), owners=(POLICE, other)),
    )
    kept["organisations"].append({"id": other, "kind": "municipality", "name": {"sv": other, "en": other}})
    both = mapping.promised(kept).obligations["it"]
    found = stand(both, "2026-11-01", report("2026-04-14"), report("2026-08-14"))
    [about] = [each["parameters"] for each in found["reasons"] if each["code"] == "partner_missing"]
    assert (about["count"], about["awaited_sv"]) == (2, f"{TOWN} och {other}")


def test_7_11_without_seasons_only_the_partner_of_what_was_done_is_said_to_be_missing() -> None:
    """Both must do something more, and are reminded; what one did alone waits for the other."""
    it = promised(occasions(2, taking_part=leaflet(["police", "municipality"])))
    found = stand(it, "2026-10-10", report("2026-10-01"))
    assert waits(found) == [
        ("", f"Samarbetspart saknas: ett tillfälle väntar på att {TOWN} rapporterar eller bekräftar.")
    ]
    assert [each["of"] for each in found["missing"] if each["code"] == "partner"] == [TOWN]
    [both] = [
        each
        for each in stand(it, "2026-10-10", report("2026-10-01"), report("2026-10-02", TOWN))["reasons"]
        if each["code"] == "reported_apart"
    ]
    assert both["sv"].startswith(f"2 tillfällen: {POLICE} och {TOWN} har rapporterat var för sig")


@pytest.mark.parametrize("owners", [(POLICE, TOWN), (POLICE,)], ids=["both own it", "the police alone did before"])
def test_7_15_who_must_take_part_and_is_awaited_follows_the_version_of_the_occasions_day(
    owners: tuple[str, ...],
) -> None:
    seasons: dict[str, Any] = {"slots": [SPRING, AUTUMN]}
    joint = occasions(2, taking_part=leaflet(["police", "municipality"]), **seasons)
    it = in_versions(
        version(occasions(2, **seasons), valid=("2026-01-01", "2026-06-30"), owners=owners),
        version(joint, valid=("2026-07-01", "2026-12-31")),
    )
    before, after = report("2026-04-14", themes=RULES), report("2026-10-01", themes=REFLECTOR)
    found = stand(it, "2026-10-10", before, after)
    assert (found["counted"], found["partner_missing"]) == (1, 1)
    said = f"Samarbetspart saknas: autumns insats väntar på att {TOWN} rapporterar eller bekräftar."
    assert waits(found) == [("autumn", said)]
    assert (found["slots"][1]["awaited"], found["slots"][1]["reported"]) == ([TOWN], [POLICE])
    [waiting] = unconfirmed(it, holding(it, "2026-10-01"), [before, after])
    assert (waiting.reports, waiting.reported, waiting.awaited) == ((after,), (POLICE,), (TOWN,))


def test_7_10_and_7_11_umeas_rules_ask_what_is_settled_of_them_and_of_no_other(
    obligations: Mapping[str, Obligation],
) -> None:
    asked = {name: each.rule.asked for name, each in obligations.items()}
    effort = {name for name, each in asked.items() if each.special_effort}
    assert effort == {"cykel-gang", "moped-a-traktor", "trafikantkampanjer"}
    assert {name: set(each.kinds) for name, each in asked.items() if each.kinds} == {
        "trafikantkampanjer": {"campaign"},
        "tillganglig-polis": {"contact"},
    }
    assert {name: set(each.audiences) for name, each in asked.items() if each.audiences} == {
        "cykel-gang": {"cyclist", "pedestrian"},
        "moped-a-traktor": {"tuned_moped", "a_tractor"},
    }
    assert {each.audience_match for each in asked.values()} == {"any"}
    assert {name: set(each.partners) for name, each in asked.items() if each.partners} == {
        "cykel-gang": {"police", "municipality"}
    }


@pytest.mark.parametrize("status", ["planned", "cancelled", "retracted"])
def test_7_11_nobody_takes_part_by_a_plan_nor_by_what_was_called_off_or_taken_back(status: str) -> None:
    assert counted(JOINT, report("2026-04-14", **KEY), report("2026-04-14", TOWN, status=status, **KEY)) == 0
    assert counted(JOINT, report("2026-04-14", **KEY), report("2026-04-14", TOWN, **KEY)) == 1


def test_7_11_nobody_takes_part_by_anothers_word() -> None:
    two_police = [report("2026-04-14", POLICE, **KEY), report("2026-04-14", "ntf", **KEY)]
    assert counted(JOINT, *two_police) == 0


def test_7_12_the_occasion_counts_on_the_day_of_its_key() -> None:
    over_new_year: dict[str, Any] = {"occasion_key": "2026-12-31/natt", "counted_on": moment("2026-12-31").date()}
    once = promised(occasions(1), valid=("2026-01-01", "2027-12-31"))
    logged = report("2027-01-01", **over_new_year)
    assert [stand(once, "2027-02-01", logged, on=day)["counted"] for day in ("2026-06-01", "2027-06-01")] == [1, 0]


def test_7_12_two_reports_without_a_key_on_one_day_are_shown_as_possible_duplicates_and_both_count() -> None:
    twice = promised(occasions(2))
    found = stand(twice, "2026-12-01", report("2026-04-14"), report("2026-04-14", TOWN), report("2026-05-01"))
    assert found["counted"] == 3
    assert sentences(found, "possible_duplicates") == [
        "Två rapporter utan gemensam nyckel den 14 april: kanske samma tillfälle."
    ]
    keyed = [report("2026-04-14", who, occasion_key="2026-04-14/a") for who in (POLICE, TOWN)]
    assert "possible_duplicates" not in codes(stand(twice, "2026-12-01", *keyed))
    apart = [report("2026-04-14", unit=name) for name in ("ersboda", "teg")]
    assert stand(twice, "2026-12-01", *apart)["possible_duplicates"] == ["2026-04-14"]


def test_7_12_a_cadence_shows_possible_duplicates_as_well() -> None:
    pace = promised({"kind": "cadence", "count": operators(1)}, period="tertial")
    found = stand(pace, "2026-03-01", report("2026-02-14"), report("2026-02-14"))
    assert (found["counted"], "possible_duplicates" in codes(found)) == (2, True)


COVERAGE = {
    "kind": "coverage",
    "percent": leaflet(100),
    "quantity": leaflet("pupils_offered"),
    "baseline": operators("pupils_enrolled"),
}


def offered(day: str, unit: str | None = None, **more: Any) -> Report:  # noqa: ANN401
    """Half a hundred pupils were offered it."""
    return report(day, TOWN, unit=unit, quantities=(("pupils_offered", 50),), **more)


@pytest.mark.parametrize(
    ("told", "days"),
    [
        ([offered("2025-10-01"), offered("2025-10-01")], ["2025-10-01"]),
        ([offered("2025-10-01", "Teg"), offered("2025-10-01", "Teg")], ["2025-10-01"]),
        ([offered("2025-10-01", "Teg"), offered("2025-10-01", "Haga")], []),
        ([offered("2025-10-01"), offered("2025-10-02")], []),
    ],
)
def test_7_12_a_coverage_shows_two_reports_of_one_day_and_unit_as_possible_duplicates_and_counts_both(
    told: list[Report], days: list[str]
) -> None:
    teaching = promised(COVERAGE, period="school_year", valid=("2025-07-01", "2026-06-30"))
    enrolled = [Baseline(1, moment("2025-09-01"), 100)]
    found = stand(teaching, "2026-03-01", *told, baselines=enrolled)
    assert (found["counted"], found["verdict"], found["possible_duplicates"]) == (100, "fulfilled", days)
    assert codes(found).count("possible_duplicates") == len(days)


def test_7_12_a_plan_beats_what_was_called_off() -> None:
    plan, off = (report("2026-04-14", who, status=s, **KEY) for who, s in ((POLICE, "planned"), (TOWN, "cancelled")))
    assert stand(JOINT, "2026-04-01", plan, off)["slots"][0]["planned"] == ["2026-04-14"]
    assert stand(JOINT, "2026-04-01", off)["slots"][0]["planned"] == []


def test_7_12_merged_reports_have_the_audiences_of_both() -> None:
    every = promised(occasions(1, audiences=AIMED_AT, audience_match=operators("all")))
    apart = [
        report("2026-04-14", who, **KEY, audiences=frozenset({to}))
        for who, to in ((POLICE, "tuned_moped"), (TOWN, "a_tractor"))
    ]
    assert [counted(every, *apart[:n]) for n in (1, 2)] == [0, 1]


def test_7_12_merged_reports_have_the_themes_of_both() -> None:
    every = promised(occasions(1, slots=[slot("spring", "03-01", "05-31", "traffic_rules", "reflector", match="all")]))
    about = {"occasion_key": "2026-04-14/torget"}
    apart = [report("2026-04-14", who, **about, themes=frozenset({it})) for who, it in zip(OWNERS, THEMES, strict=True)]
    assert [stand(every, "2026-05-01", *apart[:n])["slots"][0]["state"] for n in (1, 2)] == ["open", "met"]


def test_7_12_what_was_done_beats_what_was_planned_and_a_plan_brings_no_themes() -> None:
    planned = report("2026-04-14", status="planned", **(KEY | {"themes": frozenset({"reflector"})}))
    done = [report("2026-04-14", who, **KEY) for who in (POLICE, TOWN)]
    found = stand(JOINT, "2026-12-01", planned, *done)
    assert (found["counted"], found["slots"][0]["count"], found["slots"][1]["count"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "campaign"}, "slaget av aktivitet"),
        ({"special_effort": False}, "om det var en särskild insats"),
        ({"quantities": (("participants", 30),)}, "antalet"),
        ({"status": "cancelled"}, "om det blev av"),
    ],
)
def test_7_12_reports_of_one_occasion_that_disagree_are_flagged_with_what_they_disagree_on(
    changes: dict[str, Any], said: str
) -> None:
    about = KEY | {"kind": "operation", "quantities": (("participants", 20),)}
    once = promised(occasions(1))
    police, town = report("2026-04-14", **about), report("2026-04-14", TOWN, **(about | changes))
    assert sentences(stand(once, "2026-05-01", police, town), "reports_disagree") == [
        f"Rapporterna om tillfället den 14 april skiljer sig åt: {said}."
    ]
    same = report("2026-04-14", TOWN, **about)
    assert "reports_disagree" not in codes(stand(once, "2026-05-01", police, same))


def test_7_12_who_reported_the_occasion_for_another_obligation_takes_part_in_it() -> None:
    own, partners = report("2026-04-14", **KEY), report("2026-04-14", TOWN, own=False, **KEY)
    assert [counted(JOINT, *told) for told in ([own], [own, partners], [partners])] == [0, 1, 0]


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_7_12_what_was_done_for_another_obligation_is_not_done_for_one_that_only_a_plan_names(status: str) -> None:
    own, done = report("2026-04-14", status=status, **KEY), report("2026-04-14", TOWN, own=False, **KEY)
    found = stand(promised(occasions(1)), "2026-04-01", own, done)
    assert (found["counted"], "planned" in codes(found)) == (0, status == "planned")


def test_7_12_a_plan_that_was_carried_out_is_no_disagreement() -> None:
    plan, done = report("2026-04-14", status="planned", **KEY), report("2026-04-14", TOWN, **KEY)
    assert "reports_disagree" not in codes(stand(promised(occasions(1)), "2026-05-01", plan, done))


def test_7_13_a_report_counts_only_with_an_owner_among_those_who_report_or_confirm() -> None:
    of_the_town = promised(occasions(1), owners=[TOWN])
    told = (report("2026-04-14", POLICE), report("2026-04-14", POLICE, confirmed_by=frozenset({TOWN})))
    assert [counted(of_the_town, each) for each in told] == [0, 1]


def test_7_14_the_highest_revision_rules_also_after_a_retraction() -> None:
    states = ("done", "retracted", "done", "cancelled")
    told = [report("2026-04-14", activity_id="a", revision=n, status=s) for n, s in enumerate(states, 1)]
    assert [counted(promised(occasions(1)), *told[:n]) for n in (1, 2, 3, 4)] == [1, 0, 1, 0]


def test_7_15_the_version_of_the_first_day_sets_number_and_text_and_each_activity_is_matched_by_its_own() -> None:
    old = version(occasions(2, kinds=leaflet(["operation"])), valid=("2026-01-01", "2026-06-30"))
    new = version(occasions(5, kinds=leaflet(["campaign"])), valid=("2026-07-01", "2026-12-31"))
    both = in_versions(old, new)
    days = ("2026-04-14", "2026-10-14")
    told = [report(day, kind=kind) for day in days for kind in ("operation", "campaign")]
    found = stand(both, "2026-12-01", *told)
    assert (found["need"], found["counted"], found["verdict"]) == (2, 2, "fulfilled")


def test_7_15_an_owner_that_came_with_a_version_counts_from_its_first_day() -> None:
    old = version(occasions(2), owners=[POLICE], valid=("2026-01-01", "2026-06-30"))
    new = version(occasions(2), owners=[POLICE, TOWN], valid=("2026-07-01", "2026-12-31"))
    told = [report(day, TOWN) for day in ("2026-06-30", "2026-07-01")]
    assert counted(in_versions(old, new), *told) == 1


def test_7_15_the_kind_of_period_changes_at_a_boundary() -> None:
    old = version(occasions(1), period="year", valid=("2026-01-01", "2026-12-31"))
    new = version(occasions(1), period="tertial", valid=("2027-01-01", "2027-12-31"))
    both = in_versions(old, new)
    names = [stand(both, "2027-05-01", on=day)["period"] for day in ("2026-06-01", "2027-04-30", "2027-05-01")]
    assert names == ["2026", "2027-T1", "2027-T2"]


def test_7_16_an_unmet_period_only_partly_covered_cannot_be_assessed_and_is_never_overdue() -> None:
    late = promised(occasions(2), valid=("2026-04-01", "2026-12-31"))
    days = ("2026-12-31", "2027-01-10", "2027-01-15", "2028-01-01")
    assert not any(stand(late, day)["overdue"] for day in days)
    found = stand(late, "2027-01-15", report("2026-05-01"))
    assert (found["verdict"], "part_of_period" in codes(found)) == ("cannot_be_assessed", True)
    assert stand(late, "2027-01-15", report("2026-05-01"), report("2026-06-01"))["verdict"] == "fulfilled"


def test_7_16_expired_is_the_phase_after_validity_and_grace_where_the_validity_cut_the_period() -> None:
    ended = promised(occasions(2), valid=("2026-01-01", "2026-08-31"))
    days = ("2026-08-31T23:59", "2026-09-01", "2026-09-14T23:59", "2026-09-15")
    assert [stand(ended, day)["phase"] for day in days] == ["open", "in_grace", "in_grace", "expired"]


def test_7_16_what_was_done_before_the_promise_was_made_counts_nothing() -> None:
    late = promised(occasions(2), valid=("2026-04-01", "2026-12-31"))
    assert counted(late, report("2026-03-31"), report("2026-04-01")) == 1
