"""`recover`: after a restore the database takes back what its service said, and reads again what it must."""

import argparse
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer

from chassis import dead_letters, positions, relay, repairs
from chassis.clock import Clock, clock_of
from chassis.commands.service import Opened, Service, Words, add_hand, opened
from chassis.database import Database
from chassis.differences import REMEDIES, Difference, differences, places, told
from chassis.kafka import reader
from chassis.past import Past
from chassis.records import Received, understand
from chassis.repairs import Deed
from chassis.settings import Settings
from chassis.spans import records
from chassis.taking import Taker


def add(words: Words) -> None:
    """Add the command."""
    about = "after a restore: take back what the topics hold of this service, read again what it reads"
    parser = words.add_parser("recover", help=about, description=about)
    add_hand(parser)
    parser.set_defaults(run=_recover)


async def _recover(args: argparse.Namespace, service: Service, settings: Settings) -> None:
    past, clock = service.past(settings), clock_of(settings.clock_file)
    async with opened(service, settings) as doors:
        found = await differences(settings, doors.database, past)
        print("\n".join(told(found, service.name)) or "the database and the topics agree: nothing to recover")
        if args.dry_run or not any(REMEDIES[each.kind] == "recover" for each in found):
            return
        said = "; ".join(await recover(service, settings, doors, past=past, clock=clock, found=found))
        async with doors.database.transaction() as work:
            await repairs.note(work.sql, Deed(args.by, "recover", service.name), said)
        print(f"recovered: {said}")


async def recover(
    service: Service, settings: Settings, doors: Opened, *, past: Past, clock: Clock, found: Sequence[Difference]
) -> list[str]:
    """Mend these differences, of those that recovering mends; answers sentences for the operator."""
    moved = [each for each in found if each.kind in {"input_lost", "records_gone"}]
    await _read_again(doors.database, moved)
    behind = any(each.kind == "restored_behind" for each in found)
    back = await _take_back(service, settings, doors, past, clock) if behind else []
    return [f"{len(moved)} position(s) moved", *back]


async def _read_again(database: Database, lost: Sequence[Difference]) -> None:
    """Read these partitions from their beginning; what is known already changes nothing.

    Letters of a topic that is no more give their offset free: the number below zero is their own.
    """
    async with database.transaction() as work:
        for each in lost:
            await positions.reset(work.sql, each.place, each.begin)
        recreated = [each.place for each in lost if each.kind == "input_lost"]
        await dead_letters.let_go(work.sql, recreated)


async def _take_back(service: Service, settings: Settings, doors: Opened, past: Past, clock: Clock) -> list[str]:
    consumer = reader(settings)
    await consumer.start()
    try:
        if past.inputs_first:
            await _read_inputs(service, doors, clock, consumer)
        ends = await _read_outputs(settings, doors.database, past, consumer)
        if not past.inputs_first:
            await _read_inputs(service, doors, clock, consumer)
    finally:
        await consumer.stop()
    async with doors.database.transaction() as work:
        said = await past.conclude(work, clock.now())
        await relay.remember(work.sql, ends)
    return [f"{sum(offset + 1 for offset, _ in ends.values())} record(s) of its own compared", *said]


async def _read_inputs(service: Service, doors: Opened, clock: Clock, consumer: AIOKafkaConsumer) -> None:
    """Take what the service reads up to its end, so that nothing is judged or told on half of what happened."""
    there, ends = await positions.read(doors.database.pool), await doors.watermarks.ends(service.reads)
    takers = [
        (each, Taker(doors.database, clock, each.types, each.handler, lambda _: None))
        for each in service.subscriptions(doors.database, clock, doors.watermarks)
    ]
    spans = {place: (there.get(place, 0), end) for place, end in ends.items()}
    async for batch in records(consumer, spans):
        for subscription, taker in takers:
            if subscription.reads(batch[0].topic):
                await taker.take(batch)


async def _read_outputs(
    settings: Settings, database: Database, past: Past, consumer: AIOKafkaConsumer
) -> dict[tuple[str, int], tuple[int, str]]:
    """Take back everything; answers the last record of each partition, which is what the relay said last."""
    own = await places(settings, past.topics)
    begins, ends = await consumer.beginning_offsets(own), await consumer.end_offsets(own)
    last: dict[tuple[str, int], tuple[int, str]] = {}
    async for batch in records(consumer, {place: (begins[place], ends[place]) for place in own}):
        said = [read for record in batch if isinstance(read := understand(record, past.types), Received)]
        async with database.transaction() as work:
            await past.take_back(work, said)
        last |= {(item.record.topic, item.record.partition): (item.record.offset, item.envelope.id) for item in said}
    return last
