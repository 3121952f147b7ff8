"""A service that is told to stop while work streams in stops in order, in time, and loses nothing."""

import asyncio
import signal
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from local.demo import ZONE, set_clock
from local.places import ONE_PROMISE, ORGANISATIONS, SERVICES, story
from local.quiet import settle
from local.system import System

from tests.year import running

NOW = datetime(2026, 5, 20, 12, tzinfo=ZONE)
SIZE, AT_ONCE, WITHIN = 20, 4, 10.0


class Load:
    """Clients that report without pause and repeat what was answered with 503; an answer that breaks off is wrong."""

    def __init__(self, system: System) -> None:
        self._url = f"{system.api('activities')}/v1/activities"
        self._headers = {"authorization": f"Bearer {system.keys.token(ORGANISATIONS[0])}"}
        self.accepted: set[str] = set()
        self.wrong: list[str] = []
        self._over = asyncio.Event()

    async def run(self) -> None:
        async with httpx.AsyncClient(headers=self._headers, timeout=30) as http:
            await asyncio.gather(*(self._client(http, n) for n in range(AT_ONCE)))

    def end(self) -> None:
        self._over.set()

    async def _client(self, http: httpx.AsyncClient, number: int) -> None:
        turn = 0
        while not self._over.is_set():
            turn += 1
            await self._report(http, [f"{number}-{turn}-{n}" for n in range(SIZE)])

    async def _report(self, http: httpx.AsyncClient, names: list[str]) -> None:
        said = {"municipality": "2480", "occurred_at": "2026-04-14T08:30:00+02:00", "obligations": ["cykel-gang"]}
        body = [said | {"event_id": name, "reference": name} for name in names]
        while True:
            try:
                answer = await http.post(self._url, json=body)
            except httpx.ConnectError:
                await asyncio.sleep(0.05)
                continue
            except httpx.TransportError as fault:
                self.wrong.append(f"{type(fault).__name__} {fault}")
                continue
            if answer.status_code == 503:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code == 201:
                self.accepted.update(names)
            else:
                self.wrong.append(f"{answer.status_code} {answer.text[:200]}")
            return


async def stopped(system: System, service: str) -> tuple[int | None, float]:
    """Tell a service to stop; its exit status, and how long it took."""
    process, began = system.supervisor.children[service].process, time.monotonic()
    process.send_signal(signal.SIGTERM)
    await asyncio.to_thread(process.wait, 30)
    return process.returncode, time.monotonic() - began


async def streams(system: System, table: str, service: str) -> None:
    """Wait until the load has reached a table."""
    connection = await asyncpg.connect(system.dsn(service))
    before = await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608
    async with asyncio.timeout(30):
        while await connection.fetchval(f"SELECT count(*) FROM {table}") < before + 100:  # noqa: ASYNC110, S608
            await asyncio.sleep(0.01)
    await connection.close()


async def under_load(system: System) -> tuple[Load, dict[str, tuple[int | None, float]], list[Any]]:
    load, ends = Load(system), {}
    async with httpx.AsyncClient(timeout=30) as http:
        await settle(system, http)  # until the catalogue has come, nobody's promises are known
    watching, loading = asyncio.create_task(system.watch()), asyncio.create_task(load.run())
    for service in SERVICES:
        await streams(system, "evidence", "promises")
        ends[service] = await stopped(system, service)
    await streams(system, "evidence", "promises")
    load.end()
    await loading
    async with httpx.AsyncClient(timeout=30) as http:
        await settle(system, http)
    connection = await asyncpg.connect(system.dsn("promises"))
    rows = await connection.fetch("SELECT facts->>'reference' AS name FROM evidence")
    await connection.close()
    watching.cancel()
    return load, ends, rows


@pytest.fixture
def told() -> Any:  # noqa: ANN401
    return story(ONE_PROMISE)


def test_told_to_stop_under_load_each_stops_in_ten_seconds_with_status_0_and_nothing_is_lost_or_doubled(
    scratch: Path,
    unique: str,
    told: Any,  # noqa: ANN401
) -> None:
    with running(scratch / unique, told) as system:
        set_clock(system.clock, NOW)
        load, ends, rows = asyncio.run(under_load(system))
    assert load.wrong == []
    assert {service: status for service, (status, _) in ends.items()} == dict.fromkeys(SERVICES, 0)
    assert max(took for _, took in ends.values()) < WITHIN, ends
    assert len(load.accepted) > 300
    assert sorted(row["name"] for row in rows) == sorted(load.accepted)
