"""What a sender asks for, and what it is answered."""

import hashlib
import json
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from activities.domain.activity import Content
from activities.domain.baseline import Baseline
from activities.domain.personal import check_names, check_texts
from activities.domain.refusal import RefusalError

Kind = Literal["log", "correct", "retract", "confirm", "baseline"]
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Command:
    """One request; it names its activity by `reference` (the sender's own) or by `activity_id`.

    `expected` is the revision a correction was made from; None where the sender cannot know it. A `patient` one may
    wait for an activity that is not known yet. For a `sure` one the catalogue has been read to its end. What comes of
    it belongs to the trace of `traceparent`.
    """

    kind: Kind
    organisation: str
    source: str
    event_id: str
    reference: str | None = None
    activity_id: UUID | None = None
    content: Content | None = None
    baseline: Baseline | None = None
    reason: str | None = None
    expected: int | None = None
    patient: bool = False
    sure: bool = field(default=False, compare=False)
    traceparent: str | None = field(default=None, compare=False)

    @property
    def key(self) -> Key:
        """By which a repetition is recognised."""
        return self.organisation, self.source, self.event_id

    @property
    def sha256(self) -> bytes:
        """The fingerprint of what is asked; the same id with another fingerprint is refused."""
        asked = {"kind": self.kind, "reference": self.reference, "activity_id": self.activity_id, "reason": self.reason}
        content, baseline = (_named(each) if each else None for each in (self.content, self.baseline))
        body = asked | {"content": content, "baseline": baseline}
        return hashlib.sha256(json.dumps(body, sort_keys=True, default=_plain).encode()).digest()


def check_personal(command: Command) -> None:
    """Refuse a command that holds personal data in any text, or in a name.

    Raises:
        RefusalError: `personal_data`.
    """
    check_names((("reference", command.reference), ("event_id", command.event_id), ("source", command.source)))
    if content := command.content:
        key = content.occasion_key
        check_texts(
            (
                ("title", content.title),
                ("performed_by", content.performed_by),
                ("unit", content.unit),
                ("occasion_key", key and key.partition("/")[2]),
            )
        )
    if command.reason:
        check_texts((("reason", command.reason),))
    if command.baseline:
        check_texts((f"units.{n}", name) for n, name in enumerate(command.baseline.units))


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer to an accepted command, the same however often it is asked."""

    activity_id: UUID
    revision: int
    reference: str
    status: str
    counted_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class BaselineAccepted:
    """The answer to an accepted baseline."""

    baseline_id: UUID
    revision: int
    period: str
    total: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """The activity is not known yet; the command waits for it, at most 7 days."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not, as a stable word, and what to mend in which field; `by_catalogue` when a later one could allow it."""

    code: str
    field: str
    reason: str
    by_catalogue: bool = False

    @property
    def detail(self) -> str:
        """The same as one sentence."""
        return f"{self.field}: {self.reason}"


def refused_as(error: RefusalError) -> Refused:
    """A refusal as it is answered."""
    return Refused(error.code, error.field, error.detail, error.by_catalogue)


def other_content() -> Refused:
    """The same event id has been accepted with another content."""
    return Refused("other_content", "event_id", "this id was accepted with another content; use a new one")


Outcome = Accepted | BaselineAccepted | Waiting | Refused


def _named(each: Content | Baseline) -> dict[str, object]:
    """Like `asdict`, which would copy every value."""
    return {field.name: getattr(each, field.name) for field in fields(each)}


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
