"""Puts the service together and runs it."""

from datetime import datetime, timedelta
from functools import partial

from chassis.clock import clock_of, follow
from chassis.database import Database, connect
from chassis.differences import check
from chassis.figures import measure
from chassis.health import answering, internal_app
from chassis.lease import Lease
from chassis.metrics import OLDEST
from chassis.relay import Relay
from chassis.sources import SourceError
from chassis.watchdog import Watchdog
from chassis.watermarks import Watermarks
from contracts.topics import DEADLINES

from chassis import consuming, kafka, outbox, service
from notifications.api import add_mails
from notifications.application.digests import Digests
from notifications.application.past import Past
from notifications.application.sending import Sender
from notifications.recipients import Recipients
from notifications.scheduler import Scheduler
from notifications.settings import Settings
from notifications.smtp import Server
from notifications.store import mails, reminders
from notifications.subscribers import SUBSCRIPTIONS

NAME = "notifications"
READS = DEADLINES.name
LEASE = timedelta(seconds=5)


async def serve(settings: Settings) -> None:
    """Run until told to stop.

    Raises:
        SystemExit: the recipients file is wrong.
    """
    recipients = _recipients(settings)
    clock = clock_of(settings.clock_file)
    database = await connect(settings, NAME)
    await check(settings, database, NAME, Past(recipients.book, settings.mail_from))
    watermarks = Watermarks(settings)
    relay = Relay(database, lambda: kafka.producer(settings))
    database.published = relay.wake
    lease = Lease("sender", lasts=LEASE)
    digests = Digests(database, recipients.book, settings.mail_from, settings.quiet_time)
    sender = Sender(database, clock, lease, server=Server(settings), book=recipients.book, settings=settings)
    scheduler = Scheduler(database, clock, lease, digests, sender)
    broker = consuming.new_broker(settings, NAME)

    def committed(_: int) -> None:
        scheduler.wake()

    for each in SUBSCRIPTIONS:
        consuming.subscribe(broker, settings, each, database=database, clock=clock, committed=committed)

    async def pending() -> dict[str, int]:
        return await _pending(database, watermarks, clock.now())

    async def next_at() -> datetime | None:
        async with database.pool.acquire() as sql:
            return await reminders.next_look(sql, clock.now())

    watchdog = Watchdog(database, watermarks, READS)

    async def figures() -> None:
        await measure(database, watchdog, settings.backup_stamp)
        async with database.pool.acquire() as sql:
            OLDEST.labels("mails").set(await mails.oldest_waiting(sql, clock.now()))

    checks = answering(database, watermarks, READS) | {"progress": watchdog.check}
    inside = internal_app(NAME, clock, pending, checks, next_at, figures=figures)
    add_mails(inside, database)
    try:
        server = service.server(inside, settings.host, settings.internal_port)
        loops: list[service.Loop] = [scheduler.run, relay.run, watchdog.run, partial(follow, clock, scheduler.wake)]
        await service.run([server], broker, loops, settings.drain_seconds)
    finally:
        await watermarks.close()
        await database.close()


def past(settings: Settings) -> Past:
    """What the service said.

    Raises:
        SystemExit: the recipients file is wrong.
    """
    return Past(_recipients(settings).book, settings.mail_from)


def _recipients(settings: Settings) -> Recipients:
    try:
        return Recipients(settings.recipients_file)
    except SourceError as error:
        raise SystemExit(f"LOFTESKOLLEN_RECIPIENTS_FILE is refused:\n{error}") from None


async def _pending(database: Database, watermarks: Watermarks, now: datetime) -> dict[str, int]:
    """Upstream first: a record counts until it is a reminder, a reminder until it is in a mail, a mail until it went.

    A reminder that has no address waits for an operator and is no pending work; a metric shows it.
    """
    behind = await watermarks.behind(database, READS)
    async with database.pool.acquire() as sql:
        return {
            "records_behind": behind,
            "digests_due": await reminders.due(sql, now),
            "mails": await mails.waiting(sql),
            "outbox": await outbox.depth(sql),
        }
