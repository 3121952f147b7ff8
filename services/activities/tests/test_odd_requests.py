"""What is sent to confuse: clear refusals, never a fault, nothing half-applied."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from services.activities.tests.driving import POLICE, Service, body, command, content, problem, report
from services.activities.tests.test_accept import baseline

Client = httpx.AsyncClient
ROOT = "/v1/activities"


def change(**more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {name: value for name, value in body(**more).items() if name != "reference"}


@pytest.mark.parametrize("kind", ["retract", "correct", "confirm", "baseline"])
async def test_an_event_id_of_a_report_is_no_other_kinds(service: Service, kind: str) -> None:
    own = await service.accepted(report("e1"))
    partners = await service.accepted(report("e2", by=POLICE))
    other = {
        "retract": command("retract", about=own, event_id="e1"),
        "correct": command("correct", about=own, event_id="e1", content=content(title="x")),
        "confirm": command("confirm", about=partners, event_id="e1"),
        "baseline": replace(baseline("e1", 541), source=report().source),
    }[kind]
    left = await service.left()
    assert await service.refused(other) == "other_content"
    assert await service.left() == left


async def test_an_event_id_of_a_baseline_is_no_reports(service: Service) -> None:
    await service.take(baseline("b1", 541))
    left = await service.left()
    assert await service.refused(replace(report("b1"), source="/tests")) == "other_content"
    assert await service.left() == left


async def test_a_second_retraction_under_a_new_id_is_refused_and_changes_nothing(api: Client, service: Service) -> None:
    place = f"{ROOT}/{(await api.post(ROOT, json=body())).json()['activity_id']}/retraction"
    assert (await api.put(place, json={"event_id": "a"})).status_code == 200
    assert problem(await api.put(place, json={"event_id": "b"})) == (409, "already_retracted")
    assert problem(await api.put(place, json={"event_id": "a", "reason": "nu"})) == (409, "other_content")
    assert await service.revisions() == [("log", 1), ("retract", 2)]


async def test_an_own_activity_is_not_confirmed_nor_one_that_is_not_joint(api: Client, service: Service) -> None:
    own = (await api.post(ROOT, json=body())).json()["activity_id"]
    answer = await api.post(f"{ROOT}/{own}/confirmations", json={"event_id": "k"})
    assert (problem(answer), answer.json()["errors"][0]["field"]) == ((422, "not_joint"), "activity_id")
    alone = await service.accepted(report("e2", by=POLICE, obligations=("tillganglig-polis",)))
    foreign = await api.post(f"{ROOT}/{alone.activity_id}/confirmations", json={"event_id": "k2"})
    assert problem(foreign) == (404, "unknown_activity")
    assert (await service.left())[1] == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"obligations": ["cykel-gang"] * 21}, "obligations"),
        ({"themes": ["reflector"] * 21}, "themes"),
        ({"quantities": {f"q_{chr(97 + n)}": 1 for n in range(21)}}, "quantities"),
        ({"quantities": {"pupils": 1.5}}, "quantities.pupils"),
        ({"quantities": {"pupils": True}}, "quantities.pupils"),
        ({"quantities": {"pupils": "3"}}, "quantities.pupils"),
        ({"quantities": {"pupils": None}}, "quantities.pupils"),
        ({"quantities": []}, "quantities"),
        ({"special_effort": "yes"}, "special_effort"),
        ({"public_from": "2026-02-30"}, "public_from"),
        ({"public_from": 20260101}, "public_from"),
        ({"occasion_key": "2026-11-09/"}, "occasion_key"),
        ({"occasion_key": "2026-11-09/Åäö"}, "occasion_key"),
        ({"occasion_key": "2026-02-30/x"}, "occasion_key"),
        ({"occasion_key": "0000-00-00/x"}, "occasion_key"),
        ({"period": "2026-13"}, "period"),
        ({"period": "2026-Q1"}, "period"),
        ({"unit": " "}, "unit"),
        ({"title": "x" * 2001}, "title"),
        ({"visibility": "secret"}, "visibility"),
    ],
)
async def test_odd_values_are_refused_with_their_field(
    api: Client, service: Service, changes: dict[str, Any], field: str
) -> None:
    answer = await api.post(ROOT, json=body(**changes))
    assert problem(answer)[0] == 422
    assert answer.json()["errors"][0]["field"] == field
    assert await service.left() == [0, 0, 0, 0]


@pytest.mark.parametrize("period", ["2026/28", "0000", "0000/01", "9999/00"])
async def test_a_period_that_is_none_is_refused_for_a_coverage_too(api: Client, service: Service, period: str) -> None:
    answer = await api.post(ROOT, json=body(obligations=["trafik-ak4"], period=period))
    said = {"event_id": "b", "municipality": "2480", "obligation": "trafik-ak4", "quantity": "pupils_offered"}
    other = await api.post("/v1/baselines", json=said | {"period": period, "total": 3})
    for each in (answer, other):
        assert each.status_code in {201, 422}
    wanted = (201, 201) if period == "9999/00" else (422, 422)
    assert (answer.status_code, other.status_code) == wanted
    if wanted == (422, 422):
        assert await service.left() == [0, 0, 0, 0]


async def test_an_obligation_named_twice_counts_once(service: Service) -> None:
    await service.accepted(report(obligations=("cykel-gang", "cykel-gang")))
    [event] = await service.said()
    assert len(event["footprint"]) == 1


async def test_the_revision_named_may_be_quoted_weak_or_bare_and_no_future_one(api: Client) -> None:
    place = f"{ROOT}/{(await api.post(ROOT, json=body())).json()['activity_id']}/corrections"
    for if_match in ("0", "2", '"999999999"'):
        answer = await api.post(place, json=change(), headers={"if-match": if_match})
        assert (problem(answer), answer.json()["errors"][0]["field"]) == ((412, "stale_revision"), "If-Match")
    for number, if_match in enumerate(("1", '"2"', 'W/"3"', " 4 "), 2):
        answer = await api.post(place, json=change(), headers={"if-match": if_match})
        assert (answer.status_code, answer.json().get("revision")) == (200, number)


async def test_of_corrections_made_from_one_revision_at_once_one_is_taken(api: Client, service: Service) -> None:
    place = f"{ROOT}/{(await api.post(ROOT, json=body())).json()['activity_id']}/corrections"
    answers = await asyncio.gather(
        *(api.post(place, json=change(title=f"{n}"), headers={"if-match": "1"}) for n in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    assert await service.revisions() == [("log", 1), ("correct", 2)]


async def test_a_full_list_of_one_repeated_report_is_one_activity(api: Client, service: Service) -> None:
    answer = await api.post(ROOT, json=[body()] + [body(event_id="e", reference="r")] * 999)
    assert answer.status_code == 201
    assert len({item["activity"]["activity_id"] for item in answer.json()["items"]}) == 2
    assert await service.left() == [2, 2, 2, 2]
