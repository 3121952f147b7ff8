"""An invented municipality with other periods and numbers than Umeå's is checked, judged, loaded and reminded alike."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from contracts.activities import ActivityEvent
from promises.application.load import load
from promises.catalogue import mapping, publishing
from promises.catalogue.check import checked
from promises.domain.evidence import Baseline
from promises.domain.obligation import Obligation

from services.promises.tests.driving import CATALOGUE, Projector
from services.promises.tests.promising import codes, moment, report, stand

LILLEVIK = CATALOGUE.parent / "example" / "9901-lillevik.yaml"
POLICE, TOWN = "polisen-lpo-lillevik", "lilleviks-kommun"
NewActivity = Callable[..., ActivityEvent]


@pytest.fixture(scope="module")
def promised() -> Mapping[str, Obligation]:
    return mapping.promised(mapping.document(*checked(LILLEVIK))).obligations


def test_its_catalogue_is_right_and_is_published_with_its_words() -> None:
    catalogue, _ = checked(LILLEVIK)
    published = {each.promise: each.obligations[0] for each in publishing.published(catalogue, 1)}
    assert len(published) == 7
    assert published["moped-a-traktor"].audiences == ("tuned_moped", "a_tractor")
    assert published["trygghetsvandringar"].joint


def test_its_years_begin_in_october_for_three_years_and_its_quarters_are_twelve(
    promised: Mapping[str, Obligation],
) -> None:
    def names(obligation: str) -> list[str]:
        return [period.id for period in promised[obligation].periods(promised[obligation].validity)]

    assert names("synlig-polis") == ["2026/27", "2027/28", "2028/29"]
    quarters = names("trygghetsvandringar")
    assert (len(quarters), quarters[0], quarters[-1]) == (12, "2026-Q4", "2029-Q3")


def test_a_year_from_october_closes_on_the_last_of_september_and_its_grace(promised: Mapping[str, Obligation]) -> None:
    days = ("2026-10-01", "2027-09-30T23:59", "2027-10-01", "2027-10-14", "2027-10-15")
    phases = [stand(promised["synlig-polis"], day)["phase"] for day in days]
    assert phases == ["open", "open", "in_grace", "in_grace", "closed"]


def test_two_hundred_occasions_fulfil_and_one_less_does_not(promised: Mapping[str, Obligation]) -> None:
    seen = [report((date(2026, 10, 1) + timedelta(n)).isoformat(), POLICE) for n in range(200)]
    verdicts = [stand(promised["synlig-polis"], "2027-10-15", *seen[:n])["verdict"] for n in (199, 200)]
    assert verdicts == ["partially_fulfilled", "fulfilled"]


def test_a_walk_each_quarter_is_a_verdict_each_quarter_and_needs_both(promised: Mapping[str, Obligation]) -> None:
    walks = promised["trygghetsvandringar"]
    joint = report("2026-11-05", POLICE, kind="safety_walk", confirmed_by=frozenset({TOWN}))
    alone = report("2027-02-05", POLICE, kind="safety_walk")
    found = [stand(walks, "2027-05-01", joint, alone, on=day) for day in ("2026-10-01", "2027-01-01", "2027-04-01")]
    assert [each["verdict"] for each in found] == ["fulfilled", "not_fulfilled", None]
    assert "partner_missing" in codes(found[1])


def test_a_cadence_whose_number_is_printed_gives_a_verdict(promised: Mapping[str, Obligation]) -> None:
    areas = [report(f"2027-0{month}-10", POLICE) for month in range(1, 9)]
    assert stand(promised["grannsamverkan"], "2027-10-15", *areas)["verdict"] == "fulfilled"
    assert stand(promised["grannsamverkan"], "2027-10-15", *areas[:5])["verdict"] == "partially_fulfilled"


def test_seasons_of_a_year_from_october_lie_in_two_calendar_years(promised: Mapping[str, Obligation]) -> None:
    found = stand(promised["narkotika"], "2027-09-01")
    windows = [(each["first_day"], each["last_day"], each["state"]) for each in found["slots"]]
    assert windows == [("2026-10-01", "2026-12-15", "missed"), ("2027-08-15", "2027-09-15", "open")]


def test_both_target_groups_are_asked_for_each_time(promised: Mapping[str, Obligation]) -> None:
    both, one = frozenset({"tuned_moped", "a_tractor"}), frozenset({"a_tractor"})
    told = [report("2027-04-01", POLICE, audiences=groups) for groups in (both, one)]
    assert stand(promised["moped-a-traktor"], "2027-05-01", *told)["counted"] == 1


def test_a_calendar_year_that_the_promise_reaches_only_in_part_is_not_assessed(
    promised: Mapping[str, Obligation],
) -> None:
    controls = promised["trafikkontroller"]
    found = [stand(controls, "2028-03-01", on=day) for day in ("2026-10-01", "2027-06-01")]
    assert [each["verdict"] for each in found] == ["cannot_be_assessed", "not_fulfilled"]


@pytest.mark.parametrize(("offered", "verdict"), [(94, "partially_fulfilled"), (95, "fulfilled")])
def test_ninety_five_in_a_hundred_is_the_promise(
    promised: Mapping[str, Obligation], offered: int, verdict: str
) -> None:
    told = report("2027-10-01", TOWN, quantities=(("pupils_offered", offered),))
    pupils = [Baseline(1, moment("2027-09-01"), 100)]
    shown = stand(promised["trafikutbildning-ak6"], "2028-07-22", told, on="2027-10-01", baselines=pupils)
    assert (shown["verdict"], shown["period"]) == (verdict, "2027/28")


async def test_4_21_it_is_judged_and_reminded_beside_umea_and_neither_changes_the_other(
    projector: Projector, activity: NewActivity
) -> None:
    await projector.load()
    await load(projector.database, *checked(LILLEVIK), projector.clock.now())
    pair = {"obligation": "moped-a-traktor", "counted_on": date(2026, 11, 5)}
    groups = ("tuned_moped", "a_tractor")
    about = {"municipality": "9901", "organisation": POLICE, "audiences": groups, "obligations": ("moped-a-traktor",)}
    await projector.ingest(activity("2026-11-05", footprint=(pair,), confirmed_by=(), **about))
    await projector.live(moment("2027-04-02"))
    found = {
        (row["municipality"], row["period"]): row["counted"]
        for row in await projector.database.pool.fetch(
            """
            SELECT municipality, period, (standing->>'counted')::int AS counted FROM standing
            WHERE obligation = 'moped-a-traktor' AND audience = 'internal'
            """
        )
    }
    assert found == {("2480", "2026"): 0, ("9901", "2026/27"): 1}
    half = [each for each in await projector.said("deadlines", "moped-a-traktor") if each["municipality"] == "9901"]
    assert [(each["stage"], each["stage_date"]) for each in half if each["type"] != "settled"] == [
        ("opens", "2026-10-01"),
        ("half_time", "2027-04-01"),
    ]
