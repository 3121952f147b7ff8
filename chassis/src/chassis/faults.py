"""Which faults pass by themselves, and waiting for them with growing pauses."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
from aiokafka.errors import KafkaError

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class TransientError(Exception):
    """Something needed is not there yet; the same work will succeed later."""


TRANSIENT: tuple[type[BaseException], ...] = (
    TransientError,
    OSError,
    TimeoutError,
    KafkaError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.TransactionRollbackError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)


async def persistently(
    work: Callable[[], Awaitable[Result]], *, what: str, first: float = 0.05, longest: float = 2.0
) -> Result:
    """Do `work` until it succeeds or fails for a reason that will not pass; pauses are in seconds of real time."""
    pause = first
    while True:
        try:
            return await work()
        except TRANSIENT as fault:
            log.warning("retrying", extra={"what": what, "fault": f"{type(fault).__name__}: {fault}"})
        await asyncio.sleep(pause)
        pause = min(pause * 2, longest)
