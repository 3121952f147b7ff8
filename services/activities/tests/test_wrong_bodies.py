"""Every door and every question refuses what is wrong by its field, and nothing is half-applied."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from local.tokens import Keys

from services.activities.tests.driving import TOWN, Service, body
from tests.refusals import address, questions, refusal, wrong

Client = httpx.AsyncClient
Json = dict[str, Any]
NO_NUMBERS = ("0", "-1", "1.5", "many", "", "99999999999999999999")
VALUES = {"municipality": "2480", "activity_id": "00000000-0000-7000-8000-000000000000"}
WRONG = {
    "municipality": ("248", "24800", "umea", "", "\x00", "' OR 1=1"),
    "obligation": ("Cykel-gang", "cykel gang", "\x00", "x" * 81, ""),
    "cursor": ("x", "\x00", "1", "2026-04-14", "' OR 1=1--"),
    "limit": (*NO_NUMBERS, "1001"),
    "activity_id": ("x", "1", "%00", "' OR 1=1", "0" * 40),
}
GOOD: dict[str, Callable[[], Json]] = {
    "/v1/activities": body,
    "/v1/activities/{activity_id}/corrections": lambda: {k: v for k, v in body().items() if k != "reference"},
    "/v1/activities/{activity_id}/retraction": lambda: {"event_id": "r", "reason": "fel dag"},
    "/v1/activities/{activity_id}/confirmations": lambda: {"event_id": "c"},
    "/v1/baselines": lambda: {
        "event_id": "b",
        "municipality": "2480",
        "obligation": "trafik-ak4",
        "period": "2026/27",
        "quantity": "pupils_offered",
        "total": 541,
    },
}
EVENT_IDS: tuple[Any, ...] = (None, "", " ", 7, [], {}, "x" * 201)
BASELINES: list[tuple[Json, str]] = [
    ({"municipality": "2481"}, "municipality"),
    ({"municipality": 2480}, "municipality"),
    ({"obligation": "cykel-gang"}, "obligation"),
    ({"obligation": "trafik-ak5"}, "obligation"),
    ({"obligation": "tillganglig-polis"}, "obligation"),
    ({"period": "2026/28"}, "period"),
    ({"period": "0000"}, "period"),
    ({"period": "next"}, "period"),
    ({"quantity": "pupils"}, "quantity"),
    ({"quantity": "Pupils offered"}, "quantity"),
    ({"total": -1}, "total"),
    ({"total": 541.5}, "total"),
    ({"total": "541"}, "total"),
    ({"total": True}, "total"),
    ({"total": 1_000_001}, "total"),
    ({"total": None}, "(whole)"),
    ({"units": {"Ersboda": 540}}, "(whole)"),
    ({"units": {"Ersboda": -1}}, "units.Ersboda"),
    ({"units": {"": 541}}, "units.(a name)"),
    ({"units": ["Ersboda"]}, "units"),
    ({"units": {f"Skola {n}": 1 for n in range(1001)}}, "units"),
]


async def kept(service: Service) -> dict[str, list[str]]:
    """Every row of every table but the one that lists refusals."""
    names = await service.rows("SELECT relname FROM pg_stat_user_tables WHERE relname <> 'refusal'")
    return {name: sorted(map(str, await service.rows(f'SELECT * FROM "{name}"'))) for [name] in names}  # noqa: S608


@pytest.fixture
async def description(api: Client) -> Json:
    """What the API says of itself."""
    found: Json = (await api.get("/openapi.json")).json()
    return found


@pytest.fixture
async def taking(api: Client, description: Json) -> dict[str, tuple[str, str]]:
    """Method and address of every path that takes a body; the activity is there."""
    made = (await api.post("/v1/activities", json=body())).json()["activity_id"]
    methods = {path: [m.upper() for m in each if m != "get"] for path, each in description["paths"].items()}
    return {path: (m, path.replace("{activity_id}", made)) for path, [*found] in methods.items() for m in found}


async def test_every_door_refuses_a_wrong_message_by_its_field_and_applies_nothing(
    api: Client, taking: dict[str, tuple[str, str]], service: Service
) -> None:
    assert taking.keys() == GOOD.keys()
    before = await kept(service)
    for path, (method, place) in taking.items():
        good = GOOD[path]()
        tried = [(good | {"event_id": each}, "event_id") for each in EVENT_IDS]
        tried += [({k: v for k, v in good.items() if k != "event_id"}, "event_id"), (good | {"evnt_id": 1}, "evnt_id")]
        for said, field in tried:
            answer = await api.request(method, place, json=said, headers={"if-match": "1"})
            assert refusal(answer) == (422, "invalid", {field}), (path, said)
    assert await kept(service) == before


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b'{"event_id": "1", "event_id": "2"}', b'{"a": NaN}', b"\x00"])
async def test_every_door_refuses_what_is_no_json_or_means_two_things(
    api: Client, taking: dict[str, tuple[str, str]], service: Service, raw: bytes
) -> None:
    before = await kept(service)
    for path, (method, place) in taking.items():
        answer = await api.request(method, place, content=raw, headers={"if-match": "1"})
        assert refusal(answer) == (400, "malformed", {"(whole)"}), path
    for path, (method, place) in taking.items():
        for other in (b"null", b"7", b'"text"'):
            answer = await api.request(method, place, content=other, headers={"if-match": "1"})
            assert refusal(answer) == (422, "invalid", {"(whole)"}), (path, other)
    assert await kept(service) == before


async def test_every_door_refuses_who_may_not_write(
    api: Client, taking: dict[str, tuple[str, str]], service: Service, keys: Keys
) -> None:
    before = await kept(service)
    for path, (method, place) in taking.items():
        for token, expected in (
            ("", (401, "wrong_token", {"authorization"})),
            (keys.token(TOWN, ["activities:read"]), (403, "missing_scope", {"authorization"})),
        ):
            headers = {"authorization": f"Bearer {token}", "if-match": "1"}
            assert refusal(await api.request(method, place, json=GOOD[path](), headers=headers)) == expected, path
    assert await kept(service) == before


async def test_a_wrong_baseline_is_refused_by_its_field(api: Client, service: Service) -> None:
    for changes, field in BASELINES:
        answer = await api.post("/v1/baselines", json=GOOD["/v1/baselines"]() | changes)
        assert refusal(answer)[2] == {field}, (changes, answer.text)
    assert await service.left() == [0, 0, 0, 0]


async def test_a_wrong_correction_is_refused_by_its_field_and_the_activity_stays(api: Client, service: Service) -> None:
    place = f"/v1/activities/{(await api.post('/v1/activities', json=body())).json()['activity_id']}/corrections"
    before = await kept(service)
    for changes, field in (
        ({"municipality": "0180"}, "municipality"),
        ({"obligations": ["cykel-gag"]}, "obligations.0"),
        ({"obligations": ["tillganglig-polis"]}, "obligations.0"),
        ({"themes": ["reflex"]}, "themes.0"),
        ({"occurred_at": "2026-11-20T08:00:00Z"}, "occurred_at"),
        ({"occasion_key": "2026-11-20/x"}, "occasion_key"),
        ({"reference": "annan"}, "reference"),
        ({"status": "retracted"}, "status"),
    ):
        said = GOOD["/v1/activities/{activity_id}/corrections"]() | changes
        answer = await api.post(place, json=said, headers={"if-match": "1"})
        assert refusal(answer)[2] == {field}, changes
    assert await kept(service) == before


async def test_every_wrong_value_of_every_parameter_is_refused_by_its_name(
    api: Client, description: Json, keys: Keys
) -> None:
    for place, name, _ in wrong(description, VALUES, WRONG):
        assert refusal(await api.get(place)) == (422, "invalid", {name}), place
    for path, parameters in questions(description):
        place = address(path, VALUES, parameters)
        first = "&" if "?" in place else "?"
        assert (422, "invalid", {"limitt"}) == refusal(await api.get(f"{place}{first}limitt=1")), path
        reading = {"authorization": f"Bearer {keys.token(TOWN, ['activities:write'])}"}
        assert refusal(await api.get(place, headers=reading)) == (403, "missing_scope", {"authorization"}), path
