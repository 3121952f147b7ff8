"""The internal port: alive, ready, metrics, and what still waits."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Any

from contracts.model import rfc3339
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.clock import Clock
from chassis.database import Database
from chassis.metrics import PENDING
from chassis.problems import answer, install
from chassis.watermarks import Watermarks

Pending = Callable[[], Awaitable[dict[str, int]]]
Check = Callable[[], Awaitable[None]]
NextAt = Callable[[], Awaitable[datetime | None]]


def internal_app(service: str, clock: Clock, pending: Pending, checks: Mapping[str, Check], next_at: NextAt) -> FastAPI:
    """`pending` counts waiting work by kind, upstream first; `checks` raise when a part does not answer.

    `next_at` is the next instant at which time alone will make work, if there is one.
    """
    app = FastAPI(title=f"{service}, internal", openapi_url=None)
    install(app)

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    async def readyz() -> Response:
        failed = {name: fault for name, check in checks.items() if (fault := await _failure(check))}
        if failed:
            return answer(503, "not_ready", "; ".join(f"{name}: {fault}" for name, fault in failed.items()))
        return Response('{"status": "ready"}', media_type="application/json")

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @app.get("/info")
    async def info() -> dict[str, Any]:
        now = clock.now()
        waiting = await pending()
        instant = await next_at()
        for kind, count in waiting.items():
            PENDING.labels(kind).set(count)
        return {
            "service": service,
            "version": version(f"lofteskollen-{service}"),
            "now": rfc3339(now),
            "simulated_time": clock.simulated,
            "pending": waiting,
            "next_at": rfc3339(instant) if instant else None,
        }

    return app


def answering(database: Database, watermarks: Watermarks, topics: str) -> dict[str, Check]:
    """Checks that the database and Kafka really answer; `topics` is a pattern of those the service reads."""

    async def database_answers() -> None:
        await database.pool.fetchval("SELECT 1")

    async def kafka_answers() -> None:
        await watermarks.ends(topics)

    return {"database": database_answers, "kafka": kafka_answers}


async def _failure(check: Check) -> str | None:
    try:
        async with asyncio.timeout(2):
            await check()
    except Exception as fault:  # noqa: BLE001 - whatever it is, the service is not ready and says why
        return f"{type(fault).__name__}: {fault}"
    return None
