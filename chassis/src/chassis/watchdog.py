"""Sees whether what a service reads moves on; a consumer that is stuck for good is cured by a new process."""

import asyncio
import logging
import time
from collections.abc import Callable

from aiokafka import TopicPartition

from chassis import positions
from chassis.database import Database
from chassis.faults import TRANSIENT
from chassis.watermarks import Watermarks

log = logging.getLogger(__name__)
LOOK = 2.0
DOUBTFUL, STUCK = 20.0, 60.0


class StuckError(RuntimeError):
    """Records wait, servers answer, and nothing is taken; only a new start helps."""


class Watchdog:
    """Watches the positions of every replica together: whoever reads a partition, it must move while it is behind.

    `reads` is a pattern of topics; times are seconds of real time.
    """

    def __init__(
        self, database: Database, watermarks: Watermarks, reads: str, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._database, self._watermarks, self._reads, self._now = database, watermarks, reads, now
        self._seen: dict[TopicPartition, tuple[int, float]] = {}

    async def look(self) -> None:
        """Note what moved since the last look; positions are read first, since ends only grow.

        Raises:
            StuckError: a topic ends before what was read of it, or nothing of a partition was taken for a minute.
        """
        there, ends = await positions.read(self._database.pool), await self._watermarks.ends(self._reads)
        now = self._now()
        for place, end in ends.items():
            position = there.get(place, 0)
            if position > end:
                raise StuckError(
                    f"{place.topic}[{place.partition}] was cut off: it ends at {end}, read was up to {position}"
                )
            if position == end or self._seen.get(place, (-1, now))[0] != position:
                self._seen[place] = position, now
        if (longest := self.longest()) > STUCK:
            raise StuckError(f"records wait and nothing was taken for {longest:.0f} s")

    async def check(self) -> None:
        """Not ready while records wait and none was taken for 20 seconds.

        Raises:
            StuckError: with how long.
        """
        if (longest := self.longest()) > DOUBTFUL:
            raise StuckError(f"records wait and nothing was taken for {longest:.0f} s")

    async def run(self) -> None:
        """Look for ever; time in which Kafka or the database does not answer does not count.

        Raises:
            StuckError: the process should end and be started again.
        """
        while True:
            try:
                await self.look()
            except TRANSIENT as fault:
                log.warning("progress unknown", extra={"fault": f"{type(fault).__name__}: {fault}"})
                self._seen.clear()
            await asyncio.sleep(LOOK)

    def longest(self) -> float:
        """For how many seconds records have waited in a partition of which nothing was taken; 0 where none wait."""
        return max((self._now() - since for _, since in self._seen.values()), default=0.0)
