"""Time as one more reason to be dirty: marks what is due and evaluates what is dirty."""

import asyncio
import logging
import time

from chassis.clock import Clock
from chassis.database import Database
from chassis.faults import TRANSIENT

from promises.application.evaluate import Evaluator
from promises.store import dirty

log = logging.getLogger(__name__)
POLL = 0.1
LONG, SHARE, LONGEST = 1.0, 1, 10.0


class Scheduler:
    """One loop a replica; replicas do not disturb each other, since evaluation locks the obligation."""

    def __init__(self, database: Database, clock: Clock, evaluator: Evaluator) -> None:
        self._database = database
        self._clock = clock
        self._evaluator = evaluator
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something was marked; look now."""
        self._woken.set()

    async def run(self) -> None:
        """Mark and evaluate until cancelled; faults that pass are waited out.

        A round that took long rests as long: while records stream in, judging a growing period again and again would
        cost more than taking them in.
        """
        while True:
            began = time.monotonic()
            try:
                await self.once()
            except TRANSIENT as fault:
                log.warning("evaluation interrupted", extra={"fault": f"{type(fault).__name__}: {fault}"})
            if (took := time.monotonic() - began) > LONG:
                await asyncio.sleep(min(SHARE * took, LONGEST))
            try:
                await asyncio.wait_for(self._woken.wait(), POLL)
            except TimeoutError:
                continue
            self._woken.clear()

    async def once(self) -> None:
        """Mark what is due at this moment and evaluate until nothing waits."""
        async with self._database.transaction() as work:
            await dirty.mark_due(work.sql, self._clock.now())
        await self._evaluator.drain()
