"""Fulfilment as a figure: semantics 13 and settled reading 4."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import httpx
import pytest
from contracts.activities import ActivityEvent
from local.tokens import Keys
from promises.domain.figures import BUCKETS, Bucket, bucket, enters, figure, named
from promises.domain.obligation import Obligation
from promises.domain.standing import Phase, Verdict

from services.promises.tests.driving import POLICE, TOWN, Projector
from services.promises.tests.promising import in_versions, occasions, operators, promised, version

NewActivity = Callable[..., ActivityEvent]
At = Callable[[str], datetime]
PATH = "/v1/municipalities/2480/fulfilment"
AUDIENCES = ("internal", "public")


@pytest.mark.parametrize(
    ("phase", "verdict", "overdue", "where"),
    [
        ("open", "fulfilled", False, "fulfilled"),
        ("closed", "partially_fulfilled", False, "partially_fulfilled"),
        ("closed", "not_fulfilled", False, "not_fulfilled"),
        ("open", None, True, "overdue"),
        ("in_grace", None, True, "overdue"),
        ("open", "cannot_be_assessed", False, "cannot_be_assessed"),
        ("open", None, False, "open"),
        ("not_started", None, False, "not_started"),
    ],
)
def test_7_4_a_standing_is_in_one_bucket(phase: Phase, verdict: Verdict | None, overdue: bool, where: Bucket) -> None:
    assert bucket(phase, verdict, overdue=overdue) == where


def test_4_13_the_figure_is_over_the_four_decided_buckets() -> None:
    found = figure([(f"o{n}", each) for n, each in enumerate(BUCKETS)])
    assert (found.fulfilled, found.of, found.percent) == (1, 4, None)
    assert found.ratio is not None
    assert (found.ratio.sv, found.ratio.en) == ("1 av 4", "1 of 4")


def test_7_4_there_is_a_percentage_from_ten_on_and_it_is_rounded_down() -> None:
    nine: list[tuple[str, Bucket]] = [(f"o{n}", "fulfilled") for n in range(9)]
    assert figure(nine).percent is None
    assert figure([*nine, ("o9", "overdue")]).percent == 90
    assert figure([*nine, *[(f"p{n}", "overdue") for n in range(5)]]).percent == 64


def test_7_4_of_nothing_decided_there_is_no_figure() -> None:
    found = figure([("a", "open"), ("b", "not_started"), ("c", "cannot_be_assessed")])
    assert (found.of, found.ratio, found.percent) == (0, None, None)


def test_7_4_only_what_the_leaflet_counts_enters(obligations: Mapping[str, Obligation]) -> None:
    assert {name for name, each in obligations.items() if enters(each, next(each.periods(each.validity)))} == {
        "cykel-gang",
        "moped-a-traktor",
        "trafikutbildning-ak4",
    }


def test_4_13_an_obligation_enters_by_the_version_that_rules_the_period() -> None:
    later = version({"kind": "occasions", "count": operators(1)}, valid=("2027-01-01", "2027-12-31"))
    both = in_versions(version(occasions(1)), later)
    assert [found_under([both], name) for name in ("2026", "2027")] == [{"year": [("it", "2026-01-01")]}, {}]


def found_under(obligations: Iterable[Obligation], name: str) -> dict[str, list[tuple[str, str]]]:
    found = named(obligations, name)
    return {kind: [(one.id, str(period.window.first)) for one, period in both] for kind, both in found.items()}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026", {"year": [("cykel-gang", "2026-01-01"), ("moped-a-traktor", "2026-01-01")]}),
        ("2025/26", {"school_year": [("trafikutbildning-ak4", "2025-07-01")]}),
        ("2026-T1", {}),
        ("2031", {}),
    ],
)
def test_a_named_period_gathers_those_with_a_number_that_have_one(
    obligations: Mapping[str, Obligation], name: str, expected: dict[str, list[tuple[str, str]]]
) -> None:
    assert found_under(obligations.values(), name) == expected


def test_two_kinds_of_year_with_one_name_are_never_put_together() -> None:
    october = promised(occasions(1), period={"first_day": "10-01"}, valid=("2025-10-01", "2027-09-30"))
    school = promised(occasions(1), period="school_year", valid=("2025-07-01", "2027-06-30"))
    assert found_under([october, school], "2025/26") == {
        "custom_year": [("it", "2025-10-01")],
        "school_year": [("it", "2025-07-01")],
    }


async def asked(api: httpx.AsyncClient, period: str, audience: str = "internal") -> dict[str, Any]:
    answer = (await api.get(PATH, params={"period": period, "audience": audience})).raise_for_status().json()
    [found] = answer["figures"]
    return {each["bucket"]: each["obligations"] for each in found["buckets"] if each["count"]} | {
        "ratio": (found["ratio_sv"], found["ratio_en"], found["percent"])
    }


@pytest.mark.parametrize("audience", AUDIENCES)
async def test_4_13_the_year_and_the_school_year_have_figures_of_their_own(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At, audience: str
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-04-14"), activity("2026-10-14"))
    await projector.turn(at("2026-12-01"))
    assert await asked(api, "2026", audience) == {
        "fulfilled": ["cykel-gang"],
        "open": ["moped-a-traktor"],
        "ratio": ("1 av 1", "1 of 1", None),
    }
    assert await asked(api, "2025/26", audience) == {
        "cannot_be_assessed": ["trafikutbildning-ak4"],
        "ratio": (None, None, None),
    }


async def test_7_4_all_seven_buckets_are_printed_and_no_assessment_enters(
    api: httpx.AsyncClient, projector: Projector, keys: Keys, at: At
) -> None:
    await projector.load()
    await projector.turn(at("2026-12-01"))
    [before] = (await api.get(PATH, params={"period": "2026"})).json()["figures"]
    assert [each["bucket"] for each in before["buckets"]] == list(BUCKETS)
    assert sorted(name for each in before["buckets"] for name in each["obligations"]) == [
        "cykel-gang",
        "moped-a-traktor",
    ]
    said = {"event_id": "1", "period": "2026", "verdict": "fulfilled", "text": "Gjort.", "assessed_on": "2026-11-30"}
    who = {"authorization": f"Bearer {keys.token(TOWN, role='coordinator')}"}
    place = "/v1/municipalities/2480/obligations/cykel-gang/assessments"
    assert (await api.post(place, json=said, headers=who)).status_code == 201
    await projector.turn()
    [after] = (await api.get(PATH, params={"period": "2026"})).json()["figures"]
    assert after == before


async def test_4_13_the_figure_moves_with_time_alone(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-04-14"))
    await projector.live(at("2026-12-01"))
    assert (await asked(api, "2026"))["overdue"] == ["cykel-gang"]
    await projector.live(at("2027-01-15"))
    assert await asked(api, "2026") == {
        "partially_fulfilled": ["cykel-gang"],
        "not_fulfilled": ["moped-a-traktor"],
        "ratio": ("0 av 2", "0 of 2", None),
    }


async def test_4_13_a_period_that_nothing_has_called_for_has_not_started(
    api: httpx.AsyncClient, projector: Projector
) -> None:
    await projector.load()
    await projector.turn()
    assert await asked(api, "2026/27") == {"not_started": ["trafikutbildning-ak4"], "ratio": (None, None, None)}


async def test_7_22_the_public_figure_waits_for_the_tertial(
    api: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.load()
    secret = {"organisation": POLICE, "confirmed_by": (TOWN,), "visibility": "count_only"}
    await projector.ingest(activity("2026-04-14", **secret), activity("2026-10-14", **secret))
    for day, public in (("2026-12-31", {"ratio": ("0 av 1", "0 of 1", None)}), ("2027-01-01", {})):
        await projector.live(at(day))
        assert (await asked(api, "2026"))["fulfilled"] == ["cykel-gang"]
        shown = await asked(api, "2026", "public")
        assert ("fulfilled" in shown) == (not public)
        assert shown == shown | public


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [("period=2031", 404, "there are: 2025/26"), ("period=26", 422, ""), ("", 422, ""), ("period=2026-T1", 404, "")],
)
async def test_a_period_that_is_not_there_is_refused(
    api: httpx.AsyncClient, projector: Projector, query: str, status: int, said: str
) -> None:
    await projector.load()
    answer = await api.get(f"{PATH}?{query}")
    assert answer.status_code == status
    assert said in answer.json()["detail"]
