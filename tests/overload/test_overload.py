"""Too much at once, a database that goes away, replicas that are replaced: memory, delay and errors are bounded."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from local.demo import ZONE, set_clock
from local.doors import Doors
from local.places import ORGANISATIONS, SERVICES
from local.quiet import settle

from tests.overload.clients import Clients
from tests.overload.watch import Watch, promises
from tests.torture.system import Twofold

NOW = datetime(2026, 5, 20, 12, tzinfo=ZONE)
FLOOD, OUTAGE, BACK = 10.0, 10.0, 20.0
MIB = 1 << 20
MOST_MEMORY = 400 * MIB
CHUNK = 1000


@pytest.fixture
def system(scratch: Path, unique: str) -> Iterator[Twofold]:
    """Two replicas of each service; a failing test shows the end of every log."""
    folder = scratch / unique
    folder.mkdir()
    set_clock(folder / "clock", NOW)
    made = Twofold(folder, lambda _: None)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@asynccontextmanager
async def watched(system: Twofold) -> AsyncIterator[None]:
    watching = asyncio.create_task(system.watch())
    try:
        yield
    finally:
        watching.cancel()


def clients(system: Twofold) -> Clients:
    return Clients(system.doors("activities"), system.keys)


async def everything_is_judged(system: Twofold, load: Clients) -> None:
    """All is quiet, and the month counts what was accepted, once."""
    async with httpx.AsyncClient(timeout=30) as http:
        await settle(system, http, within=300)
    async with promises(system) as sql:
        counted = await sql.fetchval(
            """
            SELECT standing->>'counted' FROM standing
            WHERE (obligation, period, audience) = ('tillganglig-polis', '2026-04', 'internal')
            """
        )
        names = await sql.fetch("SELECT facts->>'reference' AS name FROM evidence")
    assert sorted(row["name"] for row in names) == sorted(load.accepted)
    assert int(counted) == len(load.accepted)


async def flooded(system: Twofold) -> tuple[Clients, Watch]:
    """Ten seconds of ten times the rate lie on the topic at once, and 600 clients over HTTP ask without pause.

    `activities` stands still while they are sent: two cores could not make the flood and drown in it at a time.
    """
    load, watch = clients(system), Watch(system)
    async with watched(system), Doors(system) as doors:
        number = int(10 * await sustained(system, load, doors) * FLOOD)
        with still(system, "activities"):
            await push(system, load, number)
        watching = asyncio.create_task(watch.run())
        await load.full(FLOOD, at_once=600)
        await everything_is_judged(system, load)
        watching.cancel()
    return load, watch


@contextmanager
def still(system: Twofold, service: str) -> Iterator[None]:
    """Both replicas are stopped until the block ends."""
    processes = [system.supervisor.children[f"{service}{suffix}"].process for suffix in ("", "-2")]
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)


async def push(system: Twofold, load: Clients, number: int) -> None:
    """Another process sends so many reports over Kafka, until all are acknowledged."""
    about = [system.kafka.bootstrap, str(load.elsewhere(number)), str(number)]
    flood = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.overload.flood", *about)
    assert await flood.wait() == 0


async def sustained(system: Twofold, load: Clients, doors: Doors) -> float:
    """Activities a second from sent to judged."""
    await doors.pipeline(ORGANISATIONS[0], load.records(CHUNK))
    await everything_is_judged(system, load)
    began = time.monotonic()
    await doors.pipeline(ORGANISATIONS[0], load.records(4 * CHUNK))
    await everything_is_judged(system, load)
    return 4 * CHUNK / (time.monotonic() - began)


def test_at_ten_times_what_it_takes_memory_stays_bounded_and_old_data_keeps_moving(system: Twofold) -> None:
    load, watch = asyncio.run(flooded(system))
    assert load.wrong == []
    assert load.busy, "nobody was turned away, so there was no flood"
    assert max(watch.most.values()) < MOST_MEMORY, {name: size // MIB for name, size in watch.most.items()}
    assert len(watch.read) > 10
    assert watch.stood_still() < 3, watch.read


async def cut_off(system: Twofold) -> tuple[Clients, float, float]:
    load, stop = clients(system), asyncio.Event()
    async with watched(system):
        began = time.monotonic()
        accepted = await load.full(5, at_once=16) * 5
        await everything_is_judged(system, load)
        rate = 0.8 * accepted / (time.monotonic() - began)
        pacing = asyncio.create_task(load.pace(rate, stop))
        await asyncio.sleep(5)
        began = time.monotonic()
        await asyncio.sleep(10)
        before = load.slow(began, time.monotonic())
        system.proxy.sever("postgres")
        await asyncio.sleep(OUTAGE)
        system.proxy.heal()
        await asyncio.sleep(BACK)
        healed = time.monotonic()
        await asyncio.sleep(10)
        after = load.slow(healed, time.monotonic())
        stop.set()
        await pacing
        await everything_is_judged(system, load)
    return load, before, after


def test_twenty_seconds_after_the_database_was_away_for_ten_it_is_as_quick_as_before(system: Twofold) -> None:
    load, before, after = asyncio.run(cut_off(system))
    assert load.wrong == []
    assert after < 2 * before, f"the 99th percentile was {before:.3f} s and is {after:.3f} s"


async def replaced(system: Twofold) -> tuple[Clients, dict[str, float]]:
    load, stop, took = clients(system), asyncio.Event(), dict[str, float]()
    async with watched(system):
        rate = await load.full(3, at_once=8) * 0.3
        pacing = asyncio.create_task(load.pace(rate, stop))
        for suffix in ("", "-2"):
            for service in SERVICES:
                took[service + suffix] = await _stopped(system, service + suffix)
                await _ready(system)
        stop.set()
        await pacing
        await everything_is_judged(system, load)
    return load, took


async def _stopped(system: Twofold, replica: str) -> float:
    process, began = system.supervisor.children[replica].process, time.monotonic()
    process.send_signal(signal.SIGTERM)
    status = await asyncio.to_thread(process.wait, 30)
    assert status == 0, f"{replica} ended with status {status}"
    return time.monotonic() - began


async def _ready(system: Twofold) -> None:
    async with httpx.AsyncClient(timeout=3) as http, asyncio.timeout(60):
        for _, url in system.readiness():
            while not await _yes(http, url):  # noqa: ASYNC110 - other processes are waited for
                await asyncio.sleep(0.05)


async def _yes(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(url)).is_success
    except httpx.TransportError:
        return False


def test_replicas_are_replaced_one_by_one_under_load_and_no_client_sees_an_error(system: Twofold) -> None:
    load, took = asyncio.run(replaced(system))
    assert load.wrong == []
    assert len(load.accepted) > 100
    assert max(took.values()) < 10, took
