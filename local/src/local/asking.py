"""Asking a service as a well-behaved client does: what got no answer is asked again, since every command may repeat."""

import asyncio

import httpx

PATIENCE = 90.0
PAUSE = 0.1


async def answered(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    token: str | None = None,
    body: object = None,
    revision: int | None = None,
) -> httpx.Response:
    """The answer, once there is one; a service that is down or says 503 is waited for.

    Raises:
        TimeoutError: no answer within a minute and a half.
    """
    headers = {"authorization": f"Bearer {token}"} if token else {}
    if revision is not None:
        headers["if-match"] = f'"{revision}"'
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await _once(http.build_request(method, url, json=body, headers=headers), http)
            if answer is not None and answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer
            await asyncio.sleep(PAUSE)


async def ask(http: httpx.AsyncClient, method: str, url: str, *, token: str | None = None) -> httpx.Response:
    """The same, and it is no refusal.

    Raises:
        RuntimeError: a refusal, with what it says.
    """
    answer = await answered(http, method, url, token=token)
    if not answer.is_success:
        raise RuntimeError(f"{method} {url}: {answer.status_code} {answer.text}")
    return answer


async def _once(request: httpx.Request, http: httpx.AsyncClient) -> httpx.Response | None:
    try:
        return await http.send(request)
    except httpx.TransportError:
        return None
