"""Every question that the description of the API knows of has a true answer."""

from collections.abc import Callable, Mapping

import httpx

from services.activities.tests.driving import POLICE, TOWN, body
from tests.walking import Json, More, Truth, ordered, paths, walk

Client = httpx.AsyncClient
As = Callable[[str], dict[str, str]]
Asked = Mapping[str, str]
ROOT = "/v1/activities"
MORE: More = {"obligation": ({"obligation": "cykel-gang"},), "limit": ({"limit": "1"},), "cursor": ()}


def listed(answer: Json, asked: Asked) -> bool:
    about = [(one["organisation"], one["obligations"]) for one in answer["activities"]]
    every = [(TOWN, ["cykel-gang"]), (TOWN, ["trafik-ak4"]), (POLICE, ["cykel-gang"])]
    named = [each for each in every if asked.get("obligation", each[1][0]) in each[1]]
    return about == named[: int(asked.get("limit", 9))]


def one(answer: Json, asked: Asked) -> bool:
    return (answer["activity_id"], answer["revision"], answer["title"]) == (asked["activity_id"], 3, "Rättad")


def revisions(answer: Json, asked: Asked) -> bool:
    told = [(each["command"], each["revision"]) for each in answer["revisions"]]
    same = {each["activity_id"] for each in answer["revisions"]} == {asked["activity_id"]}
    return same and told == [("log", 1), ("correct", 2), ("confirm", 3)]


def refusals(answer: Json, asked: Asked) -> bool:
    codes = [each["code"] for each in answer["refusals"]]
    moments = [each["recorded_at"] for each in answer["refusals"]]
    return codes == ["foreign_authority", "unknown_theme"][: int(asked.get("limit", 9))] and ordered(moments, down=True)


TRUTHS: Mapping[str, Truth] = {
    ROOT: listed,
    f"{ROOT}/{{activity_id}}": one,
    f"{ROOT}/{{activity_id}}/revisions": revisions,
    "/v1/refusals": refusals,
}


async def test_every_question_has_a_true_answer(api: Client, bearer: As) -> None:
    made = (await api.post(ROOT, json=body())).json()["activity_id"]
    whole = {name: value for name, value in body(title="Rättad").items() if name != "reference"}
    for answer in (
        await api.post(f"{ROOT}/{made}/corrections", json=whole, headers={"if-match": "1"}),
        await api.post(f"{ROOT}/{made}/confirmations", json={"event_id": "k"}, headers=bearer(POLICE)),
        await api.post(ROOT, json=body(obligations=["trafik-ak4"])),
        await api.post(ROOT, json=body(), headers=bearer(POLICE)),
    ):
        assert answer.is_success, answer.text
    for wrong in ({"themes": ["reflex"]}, {"obligations": ["tillganglig-polis"]}):
        assert not (await api.post(ROOT, json=body(**wrong))).is_success
    assert await paths(api) == TRUTHS.keys()
    assert await walk(api, TRUTHS, {"municipality": "2480", "activity_id": made}, MORE) == 7
