"""Time as one more reason to be dirty: marks what is due and evaluates what is dirty."""

import logging
import time
from collections.abc import Callable

from chassis.bell import Bell
from chassis.clock import Clock
from chassis.database import Database
from chassis.faults import TRANSIENT

from promises.application.evaluate import Evaluator
from promises.store import dirty

log = logging.getLogger(__name__)
POLL = 0.1
MANY, STALE = 1000, 1.0
LONGEST, SLICE = 5.0, 0.5


class Scheduler:
    """One loop a replica; replicas do not disturb each other, since evaluation locks the obligation."""

    def __init__(self, database: Database, clock: Clock, evaluator: Evaluator) -> None:
        self._database = database
        self._clock = clock
        self._evaluator = evaluator
        self._bell = Bell()
        self._behind, self._told_at = 0, 0.0

    def wake(self, behind: int) -> None:
        """Something was marked, and so many records are still to come; look now."""
        self._behind, self._told_at = behind, time.monotonic()
        self._bell.ring()

    async def run(self) -> None:
        """Mark and evaluate until cancelled; faults that pass are waited out.

        While records stream in, judging a growing period again and again would cost more than taking them in: then
        it is done for half a second every five, so that what is old keeps moving.
        """
        ended = time.monotonic()
        while True:
            await self._bell.wait(POLL)
            if self._streams() and time.monotonic() - ended < LONGEST:
                continue
            until = time.monotonic() + SLICE
            try:
                await self.once(lambda: self._streams() and time.monotonic() > until)  # noqa: B023 - used at once
            except TRANSIENT as fault:
                log.warning("evaluation interrupted", extra={"fault": f"{type(fault).__name__}: {fault}"})
            ended = time.monotonic()

    def _streams(self) -> bool:
        return self._behind > MANY and time.monotonic() - self._told_at < STALE

    async def once(self, enough: Callable[[], bool] = lambda: False) -> int:
        """Mark what is due at this moment and evaluate until nothing waits or it is enough; answer how many."""
        async with self._database.transaction() as work:
            await dirty.mark_due(work.sql, self._clock.now())
        return await self._evaluator.drain(enough)
