"""`republish`: everything the topics must hold is said once more, in order, after they were recreated or cut off."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from chassis import kafka, outbox, relay, repairs
from chassis.commands.service import Service, Words, add_hand, opened
from chassis.database import Database
from chassis.past import Past, Say
from chassis.relay import Relay
from chassis.repairs import Deed
from chassis.settings import Settings

BATCH = 500
PAUSE = 0.02


def add(words: Words) -> None:
    """Add the command."""
    about = "say once more what the service's topics must hold, each thing's revisions in order"
    parser = words.add_parser("republish", help=about, description=about)
    add_hand(parser)
    parser.set_defaults(run=_republish)


async def _republish(args: argparse.Namespace, service: Service, settings: Settings) -> None:
    past = service.past(settings)
    async with opened(service, settings) as (database, _):
        if args.dry_run:
            count = sum([len(batch) async for batch in _batches(database, past)])
            print(f"{count} event(s) would be published to {', '.join(past.topics)}")
            return
        count = await republish(settings, database, past, Deed(args.by, "republish", service.name))
    print(f"{count} event(s) published to {', '.join(past.topics)}")


async def republish(settings: Settings, database: Database, past: Past, deed: Deed) -> int:
    """Say everything once more and see it acknowledged; answers how many events it was."""
    number, count = await _begin(database, past, deed), 0
    async with _relaying(database, settings):
        async for batch in _batches(database, past):
            async with database.transaction() as work:
                for say in batch:
                    say(work)
            count += len(batch)
            await _drained(database, BATCH)
        await _drained(database, 0)
    async with database.transaction() as work:
        await repairs.end(work.sql, number, f"{count} event(s) published")
    return count


async def _begin(database: Database, past: Past, deed: Deed) -> int:
    """Note the work before anything is said, so that one that is cut short is seen.

    What waits in the outbox is among what follows, in its place: sent first it would come before its earlier revisions.
    """
    async with database.transaction() as work:
        await repairs.close(work.sql, deed.action)
        number = await repairs.begin(work.sql, deed)
        await relay.forget(work.sql, past.topics)
        await outbox.drop(work.sql, list(past.types))
    return number


@asynccontextmanager
async def _relaying(database: Database, settings: Settings) -> AsyncIterator[None]:
    """A relay of our own while the block runs; where the service runs, its relay may carry the events instead."""
    ours = Relay(database, lambda: kafka.producer(settings))
    database.published = ours.wake
    task = asyncio.create_task(ours.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _drained(database: Database, most: int) -> None:
    while True:
        async with database.pool.acquire() as sql:
            if await outbox.depth(sql) <= most:
                return
        await asyncio.sleep(PAUSE)


async def _batches(database: Database, past: Past) -> AsyncIterator[Sequence[Say]]:
    """What is to be said, from one view of the database that stays open however long Kafka takes."""
    async with database.pool.acquire() as sql, sql.transaction(isolation="repeatable_read", readonly=True):
        await sql.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        batch: list[Say] = []
        async for say in past.facts(sql):
            batch.append(say)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch
