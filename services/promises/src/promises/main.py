"""Puts the projector together and runs it."""

from datetime import datetime
from functools import partial

from chassis.auth import has_keys
from chassis.clock import clock_of, follow
from chassis.database import Database, connect
from chassis.differences import check
from chassis.figures import measure
from chassis.health import answering, internal_app
from chassis.metrics import PART_UP
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.watchdog import Watchdog
from chassis.watermarks import Watermarks
from contracts.topics import ACTIVITIES

from chassis import consuming, kafka, outbox, service
from promises import metrics
from promises.api import public_app
from promises.application.evaluate import Evaluator
from promises.application.exposed import Figures
from promises.application.freeze import Freezer
from promises.application.recovery import Past
from promises.domain.calendar import local_day
from promises.scheduler import Scheduler
from promises.store import dirty, frozen, standings
from promises.subscribers import SUBSCRIPTIONS

NAME = "promises"
READS = ACTIVITIES.name


async def serve(settings: Settings) -> None:
    """Run until told to stop."""
    clock = clock_of(settings.clock_file)
    database = await connect(settings, NAME)
    await check(settings, database, NAME, Past())
    watermarks = Watermarks(settings)
    relay = Relay(database, lambda: kafka.producer(settings))
    database.published = relay.wake
    scheduler = Scheduler(database, clock, Evaluator(database, clock), Freezer(database, clock))
    broker = consuming.new_broker(settings, NAME)
    for each in SUBSCRIPTIONS:
        consuming.subscribe(broker, settings, each, database=database, clock=clock, committed=scheduler.wake)

    async def pending() -> dict[str, int]:
        return await _pending(database, watermarks, clock.now())

    async def next_at() -> datetime | None:
        async with database.pool.acquire() as sql:
            return await standings.next_wake(sql)

    watchdog = Watchdog(database, watermarks, READS)
    exposed = Figures(database, clock)

    async def figures() -> None:
        PART_UP.labels("keys").set(has_keys(settings))
        await measure(database, watchdog, settings.backup_stamp)
        await exposed.measure()

    checks = answering(database, watermarks, READS) | {"progress": watchdog.check}
    doors = [
        service.server(public_app(settings, database, clock), settings.host, settings.port),
        service.server(
            internal_app(NAME, clock, pending, checks, next_at, figures=figures, exposed=metrics.exposed),
            settings.host,
            settings.internal_port,
        ),
    ]
    try:
        loops: list[service.Loop] = [scheduler.run, relay.run, watchdog.run, partial(follow, clock, scheduler.look)]
        await service.run(doors, broker, loops, settings.drain_seconds)
    finally:
        await watermarks.close()
        await database.close()


async def _pending(database: Database, watermarks: Watermarks, now: datetime) -> dict[str, int]:
    """Upstream first: a record until it is evidence, evidence until it is judged, a word until it is said."""
    behind = await watermarks.behind(database, READS)
    async with database.pool.acquire() as sql:
        return {
            "records_behind": behind,
            "wake_due": await standings.due(sql, now),
            "dirty": await dirty.depth(sql),
            "frozen_due": await frozen.depth(sql, local_day(now)),
            "outbox": await outbox.depth(sql),
        }
