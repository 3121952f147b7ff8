"""A record as it came, and as it was understood."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aiokafka import ConsumerRecord
from contracts.envelope import Envelope, MalformedEventError, event_type, unopened
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


Handler = Callable[[UnitOfWork, Sequence[Received]], Awaitable[None]]
Types = Mapping[str, Callable[[Envelope], Message]]


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
