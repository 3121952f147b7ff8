"""A record as it came, and as it was understood."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from aiokafka import ConsumerRecord
from contracts.envelope import Envelope, MalformedEventError, event_type, trace_of, unopened
from contracts.model import Message
from pydantic import ValidationError

from chassis.database import UnitOfWork
from chassis.dead_letters import UNKNOWN_TYPE, DeadLetter
from chassis.problems import sentences

Raw: TypeAlias = "ConsumerRecord[bytes | None, bytes | None]"


@dataclass(frozen=True, slots=True)
class Received:
    """A record that was understood: its envelope and its typed body."""

    record: Raw
    envelope: Envelope
    body: Message


Types = Mapping[str, Callable[[Envelope], Message]]


@dataclass(frozen=True, slots=True)
class Reading:
    """Records that are understood one by one as a handler asks for them, as often as it asks, and not kept.

    Once all have been asked for, `letters` has what cannot be understood, `ids`, by place, the ids of whatever has
    one, and `traces` every `traceparent`.
    """

    records: Sequence[Raw]
    types: Types
    letters: list[DeadLetter] = field(default_factory=list)
    ids: dict[int, str] = field(default_factory=dict)
    traces: set[str] = field(default_factory=set)

    def __iter__(self) -> Iterator[Received]:
        self.letters.clear()
        for n, record in enumerate(self.records):
            read = understand(record, self.types)
            if isinstance(read, DeadLetter):
                self.letters.append(read)
                if read.event_id:
                    self.ids[n] = read.event_id
                if trace := trace_of(record.headers):
                    self.traces.add(trace)
            else:
                self.ids[n] = read.envelope.id
                if trace := read.envelope.traceparent:
                    self.traces.add(trace)
                yield read


Refusals = Sequence[DeadLetter] | None
Handler = Callable[[UnitOfWork, Iterable[Received]], Awaitable[Refusals]]
"""Writes what a batch says into the unit of work and answers what it refuses."""


def whole(handler: Callable[[UnitOfWork, Sequence[Received]], Awaitable[Refusals]]) -> Handler:
    """A handler that wants its records in one piece, and only where there are any."""

    async def taken(work: UnitOfWork, received: Iterable[Received]) -> Refusals:
        items = list(received)
        return await handler(work, items) if items else None

    return taken


def house(*events: type[Message]) -> Types:
    """Readers of what services of the house write: tolerant of fields a later version added."""
    return {event_type(event): _house_reader(event) for event in events}


def strict(*messages: type[Message]) -> Types:
    """Readers of what others write: closed, and JSON that means two things is refused."""
    return {event_type(message): _strict_reader(message) for message in messages}


def understand(record: Raw, types: Types) -> Received | DeadLetter:
    """Read one record, or say why it cannot be read."""
    try:
        envelope = unopened(record.headers, record.value)
        read = types.get(envelope.type)
        if read is None:
            detail = f"type {envelope.type!r} is not known here"
            return DeadLetter(record, UNKNOWN_TYPE, detail, envelope.id, envelope.type)
        return Received(record, envelope, read(envelope))
    except MalformedEventError as error:
        return DeadLetter(record, "malformed", str(error))
    except ValidationError as error:
        reason = "malformed" if error.errors()[0]["type"] == "json_invalid" else "invalid"
        return DeadLetter(record, reason, "; ".join(sentences(error)), envelope.id, envelope.type)


def _house_reader(event: type[Message]) -> Callable[[Envelope], Message]:
    return lambda envelope: event.read_json(envelope.json)


def _strict_reader(message: type[Message]) -> Callable[[Envelope], Message]:
    return lambda envelope: message.model_validate(envelope.data)
