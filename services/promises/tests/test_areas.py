"""A police unit's whole area in one view: semantics 21 and settled reading 17."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import httpx
import pytest
from contracts.activities import ActivityEvent
from local.tokens import Keys
from promises.application.load import load
from promises.catalogue.check import checked
from promises.catalogue.model import Catalogue, Organisations
from promises.domain.areas import counted
from promises.domain.calendar import Window
from promises.domain.evidence import Report
from promises.domain.obligation import Obligation

from services.promises.tests.driving import CATALOGUE, POLICE, TOWN, Projector
from services.promises.tests.promising import (
    holding,
    in_versions,
    leaflet,
    occasions,
    operators,
    promised,
    report,
    version,
)

NewActivity = Callable[..., ActivityEvent]
At = Callable[[str], datetime]
NEIGHBOUR = {"municipality": "2404", "confirmed_by": ("vindelns-kommun",)}


@pytest.fixture
async def two(projector: Projector) -> Projector:
    """Umeå, and Vindeln with the same promises and the same police."""
    await projector.load()
    catalogue, organisations = checked(CATALOGUE)
    renamed = catalogue.model_copy(update={"municipality": "2404", "name": "Vindeln"}).model_dump_json(by_alias=True)
    others = organisations.model_dump_json()
    await load(
        projector.database,
        Catalogue.model_validate_json(renamed.replace(TOWN, "vindelns-kommun")),
        Organisations.model_validate_json(others.replace(TOWN, "vindelns-kommun")),
        projector.clock.now(),
    )
    return projector


@pytest.fixture
def police(api: httpx.AsyncClient, keys: Keys) -> httpx.AsyncClient:
    api.headers["authorization"] = f"Bearer {keys.token(POLICE)}"
    return api


async def area(api: httpx.AsyncClient, organisation: str, audience: str = "internal") -> dict[str, Any]:
    query = {"period": "2026", "audience": audience}
    [found] = (await api.get(f"/v1/areas/{organisation}", params=query)).raise_for_status().json()["figures"]
    shown: dict[str, Any] = found
    return shown


async def test_4_21_a_police_unit_sees_all_its_municipalities_and_their_sum(
    police: httpx.AsyncClient, two: Projector, activity: NewActivity, at: At
) -> None:
    await two.ingest(activity("2026-04-14"), activity("2026-10-14"), activity("2026-04-20", **NEIGHBOUR))
    await two.live(at("2026-12-05"))
    shown = await area(police, POLICE)
    assert [(each["name"], each["ratio_sv"], each["occasions"]) for each in shown["municipalities"]] == [
        ("Vindeln", "0 av 1", 1),
        ("Umeå", "1 av 1", 2),
    ]
    assert (shown["ratio_sv"], shown["ratio_en"], shown["occasions"]) == ("1 av 2", "1 of 2", 3)
    buckets = {each["bucket"]: each["obligations"] for each in shown["buckets"]}
    assert (buckets["fulfilled"], buckets["overdue"]) == (["2480/cykel-gang"], ["2404/cykel-gang"])


async def test_7_17_an_operation_in_two_municipalities_counts_once_in_the_area(
    police: httpx.AsyncClient, two: Projector, activity: NewActivity, at: At
) -> None:
    key = {"occasion_key": "2026-04-14/e4"}
    pair = {"obligation": "moped-a-traktor", "counted_on": at("2026-04-14T12:00").date()}
    both = {"obligations": ("cykel-gang", "moped-a-traktor"), "footprint": (pair, pair | {"obligation": "cykel-gang"})}
    await two.ingest(activity("2026-04-14", **key, **both), activity("2026-04-14", **key, **NEIGHBOUR))
    await two.turn(at("2026-05-01"))
    shown = await area(police, POLICE)
    assert ([each["occasions"] for each in shown["municipalities"]], shown["occasions"]) == ([1, 1], 1)


async def test_4_21_a_municipality_sees_itself_alone(
    api: httpx.AsyncClient, two: Projector, activity: NewActivity, at: At
) -> None:
    await two.ingest(activity("2026-04-14"), activity("2026-04-20", **NEIGHBOUR))
    await two.turn(at("2026-05-01"))
    shown = await area(api, TOWN)
    assert ([each["municipality"] for each in shown["municipalities"]], shown["occasions"]) == (["2480"], 1)


async def test_what_does_not_count_is_in_no_total(
    police: httpx.AsyncClient, two: Projector, activity: NewActivity, at: At
) -> None:
    await two.ingest(
        activity("2026-04-14", status="planned"),
        activity("2026-04-15", confirmed_by=()),
        activity("2026-04-16", special_effort=False),
        activity("2026-04-17", visibility="count_only"),
    )
    await two.turn(at("2026-04-30"))
    assert ((await area(police, POLICE))["occasions"], (await area(police, POLICE, "public"))["occasions"]) == (1, 0)
    await two.turn(at("2026-05-01"))
    assert (await area(police, POLICE, "public"))["occasions"] == 1


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{POLICE}?period=2026", 403, "foreign_authority"),
        ("vindelns-kommun?period=2026", 403, "foreign_authority"),
        ("polisen-nationell?period=2026&audience=public", 404, "unknown"),
        (f"{TOWN}?period=2031", 404, "unknown"),
        (f"{TOWN}?period=all", 422, "invalid"),
        (f"{TOWN}", 422, "invalid"),
        ("Polisen%20Ume%C3%A5?period=2026", 422, "invalid"),
        (f"{POLICE}?period=2026&audience=public", 200, None),
    ],
)
async def test_4_21_others_see_what_is_public_and_nothing_else(
    api: httpx.AsyncClient, two: Projector, path: str, status: int, code: str | None
) -> None:
    await two.turn()
    answer = await api.get(f"/v1/areas/{path}")
    assert (answer.status_code, answer.json().get("code")) == (status, code)


JOINT = promised(occasions(2, taking_part=leaflet(["police", "municipality"])))
APRIL = Window(date(2026, 4, 1), date(2026, 4, 30))


def names(obligation: Obligation, *reports: Report, day: str = "2026-04-14") -> list[str]:
    return list(counted(obligation, holding(obligation, day), reports, APRIL))


def test_an_occasion_is_known_by_its_key_or_else_by_its_only_report() -> None:
    key: dict[str, Any] = {"occasion_key": "2026-04-14/e4"}
    told = [report("2026-04-14", who, activity_id=who, **key) for who in (POLICE, TOWN)]
    alone = report("2026-04-15", activity_id="alone", confirmed_by=frozenset({TOWN}))
    assert names(JOINT, *told, alone) == ["2026-04-14/e4", "alone"]


def test_of_an_area_only_what_counts_by_itself_on_the_asked_days_is_counted() -> None:
    days = ("2026-03-31", "2026-04-01", "2026-04-30", "2026-05-01")
    assert names(promised(occasions(2)), *(report(day, activity_id=day) for day in days)) == list(days[1:3])
    assert names(JOINT, report("2026-04-14")) == []


def test_an_area_counts_by_the_version_that_ruled_the_period() -> None:
    old = version(occasions(1), valid=("2026-01-01", "2026-12-31"))
    new = version(occasions(1, special_effort=leaflet(True)), valid=("2027-01-01", "2027-12-31"))
    everyday = report("2026-04-14", activity_id="everyday", special_effort=False)
    assert names(in_versions(old, new), everyday) == ["everyday"]


def test_pupils_are_no_occasions_of_an_area() -> None:
    pupils = {
        "kind": "coverage",
        "quantity": leaflet("pupils_offered"),
        "baseline": operators("pupils_enrolled"),
        "percent": leaflet(100),
    }
    lesson = report("2026-04-14", TOWN, quantities=(("pupils_offered", 20),))
    assert names(promised(pupils), lesson) == []
