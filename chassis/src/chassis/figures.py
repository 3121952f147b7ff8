"""Measures at each scrape what every service has: the age of what waits, and what was set aside."""

from chassis import dead_letters, outbox
from chassis.database import Database
from chassis.metrics import DEAD_LETTERS_WAITING, OLDEST
from chassis.watchdog import Watchdog


async def measure(database: Database, watchdog: Watchdog) -> None:
    """Ask the database; how long records wait is what the watchdog saw last."""
    OLDEST.labels("records_behind").set(watchdog.longest())
    async with database.pool.acquire() as sql:
        OLDEST.labels("outbox").set((await outbox.figures(sql))["oldest_seconds"] or 0.0)
        counts = await dead_letters.counts(sql)
    DEAD_LETTERS_WAITING.clear()
    for reason, count in counts.items():
        DEAD_LETTERS_WAITING.labels(reason).set(count)
