"""Clients that report at a pace of their own, whatever the answers take, and repeat after a 503 when it says so."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from random import uniform
from statistics import quantiles
from typing import Any

from local.places import ORGANISATIONS
from local.tokens import Keys

from tests.overload.doorbell import Bell
from tests.overload.flood import SAID, record

AGAIN = 0.1


@dataclass(slots=True)
class Clients:
    """`doors` are the replicas' APIs; a client that one refuses to connect goes to the next, as behind a balancer.

    `accepted` are the names that were answered with 201, `wrong` every other answer but 503, and every answer that
    broke off; `took` are (moment of the answer, seconds since the report was first due).
    """

    doors: Sequence[str]
    keys: Keys
    accepted: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    took: list[tuple[float, float]] = field(default_factory=list)
    busy: int = 0
    _names: Iterator[int] = field(default_factory=count)
    _turns: Iterator[int] = field(default_factory=count)

    @asynccontextmanager
    async def bells(self) -> AsyncIterator[list[Bell]]:
        """A way to each door."""
        bells = [Bell(url, self.keys.token(ORGANISATIONS[0])) for url in self.doors]
        yield bells
        for bell in bells:
            await bell.close()

    def records(self, number: int) -> list[tuple[str, bytes, Any]]:
        """So many reports as (reference, value, headers) for Kafka; what it acknowledges counts as accepted."""
        names = [f"flood-{next(self._names)}" for _ in range(number)]
        self.accepted.update(names)
        return [record(name) for name in names]

    def elsewhere(self, number: int) -> int:
        """The first number of so many names that another process reports under; they count as accepted."""
        names = [next(self._names) for _ in range(number)]
        self.accepted.update(f"flood-{n}" for n in names)
        return names[0]

    async def full(self, seconds: float, at_once: int) -> float:
        """So many clients without pause; the reports accepted a second."""
        until, before = time.monotonic() + seconds, len(self.accepted)

        async def one(bells: Sequence[Bell]) -> None:
            while time.monotonic() < until:
                await self._report(bells, time.monotonic())

        async with self.bells() as bells:
            await asyncio.gather(*(one(bells) for _ in range(at_once)))
        return (len(self.accepted) - before) / seconds

    async def pace(self, rate: float, stop: asyncio.Event) -> None:
        """So many reports a second until told to stop; then the last answers are waited for."""
        async with self.bells() as bells, asyncio.TaskGroup() as group:
            began = time.monotonic()
            for n in count():
                due = began + n / rate
                await asyncio.sleep(max(0, due - time.monotonic()))
                if stop.is_set():
                    return
                group.create_task(self._report(bells, due))

    def slow(self, since: float, until: float) -> float:
        """The 99th percentile in seconds of what was answered between two moments."""
        found = [took for at, took in self.took if since <= at < until]
        return quantiles(found, n=100, method="inclusive")[98]

    async def _report(self, bells: Sequence[Bell], due: float) -> None:
        name = f"flood-{next(self._names)}"
        body = json.dumps(SAID | {"event_id": name, "reference": name}).encode()
        for turn in count(next(self._turns)):
            try:
                answer = await bells[turn % len(bells)].post("/v1/activities", body)
            except ConnectionRefusedError:
                await asyncio.sleep(AGAIN)
                continue
            except (OSError, EOFError) as fault:
                self.wrong.append(f"{type(fault).__name__}: {fault}")
                continue
            if answer.status != 503:
                break
            self.busy += 1
            await asyncio.sleep(float(answer.header("retry-after")) * uniform(0.5, 1.5))  # noqa: S311 - no secret
        if answer.status == 201:
            self.accepted.add(name)
            self.took.append((time.monotonic(), time.monotonic() - due))
        else:
            self.wrong.append(f"{answer.status} {answer.body[:200]!r}")
