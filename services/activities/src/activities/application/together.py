"""Requests that come while a transaction is under way are taken together in the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from chassis.faults import TRANSIENT
from chassis.tracing import apart

from activities.domain.commands import Command, Outcome

LANES = 2
MOST = 200
Request = tuple[Sequence[Command], asyncio.Future[list[Outcome]]]


class Together:
    """Shares the price of a transaction among those who wait anyway; each request gets its own answer or fault."""

    def __init__(self, take: Callable[[Sequence[Command]], Awaitable[list[Outcome]]]) -> None:
        self._take = take
        self._waiting: list[Request] = []
        self._lanes: set[asyncio.Task[None]] = set()
        self._open = 0

    async def __call__(self, commands: Sequence[Command]) -> list[Outcome]:
        """The outcomes of a request's commands."""
        future: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self._waiting.append((commands, future))
        if self._open < LANES:
            self._open += 1
            lane = apart(self._work())
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)
        return await future

    async def _work(self) -> None:
        """A lane closes in the step that finds nothing waiting; a task counts as done only after others have run."""
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._serve(batch)
        finally:
            self._open -= 1

    async def _serve(self, batch: Sequence[Request]) -> None:
        """One transaction for all; if it fails for a reason of one of them, one for each."""
        try:
            outcomes = iter(await self._take([command for commands, _ in batch for command in commands]))
        except Exception as fault:  # noqa: BLE001 - whatever it is, whoever waits must hear of it
            if len(batch) > 1 and not isinstance(fault, TRANSIENT):
                for request in batch:
                    await self._serve([request])
                return
            for _, future in batch:
                if not future.done():
                    future.set_exception(fault)
            return
        for commands, future in batch:
            answer = [next(outcomes) for _ in commands]
            if not future.done():
                future.set_result(answer)
