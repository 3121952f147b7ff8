import hmac
import json
import time
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from chassis.auth import Caller, Requires, Tokens, has_keys
from chassis.problems import ProblemError, install
from chassis.settings import Settings
from fastapi import Depends, FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

KEY = ECKey.generate_key("P-256", {"alg": "ES256", "use": "sig", "kid": "house"})
STRANGER = ECKey.generate_key("P-256", {"alg": "ES256", "use": "sig", "kid": "house"})
PUBLIC = KeySet([KEY]).as_dict(private=False)
CLAIMS = {"iss": "lofteskollen", "aud": "lofteskollen", "sub": "umea-kommun", "scope": "things:read things:write"}


def signed(key: ECKey = KEY, **changed: Any) -> str:  # noqa: ANN401
    """A token with the good claims but for those changed; None leaves one out."""
    claims = {**CLAIMS, "exp": int(time.time()) + 60, **changed}
    return jwt.encode({"alg": "ES256", "kid": "house"}, {k: v for k, v in claims.items() if v is not None}, key)


def headed(**head: str) -> str:
    """Head and body of a good token, with another head; the signature is still to come."""
    written = urlsafe_b64encode(json.dumps(head).encode()).decode().rstrip("=")
    return f"{written}.{signed().split('.')[1]}"


def confused() -> str:
    """HS256 with the published key as the shared secret."""
    text = headed(alg="HS256", kid="house")
    digest = hmac.digest(KEY.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{urlsafe_b64encode(digest).decode().rstrip('=')}"


@pytest.fixture
def settings_with_keys(tmp_path: Path) -> Settings:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(PUBLIC), encoding="ascii")
    return Settings(database_url="", kafka_bootstrap="", jwks_file=path)


async def _ask(settings: Settings, authorization: str | None) -> httpx.Response:
    app = FastAPI()
    install(app)
    app.state.tokens = Tokens(settings)

    @app.get("/things")
    async def things(caller: Annotated[Caller, Depends(Requires("things:read"))]) -> str:
        return caller.organisation

    headers = {} if authorization is None else {"authorization": authorization}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        return await client.get("/things", headers=headers)


async def test_a_good_token_names_its_organisation(settings_with_keys: Settings) -> None:
    answer = await _ask(settings_with_keys, f"Bearer {signed()}")
    assert (answer.status_code, answer.json()) == (200, "umea-kommun")


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param(None, id="no token"),
        pytest.param("Bearer", id="an empty token"),
        pytest.param("Bearer a.b.c", id="no token at all"),
        pytest.param(f"Basic {signed()}", id="another scheme"),
        pytest.param(f"Bearer {signed(exp=int(time.time()) - 60)}", id="expired"),
        pytest.param(f"Bearer {signed(exp=None)}", id="never expires"),
        pytest.param(f"Bearer {signed(nbf=int(time.time()) + 600)}", id="not yet valid"),
        pytest.param(f"Bearer {signed(aud='others')}", id="for somebody else"),
        pytest.param(f"Bearer {signed(aud=None)}", id="for nobody"),
        pytest.param(f"Bearer {signed(iss='others')}", id="by another issuer"),
        pytest.param(f"Bearer {signed(sub=None)}", id="of nobody"),
        pytest.param(f"Bearer {signed(STRANGER)}", id="another key under our name"),
        pytest.param(f"Bearer {headed(alg='none')}.", id="alg none"),
        pytest.param(f"Bearer {confused()}", id="HS256 with the public key"),
    ],
)
async def test_a_token_that_is_not_right_is_refused(settings_with_keys: Settings, authorization: str | None) -> None:
    answer = await _ask(settings_with_keys, authorization)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_token")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("scope", ["things:write", "things:reader", "", None])
async def test_a_good_token_without_the_scope_is_forbidden(settings_with_keys: Settings, scope: str | None) -> None:
    answer = await _ask(settings_with_keys, f"Bearer {signed(scope=scope)}")
    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    assert "things:read" in answer.json()["detail"]


async def test_without_keys_nobody_is_let_in() -> None:
    answer = await _ask(Settings(database_url="", kafka_bootstrap=""), f"Bearer {signed()}")
    assert (answer.status_code, answer.json()["code"]) == (503, "no_keys")


def test_a_token_is_remembered_while_it_is_valid_and_the_keys_are_gone(settings_with_keys: Settings) -> None:
    tokens, token = Tokens(settings_with_keys), signed()
    first = tokens.verify(token)
    assert settings_with_keys.jwks_file
    settings_with_keys.jwks_file.unlink()
    assert tokens.verify(token) == first
    with pytest.raises(ProblemError, match="keys"):
        tokens.verify(signed(sub="polisen-lpo-umea"))


def test_a_token_is_not_remembered_beyond_its_end(
    settings_with_keys: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens, token, now = Tokens(settings_with_keys), signed(exp=int(time.time()) + 30), time.monotonic()
    tokens.verify(token)
    assert settings_with_keys.jwks_file
    settings_with_keys.jwks_file.unlink()
    monkeypatch.setattr(time, "monotonic", lambda: now + 31)
    with pytest.raises(ProblemError, match="keys"):
        tokens.verify(token)


async def test_that_there_is_no_key_is_known_before_anyone_asks(settings_with_keys: Settings) -> None:
    assert has_keys(settings_with_keys)
    assert settings_with_keys.jwks_file
    for text in ('{"keys": []}', "{}", "no JSON"):
        settings_with_keys.jwks_file.write_text(text, encoding="ascii")
        assert not has_keys(settings_with_keys)
        assert (await _ask(settings_with_keys, f"Bearer {signed()}")).json()["code"] == "no_keys"
    assert not has_keys(settings_with_keys.model_copy(update={"jwks_file": None}))
