"""Letters set aside for their type are taken by the first start that knows it."""

import logging
from collections.abc import Collection

from aiokafka import TopicPartition

from chassis import dead_letters
from chassis.clock import Clock
from chassis.database import Database, UnitOfWork
from chassis.dead_letters import DeadLetter
from chassis.faults import TRANSIENT
from chassis.outbox import OversizedEventError
from chassis.records import Handler, Raw, Received, Types, understand

log = logging.getLogger(__name__)


async def replay(
    database: Database, clock: Clock, types: Types, handler: Handler, places: Collection[TopicPartition]
) -> bool:
    """Take the oldest such letter of these partitions, in one unit of work; False if there is none.

    What is refused once more keeps its letter, with the new reason.
    """
    async with database.transaction() as work:
        record = await dead_letters.claim(work.sql, places, types)
        if record is None:
            return False
        read = understand(record, types)
        letter = read if isinstance(read, DeadLetter) else await _handle(work, handler, read)
        if letter is not None:
            await dead_letters.keep(work.sql, [letter], clock.now())
        await dead_letters.resolve(work.sql, record, clock.now())
    place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    log.info("dead letter taken again", extra=place)
    return True


async def _handle(work: UnitOfWork, handler: Handler, received: Received) -> DeadLetter | None:
    try:
        async with work.sql.transaction():
            refused = await handler(work, [received])
    except TRANSIENT:
        raise
    except Exception as fault:
        work.messages.clear()
        log.exception("dead letter stays set aside", extra={"topic": received.record.topic})
        return unprocessable(received.record, fault)
    return refused[0] if refused else None


def unprocessable(record: Raw, fault: Exception) -> DeadLetter:
    """The letter of a record that the handler fails on; what would make too large an event has HTTP's word for it."""
    if isinstance(fault, OversizedEventError):
        return DeadLetter(record, "too_large", f"{fault}; send less at a time")
    return DeadLetter(record, "unprocessable", f"{type(fault).__name__}: {fault}")
