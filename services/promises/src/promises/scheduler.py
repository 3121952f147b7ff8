"""Time as one more reason to be dirty: marks what is due, evaluates what is dirty, collects frozen reports."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from chassis.bell import Bell
from chassis.clock import Clock
from chassis.database import Database
from chassis.faults import TRANSIENT

from promises.application.evaluate import Evaluator
from promises.application.freeze import Freezer
from promises.store import dirty

log = logging.getLogger(__name__)
POLL = 0.1
MANY, STALE = 1000, 1.0
LONGEST, SLICE = 5.0, 0.5


class Scheduler:
    """Two loops a replica; replicas do not disturb each other, since evaluation locks the obligation."""

    def __init__(self, database: Database, clock: Clock, evaluator: Evaluator, freezer: Freezer) -> None:
        self._database = database
        self._clock = clock
        self._evaluator = evaluator
        self._freezer = freezer
        self._bells = Bell(), Bell()
        self._behind, self._told_at = 0, -STALE
        self._ends = 0.0

    def wake(self, behind: int) -> None:
        """Something was marked, and so many records are still to come; look now."""
        self._behind, self._told_at = behind, time.monotonic()
        self.look()

    def look(self) -> None:
        """Something may be due; look now."""
        for bell in self._bells:
            bell.ring()

    async def run(self) -> None:
        """Mark and evaluate until cancelled; faults that pass are waited out.

        While records stream in, judging a growing period again and again would cost more than taking them in: then
        it is done for half a second every five, so that what is old keeps moving.
        """
        async with asyncio.TaskGroup() as group:
            group.create_task(self._loop(self._bells[0], self._all))
            group.create_task(self._loop(self._bells[1], self._light))

    async def once(self) -> int:
        """Mark what is due at this moment, evaluate until nothing waits, collect; answer how many were evaluated."""
        await self._mark()
        count = await self._evaluator.oldest()
        await self._freezer.collect()
        return count

    async def _loop(self, bell: Bell, turn: Callable[[], Awaitable[int]]) -> None:
        ended = time.monotonic()
        while True:
            await bell.wait(POLL)
            if self._streams() and time.monotonic() - ended < LONGEST:
                continue
            self._ends = time.monotonic() + SLICE
            try:
                await turn()
            except TRANSIENT as fault:
                log.warning("evaluation interrupted", extra={"fault": f"{type(fault).__name__}: {fault}"})
            ended = time.monotonic()

    async def _all(self) -> int:
        await self._mark()
        count = await self._evaluator.oldest(self._rest)
        await self._freezer.collect()
        return count

    async def _light(self) -> int:
        return await self._evaluator.lightest(self._go_on)

    async def _mark(self) -> None:
        async with self._database.transaction() as work:
            await dirty.mark_due(work.sql, self._clock.now())

    async def _rest(self, took: float) -> bool:
        """While reports come, as much rest follows as work: reading, taking in and what costs little come first."""
        if time.monotonic() - self._told_at < STALE:
            await asyncio.sleep(took)
        return await self._go_on(took)

    async def _go_on(self, _: float) -> bool:
        return not self._streams() or time.monotonic() < self._ends

    def _streams(self) -> bool:
        return self._behind > MANY and time.monotonic() - self._told_at < STALE
