"""Whatever is asked wrongly of any path is refused with its field and what to mend, and changes nothing."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from contracts.activities import ActivityEvent
from local.tokens import Keys

from services.promises.tests.driving import TOWN, Projector
from tests.refusals import address, questions, refusal, wrong

NewActivity = Callable[..., ActivityEvent]
VALUES = {"code": "2480", "name": "cykel-gang", "organisation": TOWN, "period": "2026"}
FOR_EVERYBODY = "/v1/municipalities/{code}/reports"
NO_MOMENTS = ("2026-11-02", "2026-11-02T08:00:00", "1790000000", "soon", "2026-13-01T00:00:00Z", "", "\x00")
NO_NUMBERS = ("0", "-1", "1.5", "many", "", "99999999999999999999", "1e3", "\u0661")
WRONG = {
    "code": ("248", "24800", "umea", "２４８０", "0180", "24\x0080", "' OR 1=1"),
    "name": ("finns-inte", "Cykel-gang", "cykel%", "\x00", "x" * 3000, "' OR 1=1--"),
    "organisation": ("Umeå", "\x00", "x" * 81, "-"),
    "period": ("26", "2031", "2026-T4", "2026-13", "2026/28", "0000", "all", "", "\x00", "2026 "),
    "audience": ("everyone", "", "Public", "\x00"),
    "cursor": ("x", "\x00", "9" * 201, "2026-04-14", "withheld/1", "-1"),
    "limit": (*NO_NUMBERS, "1001"),
    "days": (*NO_NUMBERS, "401"),
    "as_of": (*NO_MOMENTS, "2999-01-01T00:00:00Z", "2199-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
    "at": (*NO_MOMENTS, "2025-01-01T00:00:00Z", "2999-01-01T00:00:00Z"),
    "from": ("-1", "first", "", "2147483648", "7"),
    "to": ("0", "first", "", "2147483648", "7"),
    "revision": NO_NUMBERS,
}


@pytest.fixture
async def description(api: httpx.AsyncClient, projector: Projector, activity: NewActivity) -> dict[str, Any]:
    """What the API says of itself, with a report behind it."""
    await projector.load()
    await projector.ingest(activity("2026-04-14"))
    await projector.turn()
    found: dict[str, Any] = (await api.get("/openapi.json")).json()
    return found


async def kept(projector: Projector) -> dict[str, list[Any]]:
    """Every row of every table."""
    names = await projector.database.pool.fetch("SELECT relname FROM pg_stat_user_tables ORDER BY relname")
    rows = {name: await projector.database.pool.fetch(f'SELECT * FROM "{name}"') for [name] in names}  # noqa: S608
    return {name: sorted(map(str, found)) for name, found in rows.items()}


async def test_every_wrong_value_of_every_parameter_is_refused_by_its_name(
    api: httpx.AsyncClient, description: dict[str, Any], projector: Projector
) -> None:
    before, asked = await kept(projector), 0
    for place, name, value in wrong(description, VALUES, WRONG):
        if (name, value) == ("period", "2031") and place.rpartition("/")[2].startswith("history"):
            continue  # nothing happened then: an empty history is the answer
        _, _, fields = refusal(await api.get(place))
        assert fields == {name}, (place, fields)
        asked += 1
    assert asked > 200
    assert await kept(projector) == before


async def test_a_parameter_that_no_path_has_or_that_is_given_twice_is_refused(
    api: httpx.AsyncClient, description: dict[str, Any]
) -> None:
    for path, parameters in questions(description):
        place = address(path, VALUES, parameters)
        first = "&" if "?" in place else "?"
        answer = await api.get(f"{place}{first}audiance=public")
        assert refusal(answer) == (422, "invalid", {"audiance"}), path
        assert refusal(await api.get(f"{place}{first}850314-1234=1"))[2] == {"(a name)"}
        for name in [each["name"] for each in parameters if each["in"] == "query" and not each["required"]]:
            assert refusal(await api.get(f"{place}{first}{name}=1&{name}=1")) == (422, "invalid", {name})
    near = (await api.get("/v1/municipalities/2480/promises?audiance=public")).json()
    assert near["errors"][0]["reason"] == "this path has no such parameter; near is audience"


async def test_whoever_may_not_ask_is_told_why(api: httpx.AsyncClient, description: dict[str, Any], keys: Keys) -> None:
    nobody, unscoped = "", f"Bearer {keys.token(TOWN, ['activities:read'])}"
    stranger = f"Bearer {keys.token('skelleftea-kommun')}"
    for path, parameters in questions(description):
        place = address(path, VALUES, parameters)
        if path.startswith(FOR_EVERYBODY):
            assert refusal(await api.get(place, headers={"authorization": nobody}))[0] == 401, path
            assert (await api.get(place, headers={"authorization": stranger})).status_code in {200, 404}, path
            continue
        told = [refusal(await api.get(place, headers={"authorization": who})) for who in (nobody, unscoped, stranger)]
        assert told == [
            (401, "wrong_token", {"authorization"}),
            (403, "missing_scope", {"authorization"}),
            (403, "foreign_authority", {"audience"}),
        ], path


async def test_what_is_not_there_or_is_not_asked_so_is_refused(
    api: httpx.AsyncClient, description: dict[str, Any]
) -> None:
    assert refusal(await api.get("/v1/nothing")) == (404, "http_404", {"path"})
    for path, methods in description["paths"].items():
        place = address(path, VALUES, methods["get"].get("parameters", []))
        for method in sorted({"put", "post", "patch", "delete"} - set(methods)):
            answer = await api.request(method, place)
            assert refusal(answer) == (405, "http_405", {"method"}), (method, place)
            assert answer.headers["allow"]


@pytest.mark.usefixtures("description")
@pytest.mark.parametrize(
    ("name", "hint"), [("cykel-gagn", "near: cykel-gang"), ("nope", "known: cykel-gang, grannsamverkan, ")]
)
async def test_an_obligation_that_is_not_there_is_answered_with_those_it_may_have_been(
    api: httpx.AsyncClient, name: str, hint: str
) -> None:
    answer = await api.get(f"/v1/municipalities/2480/obligations/{name}")
    assert refusal(answer) == (404, "unknown", {"name"}), answer.text
    assert hint in answer.json()["errors"][0]["reason"]


@pytest.mark.parametrize("code", ["248", "٢٤٨٠"])
async def test_a_code_is_four_digits_as_everybody_writes_them(api: httpx.AsyncClient, code: str) -> None:
    answer = await api.get(f"/v1/municipalities/{code}/promises")
    assert refusal(answer) == (422, "invalid", {"code"})
    assert answer.json()["errors"][0]["reason"] == 'write it as "2480": four digits, in quotes'
