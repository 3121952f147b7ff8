"""Section 5: what Swedish municipalities really promised and reached, judged by the rules."""

from datetime import date, timedelta

import pytest
from promises.domain.evidence import Baseline, Report
from promises.domain.obligation import Obligation

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import leaflet, moment, occasions, promised, report, sentences, stand

OPERATIONS = {"special_effort": leaflet(True)}


def spread(first: str, number: int, days: int, organisation: str = POLICE) -> list[Report]:
    """So many reports, evenly over so many days."""
    begin = date.fromisoformat(first)
    return [report((begin + timedelta(n * days // number)).isoformat(), organisation) for n in range(number)]


@pytest.mark.parametrize(
    ("place", "year", "least", "reached"),
    [
        ("Strängnäs, new areas of neighbourhood watch", 2019, 8, 20),
        ("Strängnäs, safety walks", 2019, 4, 4),
        ("Göteborg centrum, narcotics operations", 2018, 6, 11),
        ("Göteborg centrum, traffic operations", 2018, 4, 4),
    ],
    ids=["new-areas", "safety-walks", "narcotics-operations", "traffic-operations"],
)
def test_a_calendar_years_number_was_reached_and_its_surplus_is_shown(
    place: str, year: int, least: int, reached: int
) -> None:
    promise = promised(occasions(least), valid=(f"{year}-01-01", f"{year}-12-31"))
    done = spread(f"{year}-01-10", reached, 340)
    found = stand(promise, f"{year + 1}-01-15", *done)
    assert (found["verdict"], found["counted"], found["progress"]) == ("fulfilled", reached, f"{least}/{least}"), place
    lacking = stand(promise, f"{year + 1}-01-15", *done[: least - 1])
    assert (lacking["verdict"], lacking["counted"]) == ("partially_fulfilled", least - 1)


def test_strangnas_twenty_new_areas_are_shown_as_twenty_where_the_rule_is_a_cadence_too() -> None:
    areas = {"kind": "cadence", "count": leaflet(8)}
    found = stand(
        promised(areas, period="year", valid=("2019-01-01", "2019-12-31")), "2019-12-01", *spread("2019-01-10", 20, 300)
    )
    assert (found["verdict"], found["counted"], found["progress"]) == ("fulfilled", 20, "8/8")
    assert sentences(found, "period_met") == ["Året 2019: 20 där målet är 8."]


def kungalv(least: int, **asked: object) -> Obligation:
    """Kungälv's year runs from October to October."""
    return promised(
        occasions(least, **asked), period={"first_day": "10-15"}, valid=("2020-10-15", "2021-10-14"), owners=[POLICE]
    )


def test_kungalvs_two_hundred_occasions_of_presence_were_met_in_a_year_from_october() -> None:
    found = stand(kungalv(200), "2021-10-29", *spread("2020-10-15", 200, 365))
    assert (found["period"], found["first_day"], found["last_day"]) == ("2020/21", "2020-10-15", "2021-10-14")
    assert (found["phase"], found["verdict"], found["counted"]) == ("closed", "fulfilled", 200)


def test_kungalvs_forty_traffic_controls_count_and_ten_by_another_unit_do_not() -> None:
    others = spread("2021-03-01", 10, 60, "trafikpolisen-vast")
    found = stand(kungalv(20), "2021-10-29", *spread("2020-11-01", 40, 300), *others)
    assert (found["verdict"], found["counted"]) == ("fulfilled", 40)


def test_kungalvs_three_operations_on_tuned_mopeds_and_a_tractors_met_two() -> None:
    aimed = kungalv(2, audiences=leaflet(["tuned_moped", "a_tractor"]), **OPERATIONS)
    done = [report(day, audiences=frozenset({"a_tractor"})) for day in ("2020-11-20", "2021-04-23", "2021-09-10")]
    everyday = report("2021-05-01", audiences=frozenset({"a_tractor"}), special_effort=False)
    found = stand(aimed, "2021-10-29", *done, everyday)
    assert (found["verdict"], found["counted"], found["need"]) == ("fulfilled", 3, 2)


def test_vingakers_fifty_controls_were_fulfilled_at_once_after_the_first_tertial() -> None:
    promise = promised(occasions(50), valid=("2017-01-01", "2017-12-31"), owners=[POLICE])
    done = spread("2017-01-02", 52, 118)
    before = [each for each in done if each.counted_on <= date(2017, 4, 20)][:49]
    assert stand(promise, "2017-04-30", *before)["verdict"] is None
    found = stand(promise, "2017-05-01", *done)
    assert (found["verdict"], found["phase"], found["counted"]) == ("fulfilled", "open", 52)


def test_umeas_fourth_grade_19_schools_28_classes_541_pupils_is_all_and_one_less_is_not() -> None:
    rule = {
        "kind": "coverage",
        "quantity": leaflet("pupils_offered"),
        "baseline": leaflet("pupils_enrolled"),
        "percent": leaflet(100),
    }
    promise = promised(rule, period="school_year", valid=("2018-07-01", "2019-06-30"), owners=[TOWN])
    sizes = [20 if n < 9 else 19 for n in range(28)]  # 541 pupils in 28 classes
    schools = {f"Skola {n + 1}": sum(sizes[n::19]) for n in range(19)}
    classes = [
        report("2019-04-01", TOWN, unit=f"Skola {n % 19 + 1}", quantities=(("pupils_offered", size),))
        for n, size in enumerate(sizes)
    ]
    enrolled = Baseline(1, moment("2018-09-01"), 541, tuple(schools.items()))
    assert sum(schools.values()) == 541
    found = stand(promise, "2019-05-01", *classes, baselines=[enrolled])
    assert (found["verdict"], found["counted"], found["by_unit"]) == ("fulfilled", 541, True)
    joined = Baseline(2, moment("2019-05-02"), 542, tuple((schools | {"Skola 19": schools["Skola 19"] + 1}).items()))
    after = stand(promise, "2019-07-15", *classes, baselines=[enrolled, joined])
    assert (after["verdict"], after["progress"]) == ("partially_fulfilled", "541/542")
    assert [(each["code"], each["of"]) for each in after["missing"]][-1] == ("unit", "Skola 19")
