"""Runs the parts of a service together and stops them in order; a part that fails ends the process, visibly."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence

import uvicorn
from fastapi import FastAPI
from faststream.kafka import KafkaBroker

from chassis.faults import persistently

log = logging.getLogger(__name__)
Loop = Callable[[], Awaitable[None]]
LETTING_GO = 2.0
FINISHING = 10
"""Seconds that a request under way may still take: as long as readers have for theirs, meanwhile."""
KEPT_ALIVE = 75
"""Seconds that a silent client's connection stays open: longer than balancers and clients keep theirs, so that they let
go first. Who hung up first would now and then cut off a request that was just being sent."""
YOUNG, OLDER, OLD = 20_000, 10, 5
"""When the collector looks for cycles: at the most a million and a half objects that may be garbage wait for it."""


class _Server(uvicorn.Server):
    """Leaves signals to `run`, which stops the doors first and the relay last."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    """An HTTP server for one of the service's ports."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_keep_alive=KEPT_ALIVE,
        timeout_graceful_shutdown=FINISHING,
    )
    return _Server(config)


async def run(servers: Sequence[uvicorn.Server], broker: KafkaBroker, loops: Sequence[Loop], drain: float = 0) -> None:
    """Serve until SIGTERM or SIGINT, then stop: doors, consumers, loops.

    For `drain` seconds the doors go on answering, because a balancer does not forget them at once, and ask each client
    to hang up.

    Raises:
        BaseExceptionGroup: a part failed for a reason that does not pass.
    """
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    async with asyncio.TaskGroup() as group:
        doors = [group.create_task(each.serve()) for each in servers]
        await persistently(broker.start, what="start consuming")
        background = [group.create_task(_endless(loop)) for loop in loops]
        settle()
        log.info("serving", extra={"ports": [each.config.port for each in servers]})
        await _first(stopping, doors)
        log.info("stopping")
        await asyncio.gather(*(_let_go(each, drain if stopping.is_set() else 0) for each in servers))
        for each in servers:
            each.should_exit = True
        await broker.stop()
        await asyncio.gather(*doors)
        for task in background:
            task.cancel()


def settle() -> None:
    """What was loaded to start with stays for good; to look for cycles in it would stop everything, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLD)


async def _let_go(door: uvicorn.Server, drain: float) -> None:
    """Ask each client to hang up after its answer, and after a while take no new one.

    So nobody asks on a connection that is just being closed; who is silent for so long is cut off.
    """
    if not door.started:
        return
    door.server_state.default_headers.append((b"connection", b"close"))
    await asyncio.sleep(drain)
    for listener in door.servers:
        listener.close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LETTING_GO):
            while door.server_state.connections:  # noqa: ASYNC110 - the clients hang up
                await asyncio.sleep(0.02)


async def _endless(loop: Loop) -> None:
    await loop()


async def _first(stopping: asyncio.Event, doors: Sequence[asyncio.Task[None]]) -> None:
    """Wait for the signal, or for a door that could not open."""
    signalled = asyncio.create_task(stopping.wait())
    await asyncio.wait([signalled, *doors], return_when=asyncio.FIRST_COMPLETED)
    signalled.cancel()
