"""Development tokens: a key pair made on this machine, and bearer tokens signed with it."""

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

DAY = 24 * 60 * 60
SCOPES = ("activities:write", "activities:read", "status:read", "assessments:write")


class Keys:
    """The private key stays in `folder`; services get the public half as a JWKS file."""

    def __init__(self, folder: Path) -> None:
        self._private = folder / "private.json"
        self.jwks = folder / "jwks.json"

    def ensure(self) -> None:
        """Make the pair unless it is there."""
        if self.jwks.exists():
            return
        self._private.parent.mkdir(parents=True, exist_ok=True)
        key = ECKey.generate_key("P-256", {"alg": "ES256", "use": "sig"}, auto_kid=True)
        with os.fdopen(os.open(self._private, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(key.as_dict(private=True), file)
        self.jwks.write_text(json.dumps(KeySet([key]).as_dict(private=False)), encoding="ascii")

    def token(
        self, organisation: str, scopes: Sequence[str] = SCOPES, lifetime: int = DAY, role: str | None = None
    ) -> str:
        """A token for an organisation's slug, in a role where one is given; `lifetime` is in seconds of real time.

        Raises:
            FileNotFoundError: no system was started here, so there is no key.
        """
        key = ECKey.import_key(json.loads(self._private.read_text(encoding="ascii")))
        now = int(time.time())
        claims = {
            "iss": "lofteskollen",
            "aud": "lofteskollen",
            "sub": organisation,
            "iat": now,
            "nbf": now,
            "exp": now + lifetime,
            "scope": " ".join(scopes),
        } | ({"role": role} if role else {})
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)
