"""What is looked at while the system is pressed: the memory of each replica, and how far old data was read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import groupby, pairwise

import asyncpg
import psutil

from tests.torture.system import REPLICAS, Twofold


def memory(system: Twofold) -> dict[str, int]:
    """Resident bytes of each replica."""
    children = system.supervisor.children
    return {name: psutil.Process(children[name].process.pid).memory_info().rss for name in REPLICAS}


@asynccontextmanager
async def promises(system: Twofold) -> AsyncIterator[asyncpg.Connection]:
    """The projector's database."""
    sql = await asyncpg.connect(system.dsn("promises"))
    try:
        yield sql
    finally:
        await sql.close()


async def position(system: Twofold) -> int:
    """How far `promises` has read the activities."""
    async with promises(system) as sql:
        found: int = await sql.fetchval("SELECT coalesce(sum(next_offset), 0) FROM position WHERE topic = 'activities'")
    return found


class Watch:
    """Every two seconds the memory of each replica, and how far the activities were read."""

    def __init__(self, system: Twofold) -> None:
        self._system = system
        self.most = memory(system)
        self.read: list[int] = []

    async def run(self) -> None:
        while True:
            self.most = {name: max(size, self.most[name]) for name, size in memory(self._system).items()}
            self.read.append(await position(self._system))
            await asyncio.sleep(2)

    def stood_still(self) -> int:
        """For how many looks at most nothing moved, until the end was reached."""
        moving = [now > before for before, now in pairwise(self.read[: self.read.index(self.read[-1]) + 1])]
        return max((len(list(run)) for moved, run in groupby(moving) if not moved), default=0)
