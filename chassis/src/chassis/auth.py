"""Bearer tokens: which organisation speaks, and what it may do. Denied unless the token says otherwise."""

import hashlib
import json
import logging
import time
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from chassis.problems import ProblemError, refused
from chassis.settings import Settings

log = logging.getLogger(__name__)
ALGORITHMS = ["ES256", "RS256", "EdDSA"]
UNREADABLE = (OSError, ValueError, KeyError, TypeError, JoseError)
REMEMBERED = 60.0


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: an organisation's slug, the scopes of its token, and in which role where the token names one."""

    organisation: str
    scopes: frozenset[str]
    role: str | None = None


class Tokens:
    """Verifies tokens against a JWKS; a verified one is remembered by its hash for at most a minute of real time."""

    def __init__(self, settings: Settings) -> None:
        self._path: Path | None = settings.jwks_file
        self._claims = JWTClaimsRegistry(
            leeway=5,
            iss={"essential": True, "value": settings.jwt_issuer},
            aud={"essential": True, "value": settings.jwt_audience},
            sub={"essential": True},
            exp={"essential": True},
        )
        self._remembered: dict[bytes, tuple[float, Caller]] = {}

    def verify(self, token: str) -> Caller:
        """The caller a token names.

        Raises:
            ProblemError: 401, and nothing about why that would help to forge one.
        """
        digest = hashlib.sha256(token.encode()).digest()
        until, caller = self._remembered.get(digest, (0.0, None))
        if caller is not None and time.monotonic() < until:
            return caller
        caller, lifetime = self._read(token)
        if len(self._remembered) > 1000:  # noqa: PLR2004
            self._remembered.clear()
        self._remembered[digest] = (time.monotonic() + min(REMEMBERED, lifetime), caller)
        return caller

    def _read(self, token: str) -> tuple[Caller, float]:
        keys = self._keys()
        try:
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            self._claims.validate(claims)
            role = str(claims["role"]) if "role" in claims else None
            caller = Caller(str(claims["sub"]), frozenset(str(claims.get("scope", "")).split()), role)
            return caller, float(claims["exp"]) - time.time()
        except (JoseError, ValueError, KeyError, TypeError):
            reason = "the bearer token is missing, expired or not signed by a known key; get a new one"
            raise refused(401, "wrong_token", "authorization", reason) from None

    def _keys(self) -> KeySet:
        """The keys in the file; without them nobody's token can be told right from wrong."""
        try:
            return _read_keys(self._path)
        except UNREADABLE as error:
            log.error("keys cannot be read", extra={"fault": f"{type(error).__name__}: {error}"})  # noqa: TRY400
            raise ProblemError(
                503, "no_keys", "The keys that sign tokens cannot be read here; tell the operator."
            ) from None


def has_keys(settings: Settings) -> bool:
    """Whether there is a key to tell a token right from wrong."""
    try:
        _read_keys(settings.jwks_file)
    except UNREADABLE:
        return False
    return True


def _read_keys(path: Path | None) -> KeySet:
    """The keys in the file; without any, joserfc refuses it."""
    if path is None:
        raise ValueError("LOFTESKOLLEN_JWKS_FILE is not set")
    return KeySet.import_key_set(json.loads(path.read_text(encoding="utf-8")))


class Requires:
    """A FastAPI dependency: the caller, if its token holds the scope."""

    def __init__(self, scope: str) -> None:
        self._scope = scope

    async def __call__(self, request: Request) -> Caller:
        """Answer the caller or refuse with 401 or 403."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        tokens: Tokens = request.app.state.tokens
        caller = tokens.verify(token if kind.lower() == "bearer" else "")
        if self._scope not in caller.scopes:
            reason = f"the token lacks the scope {self._scope}; ask whoever gave it for one that has it"
            raise refused(403, "missing_scope", "authorization", reason)
        return caller
