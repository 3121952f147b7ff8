"""Waiting until nothing waits anywhere: every service's `pending` is zero twice in a row."""

import asyncio
from datetime import datetime
from typing import Any

import httpx

from local.places import SERVICES
from local.stage import Stage

PAUSE = 0.02


class NotQuietError(RuntimeError):
    """Something still waits; the message says what and where."""


async def settle(stage: Stage, http: httpx.AsyncClient, *, within: float = 90) -> datetime | None:
    """Wait for quiet; answer the next instant at which time alone will make work.

    Services are asked in the order in which events flow, so work that moves on is met again downstream.

    Raises:
        NotQuietError: not in `within` seconds of real time.
    """
    infos: list[dict[str, Any] | None] = []
    calm = 0
    try:
        async with asyncio.timeout(within):
            while calm < 2:  # noqa: PLR2004
                infos = await _until_one_waits(stage, http)
                calm = calm + 1 if len(infos) == len(SERVICES) and _still(infos[-1]) else 0
                await asyncio.sleep(0 if calm else PAUSE)
    except TimeoutError:
        waiting = {n: info and info["pending"] for n, info in zip(SERVICES, infos, strict=False)}
        raise NotQuietError(f"still waiting after {within:.0f} s: {waiting}") from None
    instants = [datetime.fromisoformat(info["next_at"]) for info in infos if info and info["next_at"]]
    return min(instants, default=None)


async def _until_one_waits(stage: Stage, http: httpx.AsyncClient) -> list[dict[str, Any] | None]:
    """What the services say, down to the first that has work: those behind it are asked when it has none."""
    infos: list[dict[str, Any] | None] = []
    for name in SERVICES:
        infos.append(await _info(stage, http, name))
        if not _still(infos[-1]):
            break
    return infos


def _still(info: dict[str, Any] | None) -> bool:
    return info is not None and not any(info["pending"].values())


async def _info(stage: Stage, http: httpx.AsyncClient, service: str) -> dict[str, Any] | None:
    try:
        answer = await http.get(f"{stage.internal(service)}/info", timeout=10)
    except httpx.HTTPError:
        return None
    found: dict[str, Any] | None = answer.json() if answer.is_success else None
    return found
