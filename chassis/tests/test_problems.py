import asyncio
import logging
from typing import Annotated

import httpx
import pytest
from chassis.faults import TransientError
from chassis.problems import AT_ONCE, ProblemError, install
from contracts.model import Message
from fastapi import FastAPI, Path


class Body(Message):
    n: int


@pytest.fixture
def app() -> FastAPI:
    made = FastAPI()
    install(made)

    @made.post("/things/{number}")
    async def take(number: Annotated[int, Path(le=9)], body: Body) -> int:
        return number + body.n

    @made.get("/refused")
    async def refused() -> None:
        raise ProblemError(409, "known_otherwise", "Send it under another id.", [{"field": "id", "reason": "taken"}])

    @made.get("/away")
    async def away() -> None:
        raise TransientError("the database at secret-host is away")

    made.state.go_on = asyncio.Event()
    made.state.waiting = 0

    @made.get("/slow")
    async def slow() -> None:
        made.state.waiting += 1
        await made.state.go_on.wait()

    @made.get("/broken")
    async def broken() -> None:
        raise LookupError("a secret of the inside")

    return made


async def _ask(app: FastAPI, method: str, path: str, **more: object) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request(method, path, **more)  # type: ignore[arg-type]


async def test_what_is_right_is_answered_as_it_is(app: FastAPI) -> None:
    answer = await _ask(app, "POST", "/things/1", json={"n": 2})
    assert (answer.status_code, answer.json()) == (200, 3)


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "code"),
    [
        ("POST", "/things/1", b'{"n": "many"}', 422, "invalid"),
        ("POST", "/things/77", b'{"n": 1}', 422, "invalid"),
        ("POST", "/things/1", b"", 422, "invalid"),
        ("POST", "/things/1", b"{not json", 422, "invalid"),
        ("POST", "/things/1", b'{"n": 1, "\\ud800": 1}', 422, "invalid"),
        ("POST", "/things/1", b"\xff\xfe", 422, "invalid"),
        ("GET", "/nothing-here", b"", 404, "http_404"),
        ("DELETE", "/refused", b"", 405, "http_405"),
        ("GET", "/refused", b"", 409, "known_otherwise"),
        ("GET", "/away", b"", 503, "unavailable"),
        ("GET", "/broken", b"", 500, "unexpected"),
    ],
)
async def test_whatever_goes_wrong_is_a_problem(
    app: FastAPI, *, method: str, path: str, content: bytes, status: int, code: str
) -> None:
    answer = await _ask(app, method, path, content=content, headers={"content-type": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["type"].endswith(f"/{code}")
    assert body["title"]
    assert body["detail"]


async def test_a_refused_body_names_each_field_and_echoes_no_value(app: FastAPI) -> None:
    answer = await _ask(app, "POST", "/things/77", json={"n": "a secret", "m": 1})
    assert {error["field"] for error in answer.json()["errors"]} == {"number", "body.n", "body.m"}
    assert "a secret" not in answer.text


async def test_a_refusal_carries_its_own_words(app: FastAPI) -> None:
    body = (await _ask(app, "GET", "/refused")).json()
    assert body["detail"] == "Send it under another id."
    assert body["errors"] == [{"field": "id", "reason": "taken"}]


async def test_a_wrong_method_is_told_which_are_right(app: FastAPI) -> None:
    assert (await _ask(app, "DELETE", "/refused")).headers["allow"] == "GET"


async def test_a_fault_that_passes_says_when_to_come_again(app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    answer = await _ask(app, "GET", "/away")
    assert answer.headers["retry-after"] == "1"
    assert "secret" not in answer.text
    assert "unavailable" in caplog.messages


async def test_an_unexpected_fault_is_logged_with_its_trace_and_told_to_nobody(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await _ask(app, "GET", "/broken")
    assert "secret" not in answer.text
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.message == "unexpected"
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], LookupError)


async def test_more_than_an_app_can_work_at_is_turned_away_at_once_and_told_when_to_come_back(app: FastAPI) -> None:
    begun = [asyncio.create_task(_ask(app, "GET", "/slow")) for _ in range(AT_ONCE)]
    async with asyncio.timeout(20):
        while app.state.waiting < AT_ONCE:  # noqa: ASYNC110 - the requests are let in one by one
            await asyncio.sleep(0)
    turned_away = await _ask(app, "GET", "/slow")
    app.state.go_on.set()
    assert (turned_away.status_code, turned_away.json()["code"]) == (503, "busy")
    assert turned_away.headers["retry-after"] == "1"
    assert {answer.status_code for answer in await asyncio.gather(*begun)} == {200}
    assert (await _ask(app, "GET", "/slow")).status_code == 200
