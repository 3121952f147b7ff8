"""What a service once said: how its database recognises it, takes it back, and says it again."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Protocol

from contracts.topics import HOUSE

from chassis.database import Connection, UnitOfWork
from chassis.records import Received, Types

Say = Callable[[UnitOfWork], None]
"""Publishes one fact once more, in the revision and with the event id that it had."""


class DifferenceError(RuntimeError):
    """The database and the topics tell different stories; the message names them and the remedy."""


class Past(Protocol):
    """One for each service; the same object serves a whole command."""

    types: Types
    inputs_first: bool
    """Whether what the service reads must be at its end before what it said is taken back."""

    @property
    def topics(self) -> Sequence[str]:
        """Those that this service alone writes."""
        ...

    async def unknown(self, sql: Connection, said: Sequence[Received]) -> int:
        """How many of these own events tell of something that the database does not hold."""
        ...

    async def take_back(self, work: UnitOfWork, said: Sequence[Received]) -> None:
        """Hold what these own events tell, without saying anything; what is known already changes nothing."""
        ...

    async def conclude(self, work: UnitOfWork, now: datetime) -> list[str]:
        """Everything was taken back: say what must be said anew; answers sentences for the operator.

        Raises:
            DifferenceError: something only the operator has is missing.
        """
        ...

    def facts(self, sql: Connection) -> AsyncIterator[Say]:
        """Everything the topics must hold, each thing's revisions in order."""
        ...


def own_topics(service: str) -> Sequence[str]:
    """The topics that a service alone writes."""
    return [topic.name for topic in HOUSE if topic.writer == service]
