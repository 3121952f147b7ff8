"""A wrong question is told what to mend."""

from collections.abc import Callable

import httpx

from services.activities.tests.driving import problem

Client = httpx.AsyncClient
As = Callable[[str], dict[str, str]]
ROOT = "/v1/activities"


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
