"""Puts the service together and runs it."""

from datetime import datetime

from chassis.auth import has_keys
from chassis.clock import clock_of
from chassis.database import Database, connect
from chassis.differences import check
from chassis.figures import measure
from chassis.health import answering, internal_app
from chassis.metrics import PART_UP
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.watchdog import Watchdog
from chassis.watermarks import Watermarks
from contracts.topics import PROMISES

from activities import subscribers
from activities.api import public_app
from activities.application.doors import Doors
from activities.application.expiry import expire_for_ever
from activities.application.past import Past
from chassis import consuming, kafka, outbox, service

NAME = "activities"
READS = rf"ingress\..+|{PROMISES.name}"


async def serve(settings: Settings) -> None:
    """Run until told to stop."""
    clock = clock_of(settings.clock_file)
    database = await connect(settings, NAME)
    await check(settings, database, NAME, Past())
    watermarks = Watermarks(settings)
    relay = Relay(database, lambda: kafka.producer(settings))
    database.published = relay.wake
    doors = Doors(database, clock, watermarks)
    broker = consuming.new_broker(settings, NAME)
    for each in subscribers.subscriptions(doors):
        consuming.subscribe(broker, settings, each, database=database, clock=clock)

    async def pending() -> dict[str, int]:
        return await _pending(database, watermarks)

    watchdog = Watchdog(database, watermarks, READS)

    async def figures() -> None:
        PART_UP.labels("keys").set(has_keys(settings))
        await measure(database, watchdog, settings.backup_stamp)

    checks = answering(database, watermarks, READS) | {"progress": watchdog.check}
    servers = [
        service.server(public_app(settings, database, doors), settings.host, settings.port),
        service.server(
            internal_app(NAME, clock, pending, checks, _never, figures=figures), settings.host, settings.internal_port
        ),
    ]
    try:
        loops: list[service.Loop] = [relay.run, watchdog.run, lambda: expire_for_ever(database, clock)]
        await service.run(servers, broker, loops, settings.drain_seconds)
    finally:
        await watermarks.close()
        await database.close()


async def _pending(database: Database, watermarks: Watermarks) -> dict[str, int]:
    behind = await watermarks.behind(database, READS)
    async with database.pool.acquire() as sql:
        return {"records_behind": behind, "outbox": await outbox.depth(sql)}


async def _never() -> datetime | None:
    """Time alone makes no work here."""
    return None
