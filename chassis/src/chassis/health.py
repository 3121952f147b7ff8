"""The internal port: alive, ready, metrics, and what still waits."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Any

from contracts.model import rfc3339
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.clock import Clock
from chassis.database import Database
from chassis.metrics import BUILD, OLDEST, PART_UP, PENDING
from chassis.problems import answer, install
from chassis.watermarks import Watermarks

Pending = Callable[[], Awaitable[dict[str, int]]]
Check = Callable[[], Awaitable[None]]
NextAt = Callable[[], Awaitable[datetime | None]]
Figures = Callable[[], Awaitable[None]]
MEASURING = 8.0
log = logging.getLogger(__name__)


async def _nothing() -> None:
    """No figures beside those that are counted as things happen."""


def internal_app(
    service: str,
    clock: Clock,
    pending: Pending,
    checks: Mapping[str, Check],
    next_at: NextAt,
    *,
    figures: Figures = _nothing,
    exposed: Callable[[], bytes] = generate_latest,
) -> FastAPI:
    """`pending` counts waiting work by kind, upstream first; `checks` raise when a part does not answer.

    `next_at` is the next instant at which time alone will make work, if there is one; `figures` sets gauges before
    `exposed` reads them, on a thread of its own.
    """
    BUILD.labels(service, version(f"lofteskollen-{service}")).set(1)
    app = FastAPI(title=f"{service}, internal", openapi_url=None, telemetry={"tracing": False})
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
        await _measured(pending, checks, figures)
        return Response(await asyncio.to_thread(exposed), media_type=CONTENT_TYPE_LATEST)

    @app.get("/info")
    async def info() -> dict[str, Any]:
        now = clock.now()
        waiting = await pending()
        instant = await next_at()
        _show(waiting)
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


def _show(waiting: Mapping[str, int]) -> None:
    for kind, count in waiting.items():
        PENDING.labels(kind).set(count)


async def _measured(pending: Pending, checks: Mapping[str, Check], figures: Figures) -> None:
    """Set every gauge; what cannot be asked is no figure, so that no rule takes an old one for a new one."""

    async def counted() -> None:
        _show(await pending())

    parts = {**checks, "work": counted, "figures": figures}
    faults = await asyncio.gather(*(_failure(check, MEASURING) for check in parts.values()))
    found = dict(zip(parts, faults, strict=True))
    for part, fault in found.items():
        PART_UP.labels(part).set(fault is None)
        if fault is not None:
            log.warning("not measured", extra={"part": part, "fault": fault})
    for part, gauge in {"work": PENDING, "figures": OLDEST}.items():
        if found[part]:
            gauge.clear()


async def _failure(check: Check, within: float = 2) -> str | None:
    try:
        async with asyncio.timeout(within):
            await check()
    except Exception as fault:  # noqa: BLE001 - whatever it is, the service is not ready and says why
        return f"{type(fault).__name__}: {fault}"
    return None
