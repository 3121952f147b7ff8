"""Letters are taken again: those set aside for their type by the first start that knows it, others by command."""

import logging
from collections.abc import Collection
from datetime import datetime
from time import time_ns

from aiokafka import TopicPartition
from contracts.envelope import trace_of

from chassis import dead_letters, positions, tracing
from chassis.clock import Clock
from chassis.database import Database, UnitOfWork
from chassis.dead_letters import DeadLetter, Kept
from chassis.faults import TRANSIENT
from chassis.outbox import OversizedEventError
from chassis.records import Handler, Raw, Received, Types, understand

log = logging.getLogger(__name__)


async def replay(
    database: Database, clock: Clock, types: Types, handler: Handler, places: Collection[TopicPartition]
) -> bool:
    """Take the oldest such letter of these partitions, in one unit of work; False if there is none."""
    began = time_ns()
    async with database.transaction() as work:
        kept = await dead_letters.claim(work.sql, places, types)
        if kept is None:
            return False
        await take_again(work, kept, types, handler, clock.now())
    traces = list(filter(None, [trace_of(kept.record.headers)]))
    tracing.shared(log, "dead letter taken again", traces, began, topic=kept.record.topic, letter=kept.id)
    return True


async def take_again(work: UnitOfWork, kept: Kept, types: Types, handler: Handler, now: datetime) -> DeadLetter | None:
    """Take a locked letter's record, between two batches of its partition.

    What is refused once more keeps its letter, with the new reason, which is answered.
    """
    await positions.lock(work.sql, [TopicPartition(kept.record.topic, kept.record.partition)])
    read = understand(kept.record, types)
    letter = read if isinstance(read, DeadLetter) else await _handle(work, handler, read)
    if letter is None:
        await dead_letters.resolve(work.sql, kept, "replayed", now)
    else:
        await dead_letters.refused_again(work.sql, kept, letter)
    return letter


async def _handle(work: UnitOfWork, handler: Handler, received: Received) -> DeadLetter | None:
    try:
        async with work.sql.transaction():
            refused = await handler(work, [received])
    except TRANSIENT:
        raise
    except Exception as fault:
        work.messages.clear()
        with tracing.work("dead letter stays set aside", received.envelope.traceparent):
            log.exception("dead letter stays set aside", extra={"topic": received.record.topic})
        return unprocessable(received.record, fault)
    return refused[0] if refused else None


def unprocessable(record: Raw, fault: Exception) -> DeadLetter:
    """The letter of a record that the handler fails on; what would make too large an event has HTTP's word for it."""
    if isinstance(fault, OversizedEventError):
        return DeadLetter(record, "too_large", f"{fault}; send less at a time")
    return DeadLetter(record, "unprocessable", f"{type(fault).__name__}: {fault}")
