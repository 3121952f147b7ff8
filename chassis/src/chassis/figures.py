"""Measures at each scrape what every service has: the age of what waits, and what was set aside."""

import time
from pathlib import Path

from chassis import dead_letters, outbox
from chassis.database import Database
from chassis.metrics import BACKUP_AGE, DEAD_LETTERS_WAITING, OLDEST
from chassis.watchdog import Watchdog


async def measure(database: Database, watchdog: Watchdog, stamp: Path | None) -> None:
    """Ask the database; how long records wait is what the watchdog saw last; `stamp` is touched by a good backup."""
    if stamp is not None:
        BACKUP_AGE.labels(stamp.name).set(_age(stamp))
    OLDEST.labels("records_behind").set(watchdog.longest())
    async with database.pool.acquire() as sql:
        OLDEST.labels("outbox").set((await outbox.figures(sql))["oldest_seconds"] or 0.0)
        counts = await dead_letters.counts(sql)
    DEAD_LETTERS_WAITING.clear()
    for reason, count in counts.items():
        DEAD_LETTERS_WAITING.labels(reason).set(count)


def _age(stamp: Path) -> float:
    """Seconds; a stamp that was never written is as old as can be."""
    return max(0.0, time.time() - (stamp.stat().st_mtime if stamp.exists() else 0.0))
