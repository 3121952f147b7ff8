"""Time as one more reason to be dirty: marks what is due and evaluates what is dirty."""

import asyncio
import logging
import time

from chassis.bell import Bell
from chassis.clock import Clock
from chassis.database import Database
from chassis.faults import TRANSIENT

from promises.application.evaluate import Evaluator
from promises.store import dirty

log = logging.getLogger(__name__)
POLL = 0.1
LONG, LONGEST = 0.25, 10.0


class Scheduler:
    """One loop a replica; replicas do not disturb each other, since evaluation locks the obligation."""

    def __init__(self, database: Database, clock: Clock, evaluator: Evaluator) -> None:
        self._database = database
        self._clock = clock
        self._evaluator = evaluator
        self._bell = Bell()

    def wake(self) -> None:
        """Something was marked; look now."""
        self._bell.ring()

    async def run(self) -> None:
        """Mark and evaluate until cancelled; faults that pass are waited out.

        Where a single evaluation takes long, as much rest follows: while records stream in, judging a growing period
        again and again would cost more than taking them in.
        """
        while True:
            began, count = time.monotonic(), 0
            try:
                count = await self.once()
            except TRANSIENT as fault:
                log.warning("evaluation interrupted", extra={"fault": f"{type(fault).__name__}: {fault}"})
            took = time.monotonic() - began
            if took > LONG * max(count, 1):
                await asyncio.sleep(min(took, LONGEST))
            await self._bell.wait(POLL)

    async def once(self) -> int:
        """Mark what is due at this moment and evaluate until nothing waits; answer how many evaluations it took."""
        async with self._database.transaction() as work:
            await dirty.mark_due(work.sql, self._clock.now())
        return await self._evaluator.drain()
