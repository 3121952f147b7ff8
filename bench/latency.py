"""From accepted to readable: how long after the answer 201 the standing, read over HTTP, counts the activity."""

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import date
from statistics import quantiles

import asyncpg
from local.system import System

from bench import made_up
from bench.checks import WrongError, check_standings
from bench.client import Connection, connect, pace, press
from bench.doors import Sender, check_activities, quiet
from bench.plan import Plan, Say
from bench.servers import settings_of

LANES = 2
PAUSE, GLANCE = 0.02, 0.005
PATIENCE = 10.0
DAY = date(2026, 6, 1)
ASKED = tuple(kind for kind in made_up.KINDS if not kind.confirmed_by and kind.period in {"tertial", "year"})


@dataclass(frozen=True, slots=True)
class Latency:
    """In milliseconds, at `rate` activities a second over HTTP; `full` is what the whole system could take."""

    full: float
    rate: float
    probes: int
    p50: float
    p99: float


def measure(system: System, sender: Sender, plan: Plan, say: Say) -> Latency:
    """Find the full load with every service running, then watch at half of it."""
    found = asyncio.run(_measure(system, sender, plan, say))
    asyncio.run(check_activities(system, sender))
    asyncio.run(_check_standings(system, sender))
    return found


async def _measure(system: System, sender: Sender, plan: Plan, say: Say) -> Latency:
    door = system.ports["activities"][0]
    full = (await press(door, sender.one, plan.seconds)).rate
    say(f"the whole system takes {full:.0f}/s one at a time")
    await quiet(system, plan, say)
    load = asyncio.create_task(pace(door, sender.one, full / 2, plan.watched))
    await asyncio.sleep(1)
    watched = await asyncio.gather(*(_lane(lane, system, sender, load) for lane in range(LANES)))
    found = sorted(each for lane in watched for each in lane)
    await quiet(system, plan, say)
    cuts = quantiles(found, n=100, method="inclusive")
    say(f"{len(found)} activities watched at {full / 2:.0f}/s: p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms")
    return Latency(full, (await load).rate, len(found), cuts[49], cuts[98])


async def _lane(lane: int, system: System, sender: Sender, load: asyncio.Task[object]) -> list[float]:
    """Report, read until it counts, pause, again: each time in a municipality that only this lane reports to."""
    door, reads = await connect(system.ports["activities"][0]), await connect(system.ports["promises"][0])
    codes = made_up.watched_codes(lane)
    found: list[float] = []
    while not load.done():
        kind = ASKED[len(found) % len(ASKED)]
        found.append(await _probe((door, reads), sender, codes[len(found) // len(ASKED) % len(codes)], kind))
        await asyncio.sleep(PAUSE)
    await door.close()
    await reads.close()
    return found


async def _probe(doors: tuple[Connection, Connection], sender: Sender, code: str, kind: made_up.Kind) -> float:
    door, reads = doors
    status, body = await door.ask(sender.at(code, kind, DAY))
    began = time.perf_counter()
    if status != 201:  # noqa: PLR2004
        raise WrongError(f"a watched activity was answered {status}: {body[:500]!r}")
    period = made_up.period_of(kind, DAY)
    wanted = sender.expected[code, kind.obligation, period]
    while await _counted(reads, sender, (code, kind), period) < wanted:
        await asyncio.sleep(GLANCE)
        if time.perf_counter() - began > PATIENCE:
            raise WrongError(
                f"{code}/{kind.obligation} does not count an activity {PATIENCE:.0f} s after its acceptance"
            )
    return (time.perf_counter() - began) * 1000


async def _counted(reads: Connection, sender: Sender, about: tuple[str, made_up.Kind], period: str) -> int:
    status, body = await reads.ask(sender.question(*about))
    if status != 200:  # noqa: PLR2004
        raise WrongError(f"a standing was answered {status}: {body[:500]!r}")
    return sum(each["counted"] for each in json.loads(body)["standings"] if each["period"] == period)


async def _check_standings(system: System, sender: Sender) -> None:
    sql = await asyncpg.connect(settings_of(system.environment("promises")).dsn())
    await check_standings(sql, sender.expected)
    await sql.close()
