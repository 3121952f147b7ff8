"""What is broken, for how long; each is undone by `mend`, so that the round can heal."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from local.demo import set_clock

from tests.torture.system import REPLICAS, Twofold

Fault = Callable[[Twofold, random.Random], Awaitable[str]]
SERVICES = ("activities", "promises", "notifications")


async def kill_replica(system: Twofold, dice: random.Random) -> str:
    name = dice.choice(REPLICAS)
    system.kill(name)
    return f"kill {name}"


async def kill_both(system: Twofold, dice: random.Random) -> str:
    name = dice.choice(SERVICES)
    system.kill(name)
    system.kill(f"{name}-2")
    return f"kill both {name}"


async def kill_postgres(system: Twofold, _: random.Random) -> str:
    system.kill("postgres")
    return "kill postgres"


async def kill_kafka(system: Twofold, _: random.Random) -> str:
    system.kill("kafka")
    return "kill kafka"


async def kill_all(system: Twofold, _: random.Random) -> str:
    for name in (*REPLICAS, "kafka", "postgres"):
        system.kill(name)
    return "kill all"


async def freeze(system: Twofold, dice: random.Random) -> str:
    name, seconds = dice.choice(REPLICAS), dice.uniform(1, 8)
    system.signal(name, signal.SIGSTOP)
    await asyncio.sleep(seconds)
    system.signal(name, signal.SIGCONT)
    return f"freeze {name} {seconds:.1f} s"


async def cut(system: Twofold, dice: random.Random) -> str:
    name, seconds = dice.choice(list(system.far)), dice.uniform(0.5, 4)
    system.proxy.sever(name)
    await asyncio.sleep(seconds)
    return f"cut {name} {seconds:.1f} s"


async def stall(system: Twofold, dice: random.Random) -> str:
    """Half of the time the link is found dead afterwards, and what it swallowed is lost."""
    name, way, seconds = dice.choice(list(system.far)), dice.choice(["up", "down"]), dice.uniform(1, 6)
    system.proxy.stall(name, way)
    await asyncio.sleep(seconds)
    if dead := dice.random() < 0.5:
        system.proxy.reset(name)
    return f"stall {name} {way} {seconds:.1f} s{', then dead' if dead else ''}"


async def reset(system: Twofold, dice: random.Random) -> str:
    name, times = dice.choice(list(system.far)), dice.randint(1, 5)
    for _ in range(times):
        system.proxy.reset(name)
        await asyncio.sleep(dice.uniform(0.1, 0.6))
    return f"reset {name} {times} times"


async def slow(system: Twofold, dice: random.Random) -> str:
    name, delay = dice.choice(list(system.far)), dice.uniform(0.02, 0.15)
    system.proxy.slow(name, delay)
    await asyncio.sleep(dice.uniform(1, 4))
    return f"slow {name} by {delay * 1000:.0f} ms"


async def no_connections(system: Twofold, dice: random.Random) -> str:
    seconds = dice.uniform(1, 3)
    await system.fill_connections(seconds)
    return f"connections exhausted {seconds:.1f} s"


async def clock_back(system: Twofold, dice: random.Random) -> str:
    """A clock that was wrong is set right; the round sets it forward again."""
    hours = dice.uniform(0.1, 48)
    set_clock(system.clock, datetime.fromisoformat(system.clock.read_text(encoding="ascii")) - timedelta(hours=hours))
    await asyncio.sleep(dice.uniform(1, 3))
    return f"clock set back {hours:.1f} h"


FAULTS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        kill_replica,
        kill_both,
        kill_postgres,
        kill_kafka,
        kill_all,
        freeze,
        cut,
        stall,
        reset,
        slow,
        no_connections,
        clock_back,
    )
}


def mend(system: Twofold) -> None:
    """Links whole, nothing frozen; what was killed is started again by whoever watches."""
    system.proxy.heal()
    for name in REPLICAS:
        system.signal(name, signal.SIGCONT)
