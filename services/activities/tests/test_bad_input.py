"""Whatever is sent, the answer is a problem that says what to mend, never 500, and nothing is half-applied."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from chassis.settings import Settings
from contracts.topics import PROMISES
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st
from local.tokens import Keys

from chassis import kafka
from services.activities.tests.driving import STRANGER, TOWN, Service, body

Client = httpx.AsyncClient
As = Callable[[str], dict[str, str]]
ROOT = "/v1/activities"
TEXT = json.dumps(body())


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    found = answer.json()
    assert found["status"] == answer.status_code
    assert found["detail"]
    return answer.status_code, found["code"]


WRONG_REPORTS: list[tuple[dict[str, Any], tuple[int, str], str]] = [
    ({"obligations": ["cykel-gag"]}, (422, "unknown_obligation"), "near are cykel-gang"),
    ({"themes": ["reflex"]}, (422, "unknown_theme"), "reflector"),
    ({"audiences": ["cyklist"]}, (422, "unknown_audience"), "cyclist"),
    ({"municipality": "2481"}, (422, "unknown_municipality"), "2480"),
    ({"obligations": ["tillganglig-polis"]}, (403, "foreign_authority"), TOWN),
    ({"occurred_at": "2026-11-09T08:30:00"}, (422, "invalid"), "no offset"),
    ({"occurred_at": "2026-11-09"}, (422, "invalid"), "occurred_at"),
    ({"occurred_at": 1_790_000_000}, (422, "invalid"), "RFC 3339"),
    ({"occurred_at": "9999-12-31T23:59:59Z"}, (422, "invalid"), "1900 to 2199"),
    ({"occurred_at": "2026-11-10T09:05:01Z"}, (422, "done_in_future"), "planned"),
    ({"ended_at": "2026-11-09T07:00:00Z"}, (422, "invalid"), "ended_at"),
    ({"occasion_key": "2026-11-13/reflex"}, (422, "wrong_occasion_day"), "3 days"),
    ({"occasion_key": "2026-02-30/reflex"}, (422, "wrong_occasion_day"), "does not exist"),
    ({"period": "2026"}, (422, "period_not_asked"), "period"),
    ({"quantities": {"pupils": -1}}, (422, "invalid"), "quantities.pupils"),
    ({"quantities": {"pupils": 10**18}}, (422, "invalid"), "quantities.pupils"),
    ({"obligations": []}, (422, "invalid"), "obligations"),
    ({"status": "retracted"}, (422, "invalid"), "status"),
    ({"event_id": "  "}, (422, "invalid"), "event_id"),
    ({"reference": "r" * 201}, (422, "invalid"), "reference"),
    ({"titel": "felstavat"}, (422, "invalid"), "titel"),
    ({"municipality": 2480}, (422, "invalid"), "municipality"),
]


async def test_a_wrong_report_is_told_what_to_mend(api: Client, service: Service) -> None:
    for changes, expected, hint in WRONG_REPORTS:
        answer = await api.post(ROOT, json=body(**changes))
        assert (changes, problem(answer)) == (changes, expected)
        assert hint in answer.text
    assert await service.left() == [0, 0, 0, 0]


async def test_an_organisation_that_no_obligation_names_is_refused(api: Client, bearer: As) -> None:
    assert problem(await api.post(ROOT, json=body(), headers=bearer(STRANGER))) == (403, "foreign_authority")


async def test_other_content_under_a_known_id_is_a_conflict(api: Client, service: Service) -> None:
    said = body()
    assert (await api.post(ROOT, json=said)).status_code == 201
    assert problem(await api.post(ROOT, json=said | {"title": "Annan"})) == (409, "other_content")
    assert problem(await api.post(ROOT, json=said | {"event_id": "another"})) == (409, "reference_taken")
    assert await service.left() == [1, 1, 1, 1]


async def test_a_wrong_token_is_refused(api: Client, keys: Keys) -> None:
    expired = f"Bearer {keys.token(TOWN, lifetime=-60)}"
    for token in ("", "Bearer", "Bearer x.y.z", "Basic YTpi", "Bearer " + "å" * 50, expired):
        headers = {b"authorization": token.encode()}
        for answer in (
            await api.post(ROOT, json=body(), headers=headers),
            await api.get("/v1/refusals", headers=headers),
        ):
            assert (token, problem(answer)) == (token, (401, "wrong_token"))


async def test_a_token_of_another_key_is_refused(api: Client, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = Keys(tmp_path_factory.mktemp("other"))
    other.ensure()
    answer = await api.post(ROOT, json=body(), headers={"authorization": f"Bearer {other.token(TOWN)}"})
    assert problem(answer) == (401, "wrong_token")


async def test_a_token_may_do_what_its_scopes_say(api: Client, keys: Keys) -> None:
    reading = {"authorization": f"Bearer {keys.token(TOWN, ['activities:read'])}"}
    assert problem(await api.post(ROOT, json=body(), headers=reading)) == (403, "missing_scope")
    assert (await api.get("/v1/refusals", headers=reading)).status_code == 200


NO_JSON = [
    (b"", "not JSON"),
    (b"{", "not JSON"),
    (b'{"municipality": NaN}', "NaN"),
    (b"\xff\xfe", "UTF-8"),
    (TEXT.replace('"2480"', '"2480", "municipality": "0180"').encode(), "given twice: municipality"),
    (TEXT.replace("cykel", "cykel\\u0000").encode(), "NUL"),
    (TEXT.replace("cykel", "cykel\\ud800").encode(), "UTF-8"),
    (b"[" * 100_000, "nested too deeply"),
    (b"9" * 5000, "too many digits"),
    (b"1e999", "too large"),
]


async def test_what_is_no_unambiguous_json_is_refused(api: Client) -> None:
    for raw, says in NO_JSON:
        answer = await api.post(ROOT, content=raw)
        assert (raw[:99], problem(answer)) == (raw[:99], (400, "malformed"))
        assert says in answer.json()["detail"]


async def test_json_that_is_no_report_is_refused(api: Client) -> None:
    for raw in (b"null", b'"text"', b"7", b"true", b"{}", b"[]"):
        assert (raw, problem(await api.post(ROOT, content=raw))) == (raw, (422, "invalid"))


async def test_a_huge_body_is_refused(api: Client) -> None:
    most = 2 * 1024 * 1024
    assert problem(await api.post(ROOT, content=b" " * most + b"7")) == (413, "too_large")
    assert problem(await api.post(ROOT, content=b" " * (most - 1) + b"7")) == (422, "invalid")


async def test_a_list_holds_at_most_a_thousand(api: Client, service: Service) -> None:
    assert problem(await api.post(ROOT, json=[{}] * 1001)) == (422, "invalid")
    assert (await api.post(ROOT, json=[{}] * 1000)).status_code == 207
    assert await service.left() == [0, 0, 0, 0]


async def test_a_correction_without_a_revision_that_can_be_read_is_refused(api: Client) -> None:
    place = f"{ROOT}/{(await api.post(ROOT, json=body())).json()['activity_id']}/corrections"
    said = {name: value for name, value in body().items() if name != "reference"}
    for if_match in ("", "*", '"x"', "-1", "1.5", '"1", "2"', "9" * 5000, "\u00b2"):
        answer = await api.post(place, json=said, headers={b"if-match": if_match.encode("latin-1")})
        assert (if_match, problem(answer)) == (if_match, (428, "missing_revision"))


DOORS = [
    ("GET", ""),
    ("GET", "/revisions"),
    ("POST", "/corrections"),
    ("PUT", "/retraction"),
    ("POST", "/confirmations"),
]


async def test_an_id_that_is_none_or_unknown_is_refused(api: Client) -> None:
    whole = {name: value for name, value in body().items() if name != "reference"}
    for method, path in DOORS:
        said = whole if path == "/corrections" else {"event_id": "x"}
        for wanted, name in ((422, "not-an-id"), (404, str(uuid4()))):
            answer = await api.request(method, f"{ROOT}/{name}{path}", json=said, headers={"if-match": "1"})
            assert (path, problem(answer)[0]) == (path, wanted)


WRONG_QUESTIONS = [
    f"{ROOT}?municipality=2480&cursor=x",
    f"{ROOT}?municipality=2480&limit=0",
    f"{ROOT}?municipality=2480&limit=1001",
    f"{ROOT}?municipality=248",
    f"{ROOT}?municipality=2480&obligation=%00",
    ROOT,
    "/v1/refusals?cursor=x",
    "/v1/refusals?cursor=2026-11-10T09:00:00Z/refusal/x",
    "/v1/refusals?cursor=2026-11-10T09:00:00Z/refusal/99999999999999999999",
    "/v1/refusals?cursor=2026-11-10T09:00:00Z/%00/1",
    "/v1/refusals?cursor=0001-01-01T00:00:00%2B14:00/refusal/1",
    "/v1/refusals?cursor=2026-11-10/refusal/1",
    "/v1/refusals?limit=x",
]


async def test_a_wrong_question_is_told_what_to_mend(api: Client) -> None:
    for address in WRONG_QUESTIONS:
        assert (address, problem(await api.get(address))) == (address, (422, "invalid"))


async def test_what_is_not_there_is_a_problem_too(api: Client) -> None:
    assert problem(await api.get("/v1/nothing"))[0] == 404
    assert problem(await api.delete(ROOT))[0] == 405


async def test_a_baseline_too_large_to_travel_is_refused(api: Client, service: Service) -> None:
    said = {"event_id": "b", "municipality": "2480", "obligation": "trafik-ak4", "period": "2026/27"}
    units = {f"{'🏫' * 110}{number}": 1 for number in range(1000)}
    answer = await api.post("/v1/baselines", json=said | {"quantity": "pupils_offered", "units": units})
    assert problem(answer) == (413, "too_large")
    assert await service.left() == [0, 0, 0, 0]
    [kept] = (await api.get("/v1/refusals")).json()["refusals"]
    assert kept["code"] == "too_large"


async def test_a_promise_that_the_read_copy_may_not_know_yet_is_asked_again_later(
    api: Client, settings: Settings, service: Service
) -> None:
    producer: AIOKafkaProducer = kafka.producer(settings)
    async with producer:
        await producer.send_and_wait(PROMISES.name, b"{}", key=b"2480")
    answer = await api.post(ROOT, json=body(obligations=["just-promised"]))
    assert problem(answer) == (503, "unavailable")
    assert answer.headers["retry-after"] == "1"
    assert (await api.post(ROOT, json=body())).status_code == 201
    assert await service.rows("SELECT * FROM refusal") == []


NAMES = st.sampled_from([*body(), "status", "kind", "themes", "quantities", "title", "occasion_key", "period", "unit"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([*body().values()][2:4]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(), inner, max_size=6),
    max_leaves=12,
)


@budget(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=JSON | st.dictionaries(NAMES, JSON).map(lambda some: body() | some))
async def test_no_json_at_all_is_answered_with_a_fault(api: Client, data: object) -> None:
    answer = await api.post(ROOT, content=json.dumps(data).encode())
    assert answer.status_code in {201, 207, 400, 403, 409, 422}, answer.text
