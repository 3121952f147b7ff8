"""Asking a service as a well-behaved client does: what got no answer is asked again, since every command may repeat."""

import asyncio
from collections.abc import Mapping

import httpx

PATIENCE = 60.0
PAUSE = 0.1


async def ask(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    token: str | None = None,
    body: Mapping[str, object] | None = None,
) -> httpx.Response:
    """The answer, once there is one; a service that is down or says 503 is waited for.

    Raises:
        RuntimeError: a refusal, with what it says.
        TimeoutError: no answer within a minute.
    """
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await _once(http.build_request(method, url, json=body, headers=headers), http)
            if answer is not None and answer.is_success:
                return answer
            if answer is not None and answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                raise RuntimeError(f"{method} {url}: {answer.status_code} {answer.text}")
            await asyncio.sleep(PAUSE)


async def _once(request: httpx.Request, http: httpx.AsyncClient) -> httpx.Response | None:
    try:
        return await http.send(request)
    except httpx.TransportError:
        return None
