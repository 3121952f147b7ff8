"""The HTTP door: what is answered, listed and kept."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from activities.store import catalogue
from aiokafka import ConsumerRecord
from chassis.dead_letters import DeadLetter

from chassis import dead_letters
from services.activities.tests.driving import NOW, POLICE, STRANGER, TOWN, Service, body, promise

Client = httpx.AsyncClient
As = Callable[[str], dict[str, str]]
LIST = "/v1/activities?municipality=2480"


async def posted(api: Client, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    answer = await api.post("/v1/activities", json=body(**changes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def pages(api: Client, address: str, noun: str) -> list[list[Any]]:
    """Every page, following `next`."""
    found: list[list[Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        assert len(found) < 10, "the pages repeat themselves"
        place = httpx.URL(address).copy_merge_params({"cursor": cursor} if cursor else {})
        answer = (await api.get(place)).raise_for_status().json()
        found.append(answer[noun])
        cursor = answer["next"]
    return found


async def test_a_report_is_answered_with_its_place_and_revision_and_can_be_read(api: Client) -> None:
    said = body(title="Reflexer", reference="vår-1")
    answer = await api.post("/v1/activities", json=said)
    made = answer.json()
    assert (answer.status_code, answer.headers["etag"], made["reference"]) == (201, '"1"', "vår-1")
    assert (made["counted_on"], made["recorded_at"]) == ("2026-11-09", "2026-11-10T09:00:00Z")
    shown = (await api.get(answer.headers["location"])).json()
    assert (shown["title"], shown["organisation"], shown["occurred_at"]) == ("Reflexer", TOWN, "2026-11-09T07:30:00Z")
    assert (shown["source"], "footprint" in shown) == (f"/organisations/{TOWN}", False)
    again = await api.post("/v1/activities", json=said)
    assert (again.status_code, again.json()) == (201, made)


async def test_a_list_is_answered_item_by_item_in_its_order(api: Client) -> None:
    good, bad, ugly = body(), body(themes=["nothing"]), body(occurred_at="2026-11-09T08:30:00")
    answer = await api.post("/v1/activities", json=[good, bad, ugly, "text", body()])
    items = answer.json()["items"]
    assert answer.status_code == 207
    assert [item["status"] for item in items] == [201, 422, 422, 422, 201]
    assert items[0]["activity"]["reference"] == good["reference"]
    assert [item["problem"]["code"] for item in items[1:4]] == ["unknown_theme", "invalid", "invalid"]
    assert items[2]["problem"]["errors"][0]["field"] == "occurred_at"
    assert (await api.post("/v1/activities", json=[good])).status_code == 201


async def test_a_correction_names_the_revision_it_was_made_from(api: Client) -> None:
    made = await posted(api)
    place, said = f"/v1/activities/{made['activity_id']}", body(title="Rättad")
    said.pop("reference")
    missing = await api.post(f"{place}/corrections", json=said)
    assert (missing.status_code, missing.json()["code"]) == (428, "missing_revision")
    answer = await api.post(f"{place}/corrections", json=said, headers={"if-match": '"1"'})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    stale = await api.post(f"{place}/corrections", json=said | {"event_id": "x"}, headers={"if-match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_revision")
    shown = (await api.get(f"{place}/revisions")).json()["revisions"]
    assert [(each["command"], each["revision"], each.get("title")) for each in shown] == [
        ("log", 1, None),
        ("correct", 2, "Rättad"),
    ]


async def test_a_retraction_is_kept_and_ends_corrections(api: Client) -> None:
    place = f"/v1/activities/{(await posted(api))['activity_id']}"
    answer = await api.put(f"{place}/retraction", json={"event_id": "r", "reason": "fel dag"})
    assert (answer.status_code, answer.json()["status"]) == (200, "retracted")
    said = {name: value for name, value in body().items() if name != "reference"}
    late = await api.post(f"{place}/corrections", json=said, headers={"if-match": '"2"'})
    assert (late.status_code, late.json()["code"]) == (409, "already_retracted")
    assert (await api.put(f"{place}/retraction", json={"event_id": "r", "reason": "fel dag"})).json() == answer.json()


async def test_the_joint_owner_sees_and_confirms_and_others_see_nothing(api: Client, bearer: As) -> None:
    made = await posted(api)
    place = f"/v1/activities/{made['activity_id']}"
    assert (await api.get(place, headers=bearer(POLICE))).status_code == 200
    answer = await api.post(f"{place}/confirmations", json={"event_id": "k"}, headers=bearer(POLICE))
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    assert (await api.get(place)).json()["confirmed_by"] == [POLICE]
    stranger = bearer(STRANGER)
    for hidden in (place, f"{place}/revisions"):
        refused = await api.get(hidden, headers=stranger)
        assert (refused.status_code, refused.json()["code"]) == (404, "unknown_activity")
    refused = await api.post(f"{place}/confirmations", json={"event_id": "k"}, headers=stranger)
    assert (refused.status_code, refused.json()["code"]) == (404, "unknown_activity")
    assert (await api.get(LIST, headers=stranger)).json() == {"activities": [], "next": None}


async def test_the_partners_other_activities_are_not_shown(api: Client, bearer: As) -> None:
    said = body(obligations=["tillganglig-polis"])
    answer = await api.post("/v1/activities", json=said, headers=bearer(POLICE))
    assert answer.status_code == 201
    assert (await api.get(f"/v1/activities/{answer.json()['activity_id']}")).status_code == 404
    assert (await api.get(LIST)).json()["activities"] == []


async def test_a_list_is_paged_in_the_order_of_acceptance(api: Client) -> None:
    made = [(await posted(api))["activity_id"] for _ in range(5)]
    found = await pages(api, f"{LIST}&limit=2", "activities")
    assert [[each["activity_id"] for each in page] for page in found] == [made[:2], made[2:4], made[4:]]
    assert await pages(api, f"{LIST}&obligation=moped", "activities") == [[]]
    assert await pages(api, "/v1/activities?municipality=0180", "activities") == [[]]


async def test_a_baseline_is_taken_and_repeated_and_replaced(api: Client) -> None:
    said = {"event_id": "b1", "municipality": "2480", "obligation": "trafik-ak4", "period": "2026/27"}
    said |= {"quantity": "pupils_offered"}
    by_school = {"units": {"Ersboda": 28, "Mariehem": 14}}
    answer = await api.post("/v1/baselines", json=said | by_school)
    assert (answer.status_code, answer.json()["total"], answer.json()["revision"]) == (201, 42, 1)
    again = await api.post("/v1/baselines", json=said | by_school)
    assert (again.status_code, again.json()) == (201, answer.json())
    other = await api.post("/v1/baselines", json=said | {"total": 43})
    assert (other.status_code, other.json()["code"]) == (409, "other_content")
    later = await api.post("/v1/baselines", json=said | {"event_id": "b2", "total": 43})
    assert (later.json()["total"], later.json()["revision"]) == (43, 2)


@pytest.fixture
async def refused(api: Client, service: Service, bearer: As) -> list[str]:
    """Three refusals over HTTP and two records set aside, at four moments; the newest first."""
    await api.post("/v1/activities", json=[body(reference="a", themes=["x"]), body(reference="b", audiences=["x"])])
    service.clock.moment = NOW + timedelta(minutes=1)
    await set_aside(service, TOWN, 0, "malformed", NOW + timedelta(minutes=1))
    await set_aside(service, POLICE, 0, "unknown_type", NOW + timedelta(minutes=1))
    await set_aside(service, TOWN, 1, "invalid", NOW + timedelta(minutes=2))
    service.clock.moment = NOW + timedelta(minutes=3)
    await api.post("/v1/activities", json=body(obligations=["tillganglig-polis"]))
    await api.post("/v1/activities", json=body(themes=["x"]), headers=bearer(POLICE))
    return ["foreign_authority", "invalid", "malformed", "unknown_audience", "unknown_theme"]


async def set_aside(service: Service, organisation: str, offset: int, reason: str, moment: Any) -> None:  # noqa: ANN401
    topic = f"ingress.{organisation}"
    record: Any = ConsumerRecord(topic, 0, offset, 0, 0, None, b"{", None, 0, 1, ())
    async with service.database.transaction() as work:
        await dead_letters.keep(work.sql, [DeadLetter(record, reason, "mend it", "e7", "t")], moment)


async def test_refusals_of_both_doors_are_listed_newest_first(api: Client, refused: list[str], bearer: As) -> None:
    shown = (await api.get("/v1/refusals")).json()["refusals"]
    assert [each["code"] for each in shown] == refused
    assert [each["door"] for each in shown] == ["http", "kafka", "kafka", "http", "http"]
    assert (shown[2]["source"], shown[2]["event_id"]) == (f"ingress.{TOWN}/0/0", "e7")
    assert [shown[3]["reference"], shown[4]["reference"]] == ["b", "a"]
    assert "reflector, traffic_rules" in shown[4]["detail"]
    others = (await api.get("/v1/refusals", headers=bearer(POLICE))).json()["refusals"]
    assert [each["code"] for each in others] == ["unknown_theme", "unknown_type"]


async def test_refusals_are_paged_by_next_without_gap_or_repetition(api: Client, refused: list[str]) -> None:
    for limit in (1, 2, 5):
        found = await pages(api, f"/v1/refusals?limit={limit}", "refusals")
        assert [each["code"] for page in found for each in page] == refused
        assert all(len(page) <= limit for page in found)


async def test_a_later_catalogue_is_what_counts_and_a_redelivered_older_one_does_not(
    api: Client, service: Service
) -> None:
    narrower = promise(may_report=(POLICE,), owners=(POLICE,), revision=2, catalogue_revision=2)
    for state in (narrower, promise()):
        async with service.database.transaction() as work:
            await catalogue.keep(work.sql, [state])
    answer = await api.post("/v1/activities", json=body())
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_authority")


async def test_twenty_identical_requests_have_one_answer(api: Client) -> None:
    said = body()
    answers = await asyncio.gather(*(api.post("/v1/activities", json=said) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len((await api.get(LIST)).json()["activities"]) == 1
