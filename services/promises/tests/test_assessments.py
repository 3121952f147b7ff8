"""Assessments by people beside the computed standing: section 3 and settled reading 25."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest
from contracts.activities import ActivityEvent
from local.tokens import Keys

from services.promises.tests.driving import POLICE, TOWN, Projector

NewActivity = Callable[..., ActivityEvent]
At = Callable[[str], datetime]
OBLIGATION = "/v1/municipalities/2480/obligations/cykel-gang"
PATH = f"{OBLIGATION}/assessments"
SAID: dict[str, Any] = {
    "event_id": "1",
    "period": "2026",
    "verdict": "partially_fulfilled",
    "reason_code": "weather_or_safety",
    "text": "Höstens insats ställdes in på grund av halka.",
    "assessed_on": "2026-12-01",
}


@pytest.fixture
async def person(api: httpx.AsyncClient, keys: Keys, projector: Projector, at: At) -> httpx.AsyncClient:
    """The municipality's coordinator on 1 December."""
    await projector.load()
    await projector.turn(at("2026-12-01T09:00"))
    api.headers["authorization"] = f"Bearer {keys.token(TOWN, role='coordinator')}"
    return api


async def listed(api: httpx.AsyncClient, **query: str | int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api.get(PATH, params=query)).raise_for_status().json()["assessments"]
    return found


async def test_7_25_it_stands_beside_the_computed_standing_and_changes_nothing_in_it(
    person: httpx.AsyncClient, projector: Projector
) -> None:
    before = (await person.get(OBLIGATION)).json()["standings"]
    answer = await person.post(PATH, json=SAID)
    assert answer.status_code == 201
    await projector.turn()
    [after] = (await person.get(OBLIGATION)).json()["standings"]
    [shown] = after.pop("assessments")
    assert [each | {"assessments": []} for each in [after]] == before
    assert (shown["role"], shown["organisation"], shown["outdated"]) == ("coordinator", TOWN, False)
    assert (shown["verdict_sv"], shown["reason_sv"]) == ("delvis uppfyllt", "väder eller säkerhet")
    public = (await person.get(f"{OBLIGATION}?audience=public")).json()["standings"][0]["assessments"]
    assert public == [shown]


async def test_it_is_shown_among_all_promises_and_as_of_a_moment_from_when_it_was_recorded(
    person: httpx.AsyncClient, projector: Projector, at: At
) -> None:
    projector.clock.moment = at("2026-12-01T10:00")
    await person.post(PATH, json=SAID)
    projector.clock.moment = at("2026-12-02T10:00")
    for query in ("", "?audience=public"):
        promises = (await person.get(f"/v1/municipalities/2480/promises{query}")).raise_for_status().json()["promises"]
        entries = {each["obligation"]: each["standings"] for promise in promises for each in promise["obligations"]}
        said = {name: [one["text"] for each in shown for one in each["assessments"]] for name, shown in entries.items()}
        assert {name: texts for name, texts in said.items() if texts} == {"cykel-gang": [SAID["text"]]}
    for moment, count in (("2026-12-01T08:59:59Z", 0), ("2026-12-01T09:00:00Z", 1)):
        then = await person.get(OBLIGATION, params={"as_of": moment})
        [standing] = then.raise_for_status().json()["standings"]
        assert len(standing["assessments"]) == count


async def test_it_is_told_once_as_an_event(person: httpx.AsyncClient, projector: Projector) -> None:
    answers = await asyncio.gather(*(person.post(PATH, json=SAID) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    [event] = [each for each in await projector.said("promise-status") if each["type"] == "recorded"]
    assert (event["verdict"], event["role"], event["promise"]) == ("partially_fulfilled", "coordinator", "cykel-gang")
    assert len(await listed(person)) == 1


async def test_the_same_message_with_other_content_is_refused(person: httpx.AsyncClient) -> None:
    await person.post(PATH, json=SAID)
    for change in ({"verdict": "not_fulfilled"}, {"text": "Annat."}, {"assessed_on": "2026-11-30"}):
        answer = await person.post(PATH, json=SAID | change)
        assert (answer.status_code, answer.json()["code"]) == (409, "other_content")
    assert [each["text"] for each in await listed(person)] == [SAID["text"]]


async def test_7_25_the_latest_comes_first_and_none_is_removed(person: httpx.AsyncClient) -> None:
    for number in range(7):
        await person.post(PATH, json=SAID | {"event_id": f"n{number}", "text": f"Bedömning {number}."})
    texts = [each["text"] for each in await listed(person)]
    assert texts == [f"Bedömning {number}." for number in reversed(range(7))]
    page = (await person.get(f"{PATH}?limit=4")).json()
    rest = await listed(person, cursor=page["next"])
    assert [each["text"] for each in [*page["assessments"], *rest]] == texts
    beside = (await person.get(OBLIGATION)).json()["standings"][0]["assessments"]
    assert [each["text"] for each in beside] == texts[:5]


async def test_7_25_it_is_marked_once_the_evidence_has_changed(
    person: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await projector.ingest(activity("2026-04-14"))
    await person.post(PATH, json=SAID)
    assert [each["outdated"] for each in await listed(person)] == [False]
    await projector.ingest(activity("2026-10-02", recorded_at=at("2026-12-02T09:00")))
    await projector.turn(at("2026-12-03"))
    await person.post(PATH, json=SAID | {"event_id": "2"})
    assert [each["outdated"] for each in await listed(person)] == [False, True]


async def test_7_25_to_the_public_a_secret_report_outdates_it_at_the_tertial(
    person: httpx.AsyncClient, projector: Projector, activity: NewActivity, at: At
) -> None:
    await person.post(PATH, json=SAID)
    await projector.ingest(activity("2026-10-02", visibility="count_only", recorded_at=at("2026-12-02T09:00")))
    for day, public in (("2026-12-31", False), ("2027-01-01", True)):
        await projector.live(at(day))
        shown = [(await listed(person, period="2026", audience=who))[0]["outdated"] for who in ("public", "internal")]
        assert shown == [public, True]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"verdict": "good"}, "verdict"),
        ({"reason_code": "lazy"}, "reason_code"),
        ({"reason_code": None}, "reason_code"),
        ({"text": " "}, "text"),
        ({"text": "Anna, 850314-1234, var sjuk"}, "text"),
        ({"text": "Ring 070-123 45 67"}, "text"),
        ({"assessed_on": "2026-12-02"}, "assessed_on"),
        ({"assessed_on": "2025-12-31"}, "assessed_on"),
        ({"period": "26"}, "period"),
        ({"event_id": ""}, "event_id"),
        ({"role": "chef"}, "role"),
    ],
)
async def test_what_is_wrong_is_refused_by_its_field_and_not_repeated(
    person: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    answer = await person.post(PATH, json=SAID | change)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert "850314" not in answer.text
    assert await listed(person) == []


@pytest.mark.parametrize(
    "code",
    ["resource_shortage", "reprioritised", "external_obstacle", "reworded", "not_logged", "weather_or_safety"],
)
async def test_7_25_each_of_six_reasons_is_taken_and_said_in_words(person: httpx.AsyncClient, code: str) -> None:
    answer = await person.post(PATH, json=SAID | {"reason_code": code})
    assert answer.status_code == 201
    [shown] = await listed(person)
    assert shown["reason_code"] == code
    assert all(shown[name] and "_" not in shown[name] for name in ("reason_sv", "reason_en"))


async def test_a_verdict_of_fulfilled_needs_no_reason(person: httpx.AsyncClient) -> None:
    assert (await person.post(PATH, json=SAID | {"verdict": "fulfilled", "reason_code": None})).status_code == 201


@pytest.mark.parametrize(
    ("obligation", "period", "status", "code"),
    [
        ("finns-inte", "2026", 404, "unknown"),
        ("cykel-gang", "2031", 404, "unknown"),
        ("trygg-trafikmiljo", "2026", 422, "invalid"),
        ("trafikutbildning-ak4", "2026/27", 201, None),
        ("moped-a-traktor", "2026", 403, "foreign_authority"),
    ],
)
async def test_what_cannot_be_assessed_by_this_organisation_is_refused(
    person: httpx.AsyncClient, obligation: str, period: str, status: int, code: str | None
) -> None:
    answer = await person.post(PATH.replace("cykel-gang", obligation), json=SAID | {"period": period})
    assert (answer.status_code, answer.json().get("code")) == (status, code)


async def test_only_somebody_with_a_role_and_the_scope_assesses(person: httpx.AsyncClient, keys: Keys) -> None:
    for token, code in (
        (keys.token(TOWN), "missing_role"),
        (keys.token(TOWN, role="Anna Andersson"), "missing_role"),
        (keys.token(TOWN, ["status:read"], role="coordinator"), "missing_scope"),
        (keys.token("skelleftea-kommun", role="coordinator"), "foreign_authority"),
        ("", "wrong_token"),
    ):
        answer = await person.post(PATH, json=SAID, headers={"authorization": f"Bearer {token}"})
        assert answer.json()["code"] == code
    assert (
        await person.post(PATH, json=SAID, headers={"authorization": f"Bearer {keys.token(POLICE, role='chief')}"})
    ).is_success


@pytest.mark.parametrize("raw", [b"{", b'{"text": "a\\u0000"}', b"[]", b'{"event_id": "1", "event_id": "2"}', b"\xff"])
async def test_a_body_that_is_no_json_or_means_two_things_is_refused(person: httpx.AsyncClient, raw: bytes) -> None:
    assert (await person.post(PATH, content=raw)).status_code in {400, 422}
    assert (await person.get(f"{PATH}?cursor=first")).status_code == 422
