"""Two versions of one obligation, one for each year: its own tells of each period (semantics 9, reading 15)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
from contracts.activities import ActivityEvent
from local.tokens import Keys
from promises.catalogue.model import ObligationEntry
from promises.domain.label import Label

from services.promises.tests.driving import POLICE, TOWN, Projector

NewActivity = Callable[..., ActivityEvent]
At = Callable[[str], datetime]
MUNICIPALITY = "/v1/municipalities/2480"
ONE = f"{MUNICIPALITY}/obligations/cykel-gang"


def renamed(entry: ObligationEntry) -> ObligationEntry:
    return entry.model_copy(update={"title": Label("det nya", "the new one")})


def operators(entry: ObligationEntry) -> ObligationEntry:
    """The number is no longer the leaflet's."""
    rule: Any = entry.rule
    return entry.model_copy(update={"rule": replace(rule, count=replace(rule.count, basis="operator"))})


def of_the_town(entry: ObligationEntry) -> ObligationEntry:
    return entry.model_copy(update={"owners": (TOWN,)})


async def counted(api: httpx.AsyncClient, period: str) -> list[str]:
    """The buckets that hold `cykel-gang` in a period's figures."""
    figures = (await api.get(f"{MUNICIPALITY}/fulfilment?period={period}")).json().get("figures", [])
    return [each["bucket"] for shown in figures for each in shown["buckets"] if "cykel-gang" in each["obligations"]]


async def test_4_13_loading_next_years_catalogue_does_not_change_this_years_figure(
    projector: Projector, api: httpx.AsyncClient, activity: NewActivity, at: At
) -> None:
    await projector.load()
    await projector.ingest(activity("2026-04-14"), activity("2026-11-09"))
    await projector.live(at("2026-12-10"))
    assert await counted(api, "2026") == ["fulfilled"]
    await projector.load_versions(operators)
    await projector.live(at("2027-02-01"))
    assert await counted(api, "2026") == ["fulfilled"]
    assert await counted(api, "2027") == []


async def test_4_9_an_obligation_is_shown_as_it_is_promised_now_and_each_version_with_its_own_periods(
    projector: Projector, api: httpx.AsyncClient, at: At
) -> None:
    await projector.load_versions(renamed)
    await projector.live(at("2026-12-10"))
    before = (await api.get(ONE)).json()
    await projector.live(at("2027-03-02"))
    after = (await api.get(ONE)).json()
    assert before["title_en"] != "the new one" == after["title_en"]
    assert [each["title_en"] for each in after["standings"]] == [before["title_en"], "the new one"]
    then = (await api.get(f"{ONE}?as_of=2026-12-01T12:00:00Z")).json()
    assert then["title_en"] == before["title_en"]
    assert (await api.get(f"{ONE}?at=2027-06-01T12:00:00Z")).json()["title_en"] == "the new one"
    promises = (await api.get(f"{MUNICIPALITY}/promises")).json()["promises"]
    listed = [
        (each["valid_from"], entry["title_en"], [standing["period"] for standing in entry["standings"]])
        for each in promises
        if each["promise"] == "cykel-gang"
        for entry in each["obligations"]
    ]
    assert listed == [("2026-01-01", before["title_en"], ["2026"]), ("2027-01-01", "the new one", ["2027"])]


async def test_a_period_is_assessed_by_those_who_promised_it_then(
    projector: Projector, api: httpx.AsyncClient, keys: Keys, at: At
) -> None:
    await projector.load_versions(of_the_town)
    await projector.live(at("2027-02-01"))
    answers = []
    for period, caller in (("2026", POLICE), ("2027", POLICE), ("2027", TOWN)):
        said = {
            "event_id": period,
            "period": period,
            "verdict": "fulfilled",
            "text": "Gjort.",
            "assessed_on": "2027-02-01",
        }
        role = {"authorization": f"Bearer {keys.token(caller, role='coordinator')}"}
        answers.append((await api.post(f"{ONE}/assessments", json=said, headers=role)).status_code)
    assert answers == [201, 403, 201]


async def test_4_21_what_an_organisation_did_in_its_area_counts_by_the_version_it_promised_then(
    projector: Projector, api: httpx.AsyncClient, activity: NewActivity, at: At
) -> None:
    await projector.load_versions(of_the_town)
    await projector.ingest(activity("2026-04-14"), activity("2027-01-14", recorded_at=at("2027-01-15T09:00")))
    await projector.live(at("2027-02-01"))
    done = []
    for period in ("2026", "2027"):
        answer = await api.get(f"/v1/areas/{POLICE}?audience=public&period={period}")
        assert answer.status_code == 200, answer.text
        done.append([(each["period_kind"], each["occasions"]) for each in answer.json()["figures"]])
    assert done == [[("year", 1)], [("year", 0)]]
