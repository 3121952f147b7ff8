"""Every code with all its parameters: they are kept and shown, so a parameter that changes is a promise broken."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from promises.domain.evaluate import evaluate
from promises.domain.evidence import Baseline, Evidence, Report
from promises.domain.obligation import Obligation
from promises.domain.reasons import Parameters

from services.promises.tests.driving import TOWN
from services.promises.tests.promising import (
    Entry,
    holding,
    leaflet,
    moment,
    occasions,
    operators,
    promised,
    report,
    slot,
    stand,
)

SPRING = slot("spring", "03-01", "05-31", "traffic_rules")
AUTUMN = slot("autumn", "09-01", "11-30", "reflector")
COVERAGE = {
    "kind": "coverage",
    "percent": leaflet(100),
    "quantity": operators("pupils_offered"),
    "baseline": operators("pupils_enrolled"),
}
THEN = datetime(2025, 12, 1, tzinfo=UTC)
NAMED: Parameters = {
    "names_sv": "giltighetstiden, perioden, tiden för sen rapportering och vad som är en särskild insats",
    "names_en": "the validity, the period, the time for late reports and what a special operation is",
}
YEAR: Parameters = {"name_sv": "året 2026", "name_en": "the year 2026"}


def told(
    it: Obligation, now: str, *reports: Report, on: str = "2026-06-01", baselines: Sequence[Baseline] = ()
) -> dict[str, Parameters | list[Parameters]]:
    """The parameters of each code; in a list where a code is told more than once."""
    found = evaluate(it, holding(it, on), Evidence(reports, tuple(baselines)), moment(now), "internal")
    by_code: dict[str, list[Parameters]] = {}
    for reason in found.reasons:
        by_code.setdefault(reason.code, []).append(reason.parameters)
    return {code: each[0] if len(each) == 1 else each for code, each in by_code.items()}


def done(day: str, *themes: str, **more: Any) -> Report:  # noqa: ANN401
    return report(day, themes=frozenset(themes), confirmed_by=frozenset({TOWN}), **more)


def pupils(unit: str | None, number: int, **more: Any) -> Report:  # noqa: ANN401
    return report("2026-03-02", unit=unit, quantities=(("pupils_offered", number),), **more)


def test_an_umbrella_says_that_it_is_one_and_nothing_else_in_grace_too() -> None:
    it = promised({"kind": "umbrella", "children": operators(["other"])})
    for day in ("2025-12-01", "2026-06-01", "2027-01-05", "2027-06-01"):
        assert told(it, day) == {"umbrella": {}}


@pytest.mark.parametrize(
    ("valid", "day", "last"),
    [
        ("2026-12-31", "2027-01-05", "2027-01-14"),
        ("2026-12-31", "2027-01-14", "2027-01-14"),
        ("2026-08-31", "2026-09-10", "2026-09-14"),
        ("2026-12-31", "2026-12-31", None),
        ("2026-12-31", "2027-01-15", None),
    ],
)
def test_what_is_unmet_in_grace_names_the_last_day_of_grace(valid: str, day: str, last: str | None) -> None:
    it = promised(occasions(1), valid=("2026-01-01", valid))
    assert told(it, day).get("grace") == (last and {"last_day": last})
    assert "grace" not in told(it, day, done("2026-05-05"))


def test_a_result_names_the_parameters_that_an_operator_set() -> None:
    it = promised(occasions(3, special_effort=operators(value=True)))
    one, every = [done("2026-03-03")], [done(f"2026-03-0{n}") for n in (3, 4, 5)]
    said = [told(it, "2027-02-01", *reports)["rests_on_operator"] for reports in ([], one, every)]
    assert said == [NAMED] * 3
    assert "rests_on_operator" not in told(it, "2026-06-01", *one), "nothing rests on it before there is a result"


def test_no_result_rests_on_anything_where_nothing_can_be_assessed() -> None:
    it = promised(COVERAGE)
    found = told(it, "2026-06-01")
    assert found == {"no_baseline": YEAR | {"period": "2026"}}
    assert "no_baseline" not in told(it, "2025-12-01"), "before it opens nobody misses it"


def test_a_part_of_a_period_is_named() -> None:
    it = promised(occasions(1), valid=("2026-03-01", "2026-12-31"))
    assert told(it, "2027-06-01")["part_of_period"] == YEAR | {"period": "2026"}
    assert "part_of_period" not in told(it, "2026-06-01")


def test_a_number_of_the_operators_own_is_told_with_the_number() -> None:
    it = promised(occasions(1) | {"count": operators(4)})
    assert told(it, "2026-06-01")["operators_number"] == {"need": "4"}
    assert "operators_number" not in told(promised(occasions(4)), "2026-06-01")


@pytest.mark.parametrize(
    ("reports", "missing"),
    [
        ([done("2026-04-01", "traffic_rules"), done("2026-10-01", "reflector")], {"count": 2, "need": 3}),
        ([done("2026-04-01", "traffic_rules")], None),
        ([done("2026-04-01", "traffic_rules"), done("2026-10-01", "reflector"), done("2026-07-01")], None),
        ([], None),
    ],
)
def test_a_total_is_missing_where_every_season_is_met_and_it_is_not(
    reports: list[Report], missing: Parameters | None
) -> None:
    it = promised(occasions(3, slots=[SPRING, AUTUMN]))
    assert told(it, "2026-11-01", *reports).get("total_missing") == missing
    assert "total_missing" not in told(promised(occasions(3)), "2026-11-01", *reports), "it is the period then"


def test_reports_that_name_no_unit_of_the_baseline_are_counted() -> None:
    units = Baseline(1, THEN, 50, (("A", 30), ("B", 20)))
    reports = [pupils("A", 30), pupils("elsewhere", 5), pupils(None, 5)]
    found = told(promised(COVERAGE), "2026-06-01", *reports, baselines=[units])
    assert found["unknown_units"] == {"count": 2}
    assert found["units_missing"] == {"units_sv": "; kvar: B (0 av 20)", "units_en": "; left: B (0 of 20)"}
    assert "unknown_units" not in told(promised(COVERAGE), "2026-06-01", pupils("A", 30), baselines=[units])
    assert "unknown_units" not in told(promised(COVERAGE), "2026-06-01", *reports, baselines=[Baseline(1, THEN, 50)])


def test_reports_that_disagree_say_in_what() -> None:
    key: Entry = {"occasion_key": "2026-03-02/skola"}
    one = pupils("A", 3, **key)
    other = pupils("B", 4, organisation=TOWN, **key)
    found = told(promised(COVERAGE), "2026-06-01", one, other, baselines=[Baseline(1, THEN, 50)])
    assert found["reports_disagree"] == {
        "facts_sv": "antalet och enheten",
        "facts_en": "the number and the unit",
        "day": "2026-03-02",
        "facts": "quantities,unit",
    }


SEASON: Parameters = {"name_sv": "autumns insats", "name_en": "the autumn operation", "slot": "autumn"}


@pytest.mark.parametrize(
    ("now", "code", "more"),
    [
        ("2026-08-31", "slot_not_started", {"first_day": "2026-09-01"}),
        ("2026-09-01", "slot_missing", {"count": 0, "need": 1, "last_day": "2026-11-30"}),
        ("2026-11-30", "slot_missing", {"count": 0, "need": 1, "last_day": "2026-11-30"}),
        ("2026-12-01", "slot_closed", {"count": 0, "need": 1, "last_day": "2026-11-30"}),
    ],
)
def test_a_season_says_where_it_stands(now: str, code: str, more: Parameters) -> None:
    found = told(promised(occasions(1, slots=[AUTUMN])), now)
    assert {each: said for each, said in found.items() if each.startswith("slot_")} == {code: SEASON | more}


@pytest.mark.parametrize(
    ("least", "themes", "code", "more"),
    [
        (1, [], "slot_missing", {"count": 0, "need": 1}),
        (1, ["lighting"], "slot_themes_missing", {"themes_sv": "reflector", "themes_en": "reflector"}),
        (1, ["lighting", "lighting"], "slot_themes_missing", {"themes_sv": "reflector", "themes_en": "reflector"}),
        (2, ["lighting"], "slot_missing", {"count": 1, "need": 2}),
        (2, ["reflector", "reflector"], "slot_themes_missing", {"themes_sv": "lighting", "themes_en": "lighting"}),
    ],
)
def test_a_season_that_lacks_only_some_of_all_its_themes_names_those_left(
    least: int, themes: list[str], code: str, more: Parameters
) -> None:
    every = slot("autumn", "09-01", "11-30", "lighting", "reflector", match="all", least=least)
    it = promised(occasions(least, slots=[every]))
    reports = [done(f"2026-10-0{n}", theme) for n, theme in enumerate(themes, 1)]
    closed = {"slot_missing": "slot_closed", "slot_themes_missing": "slot_themes_closed"}[code]
    for now, told_then in (("2026-11-01", code), ("2026-12-01", closed)):
        found = told(it, now, *reports)
        slots = {each: said for each, said in found.items() if each.startswith("slot_")}
        assert slots == {told_then: SEASON | more | {"last_day": "2026-11-30"}}
        assert f"{least} av {least}" not in str(stand(it, now, *reports)["missing"]), "nothing would be missing"


def test_a_season_that_is_met_says_how_many_and_names_no_plans() -> None:
    plan = done("2026-10-20", "reflector", status="planned")
    it = promised(occasions(1, slots=[AUTUMN]))
    assert told(it, "2026-10-20", plan)["planned"] == SEASON | {"day": "2026-10-20"}
    assert "planned" not in told(it, "2026-10-21", plan), "a day that has passed is no plan"
    found = told(it, "2026-10-20", plan, done("2026-09-09", "reflector"))
    assert found["slot_met"] == SEASON | {"count": 1, "need": 1}
    assert "planned" not in found


def test_a_season_outside_the_promise_is_not_promised_and_says_nothing_more() -> None:
    it = promised(occasions(1, slots=[SPRING, AUTUMN]), valid=("2026-07-01", "2026-12-31"))
    found = told(it, "2026-10-01", done("2026-10-20", "traffic_rules", status="planned"), on="2026-07-01")
    spring = {"name_sv": "springs insats", "name_en": "the spring operation", "slot": "spring"}
    assert found["slot_not_promised"] == spring
    assert found["slot_missing"] == SEASON | {"count": 0, "need": 1, "last_day": "2026-11-30"}
