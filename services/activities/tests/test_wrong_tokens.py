"""Who speaks is known by a token, or nothing is answered."""

from collections.abc import Callable

import httpx
import pytest
from local.tokens import Keys

from services.activities.tests.driving import TOWN, body, problem

Client = httpx.AsyncClient
As = Callable[[str], dict[str, str]]
ROOT = "/v1/activities"


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
