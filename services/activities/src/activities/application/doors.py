"""What the doors share: before an unknown name is refused, the read copy is brought up to the end of its topic."""

import contextlib
import dataclasses
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from chassis.clock import Clock
from chassis.database import Database, UnitOfWork
from chassis.dead_letters import DeadLetter
from chassis.faults import TransientError
from chassis.outbox import OversizedEventError
from chassis.records import Received
from chassis.tracing import current
from chassis.watermarks import Watermarks
from contracts.topics import PROMISES

from activities.application.accept import accept
from activities.application.together import Together
from activities.domain.authority import Copy
from activities.domain.commands import Accepted, Command, Outcome, Refused
from activities.domain.personal import PERSONAL_DATA, kept_name
from activities.metrics import ACCEPTED, REFUSED
from activities.store import listing
from activities.store.catalogue import Copies
from activities.store.listing import Refusal

log = logging.getLogger(__name__)
PATIENCE = 2.0


class _DoubtError(Exception):
    """The copy would refuse, and is not known to be the latest since the request came."""


class Doors:
    """Takes commands from HTTP and from Kafka."""

    def __init__(self, database: Database, clock: Clock, watermarks: Watermarks) -> None:
        self._database = database
        self._clock = clock
        self._watermarks = watermarks
        self._together = Together(self._take)
        self.copies = Copies()

    async def http(self, commands: Sequence[Command]) -> list[Outcome]:
        """Take a request's commands in one transaction, refusals included; others that wait may share it.

        Raises:
            TransientError: the read copy could not be brought up to date in 2 seconds.
        """
        trace = current()
        commands = [replace(command, traceparent=trace) for command in commands]
        try:
            outcomes = await self._sure(commands)
        except OversizedEventError as error:  # a first revision never is; changes and baselines come one by one
            outcomes = [
                Refused("too_large", "(whole)", f"{error}; report fewer units, or a new activity") for _ in commands
            ]
            async with self._database.transaction() as work:
                await self._refuse(work, commands, outcomes)
        _count("http", commands, outcomes)
        _tell(outcomes)
        return outcomes

    async def _sure(self, commands: Sequence[Command]) -> list[Outcome]:
        """Most requests need no look at how far the catalogue has been read; only a refusal must be sure of it."""
        with contextlib.suppress(_DoubtError):
            return await self._together(commands)
        await self._watermarks.reach(self._database, PROMISES.name, within=PATIENCE)
        return await self._together([replace(command, sure=True) for command in commands])

    async def _take(self, commands: Sequence[Command]) -> list[Outcome]:
        async with self._database.transaction() as work:
            outcomes = await accept(work, commands, await self.copies.latest(work.sql), self._clock.now())
            if any(_doubtful(each) and not command.sure for command, each in zip(commands, outcomes, strict=True)):
                raise _DoubtError
            await self._refuse(work, commands, outcomes)
        return outcomes

    async def kafka(
        self, work: UnitOfWork, received: Sequence[Received], read: Callable[[Received], Command | DeadLetter]
    ) -> list[DeadLetter]:
        """Take a batch in the unit of work it came with; answers what is refused, as dead letters.

        Raises:
            TransientError: a name is unknown and the read copy is not up to date; the batch comes again.
        """
        asked = [read(item) for item in received]
        commands = [each for each in asked if isinstance(each, Command)]
        copy = await self.copies.latest(work.sql)
        outcomes = await accept(work, commands, copy, self._clock.now())
        if any(map(_doubtful, outcomes)) and not await self._is_latest(work, copy):
            raise TransientError("the read copy of the catalogue is behind")
        refused = iter(outcomes)
        letters = [
            each if isinstance(each, DeadLetter) else _letter(item, next(refused))
            for item, each in zip(received, asked, strict=True)
        ]
        _count("kafka", commands, outcomes)
        return [letter for letter in letters if letter]

    async def _is_latest(self, work: UnitOfWork, copy: Copy) -> bool:
        behind = await self._watermarks.behind(self._database, PROMISES.name)
        return not behind and await self.copies.latest(work.sql) is copy

    async def _refuse(self, work: UnitOfWork, commands: Sequence[Command], outcomes: Sequence[Outcome]) -> None:
        await listing.refuse(work.sql, _refusals(commands, outcomes), self._clock.now())


def _refusals(commands: Sequence[Command], outcomes: Sequence[Outcome]) -> list[Refusal]:
    return [
        Refusal(command, "http", outcome)
        for command, outcome in zip(commands, outcomes, strict=True)
        if isinstance(outcome, Refused)
    ]


def _doubtful(outcome: Outcome) -> bool:
    """Whether a later catalogue could allow it, so that the copy must be known to be the latest."""
    return isinstance(outcome, Refused) and outcome.by_catalogue


def _letter(item: Received, outcome: Outcome) -> DeadLetter | None:
    if not isinstance(outcome, Refused):
        return None
    if outcome.code == PERSONAL_DATA:  # kept without what it says; its sender reads why and sends it again
        record = dataclasses.replace(item.record, key=None, headers=(), value=None)
        return DeadLetter(record, outcome.code, outcome.detail, kept_name(item.envelope.id), item.envelope.type)
    return DeadLetter(item.record, outcome.code, outcome.detail, item.envelope.id, item.envelope.type)


def _count(door: str, commands: Sequence[Command], outcomes: Sequence[Outcome]) -> None:
    for command, outcome in zip(commands, outcomes, strict=True):
        if isinstance(outcome, Refused):
            REFUSED.labels(door, outcome.code).inc()
        else:
            ACCEPTED.labels(door, command.kind).inc()


def _tell(outcomes: Sequence[Outcome]) -> None:
    """By the id that a sender was answered its trace is found; of a list the trace alone is told."""
    refused = sum(isinstance(each, Refused) for each in outcomes)
    only = outcomes[0] if len(outcomes) == 1 else None
    about: dict[str, object] = {"count": len(outcomes), "refused": refused}
    if isinstance(only, Accepted):
        about["activity_id"] = str(only.activity_id)
    log.info("commands taken", extra=about)
