"""A record as it came, and as it was understood."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from aiokafka import ConsumerRecord
from contracts.envelope import Envelope, MalformedEventError, parse
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
Types = Mapping[str, Callable[[Any], Message]]


def understand(record: Raw, types: Types) -> Received | DeadLetter:
    """Read one record, or say why it cannot be read."""
    try:
        envelope = parse(record.headers, record.value)
    except MalformedEventError as error:
        return DeadLetter(record, "malformed", str(error))
    read = types.get(envelope.type)
    if read is None:
        return DeadLetter(record, UNKNOWN_TYPE, f"type {envelope.type!r} is not known here", envelope.id, envelope.type)
    try:
        return Received(record, envelope, read(envelope.data))
    except ValidationError as error:
        return DeadLetter(record, "invalid", "; ".join(sentences(error)), envelope.id, envelope.type)
