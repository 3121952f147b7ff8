"""Every question that the description of the API knows of has a true answer, for each obligation and audience."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from contracts.activities import ActivityEvent, ActivityRetracted, BaselineReported
from local.tokens import Keys

from services.promises.tests.driving import POLICE, TOWN, Projector
from tests.walking import Json, More, Truth, ordered, paths, walk

At = Callable[[str], datetime]
NewActivity = Callable[..., ActivityEvent]
Asked = Mapping[str, str]
OBLIGATIONS = (
    "tillganglig-polis",
    "grannsamverkan",
    "vald-i-nara-relationer",
    "prostitution-manniskohandel",
    "unga-narkotika",
    "trygg-trafikmiljo",
    "cykel-gang",
    "moped-a-traktor",
    "trafikantkampanjer",
    "trafikutbildning-ak4",
)
COUNTED = {"tillganglig-polis": 1, "cykel-gang": 1, "moped-a-traktor": 1, "trafikutbildning-ak4": 541}
SAID = {"event_id": "1", "period": "2026", "verdict": "fulfilled", "text": "Gjort.", "assessed_on": "2026-11-17"}
LATER = "2027-03-01T00:00:00Z"
MORE: More = {
    "audience": ({"audience": "public"}, {"audience": "internal"}),
    "as_of": ({"as_of": "2026-11-17T10:00:00Z"}, {"as_of": "2026-11-17T10:00:00Z", "audience": "public"}),
    "at": ({"at": LATER}, {"at": LATER, "audience": "public"}),
    "limit": ({"limit": "1"},),
    "days": ({"days": "1"}, {"days": "400", "audience": "public"}),
    "from": ({"from": "0"},),
    "to": ({"to": "1"},),
    "revision": ({"revision": "1"},),
    "period": (),
    "cursor": (),
}


def about(*obligations: str, on: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    pairs = tuple({"obligation": name, "counted_on": date.fromisoformat(on)} for name in obligations)
    return {"obligations": obligations, "footprint": pairs} | more


def reported(new: NewActivity, at: At) -> list[ActivityEvent | BaselineReported]:
    """Half an autumn: done, secret, planned, taken back, measured, and waiting for a partner."""
    gone = new("2026-05-05")
    contact = new("2026-11-03", **about("tillganglig-polis", on="2026-11-03")).model_copy(update={"kind": "contact"})
    baseline: dict[str, Any] = {"obligation": "trafikutbildning-ak4", "period": "2026/27", "total": 541}
    baseline |= {"municipality": "2480", "quantity": "pupils_enrolled", "organisation": TOWN, "source": "/s"}
    return [
        new("2026-04-14"),
        gone,
        new("2026-05-05", ActivityRetracted, activity_id=gone.activity_id, revision=2, status="retracted"),
        new("2026-11-09", organisation=TOWN, confirmed_by=(), occasion_key="2026-11-09/reflex"),
        new("2026-11-25", status="planned", recorded_at=at("2026-11-01")),
        new(
            "2026-05-20", visibility="count_only", audiences=("a_tractor",), **about("moped-a-traktor", on="2026-05-20")
        ),
        contact,
        new(
            "2026-10-01",
            organisation=TOWN,
            quantities={"pupils_offered": 541},
            **about("trafikutbildning-ak4", on="2026-10-01"),
        ),
        BaselineReported(
            baseline_id=uuid4(), revision=1, recorded_at=at("2026-09-01"), catalogue_revision=1, **baseline
        ),
    ]


@pytest.fixture
async def played(
    projector: Projector, api: httpx.AsyncClient, keys: Keys, activity: NewActivity, at: At
) -> httpx.AsyncClient:
    """All that, judged, and one obligation judged by the coordinator."""
    await projector.load()
    await projector.turn(at("2026-04-01"))
    await projector.ingest(*reported(activity, at))
    await projector.turn(at("2026-11-17T12:00"))
    who = {"authorization": f"Bearer {keys.token(TOWN, role='coordinator')}"}
    path = "/v1/municipalities/2480/obligations/cykel-gang/assessments"
    (await api.post(path, json=SAID, headers=who)).raise_for_status()
    return api


def promises(answer: Json, _: Asked) -> bool:
    entries = [entry for promise in answer["promises"] for entry in promise["obligations"]]
    return [entry["obligation"] for entry in entries] == list(OBLIGATIONS) and all(e["standings"] for e in entries)


def fulfilment(answer: Json, _: Asked) -> bool:
    [found] = answer["figures"]
    where = {name: bucket["bucket"] for bucket in found["buckets"] for name in bucket["obligations"]}
    return where == {"cykel-gang": "open", "moped-a-traktor": "open"} and found["ratio_sv"] is None


def agenda(answer: Json, asked: Asked) -> bool:
    days = [item["day"] for item in answer["agenda"]]
    span = date.fromisoformat(answer["last_day"]) - date.fromisoformat(answer["first_day"])
    within = all(answer["first_day"] <= day <= answer["last_day"] for day in days)
    told = any(item["obligation"] == "cykel-gang" for item in answer["agenda"])
    return ordered(days) and within and span.days == int(asked.get("days", 30)) and (told or span.days == 1)


def unconfirmed(answer: Json, _: Asked) -> bool:
    return [(one["day"], one["reported"], one["awaited"]) for one in answer["occasions"]] == [
        ("2026-11-09", [TOWN], [POLICE])
    ]


def obligation(answer: Json, asked: Asked) -> bool:
    days = [standing["first_day"] for standing in answer["standings"]]
    counted = max(standing["counted"] for standing in answer["standings"])
    return (answer["obligation"], counted) == (asked["name"], COUNTED.get(asked["name"], 0)) and ordered(days)


def evidence(answer: Json, asked: Asked) -> bool:
    told = answer["evidence"]
    named = all(asked["name"] in report["obligations"] for report in told if "obligations" in report)
    return named and bool(told) == (asked["name"] in COUNTED)


def history(answer: Json, asked: Asked) -> bool:
    moments = [change["changed_at"] for change in answer["history"]]
    return answer["obligation"] == asked["name"] and bool(moments) and ordered(moments, down=True)


def assessments(answer: Json, asked: Asked) -> bool:
    texts = [said["text"] for said in answer["assessments"]]
    return texts == ([SAID["text"]] if asked["name"] == "cykel-gang" else [])


def area(answer: Json, asked: Asked) -> bool:
    [found] = answer["figures"]
    return (answer["organisation"], [m["municipality"] for m in found["municipalities"]], found["occasions"]) == (
        asked["organisation"],
        ["2480"],
        1,
    )


def revisions(answer: Json, _: Asked) -> bool:
    return [each["revision"] for each in answer["revisions"]] == [1]


def difference(answer: Json, _: Asked) -> bool:
    return (answer["from"], answer["to"], {each["change"] for each in answer["differences"]}) == (0, 1, {"added"})


def frozen_reports(answer: Json, _: Asked) -> bool:
    told = {each["period"]: [one["revision"] for one in each["revisions"]] for each in answer["reports"]}
    return told.get("2026-T1") == [1] and "2026" not in told


def frozen_report(answer: Json, asked: Asked) -> bool:
    names = {each["obligation"] for each in answer["obligations"]}
    return (answer["period"], answer["revision"]) == (asked["period"], 1) and "grannsamverkan" in names


OF_ONE = "/v1/municipalities/{code}/obligations/{name}"
FROZEN = "/v1/municipalities/{code}/reports/{period}"
TRUTHS: Mapping[str, Truth] = {
    "/v1/municipalities/{code}/promises": promises,
    "/v1/municipalities/{code}/fulfilment": fulfilment,
    "/v1/municipalities/{code}/agenda": agenda,
    "/v1/municipalities/{code}/unconfirmed": unconfirmed,
    OF_ONE: obligation,
    f"{OF_ONE}/evidence": evidence,
    f"{OF_ONE}/history": history,
    f"{OF_ONE}/assessments": assessments,
    "/v1/areas/{organisation}": area,
    "/v1/municipalities/{code}/reports": frozen_reports,
    FROZEN: frozen_report,
    "/v1/municipalities/{code}/catalogue": revisions,
    "/v1/municipalities/{code}/catalogue/diff": difference,
}


async def test_every_question_has_a_true_answer_in_both_languages(played: httpx.AsyncClient) -> None:
    values = {"code": "2480", "organisation": TOWN, "period": "2026"}
    assert await paths(played) == TRUTHS.keys()
    of_one = {path: truth for path, truth in TRUTHS.items() if path.startswith(OF_ONE)}
    asked = await walk(played, {FROZEN: frozen_report}, values | {"period": "2026-T1"}, MORE)
    asked += await walk(played, {p: truth for p, truth in TRUTHS.items() if p not in {FROZEN, *of_one}}, values, MORE)
    for name in OBLIGATIONS:
        asked += await walk(played, of_one, values | {"name": name}, MORE)
    assert asked > 200
