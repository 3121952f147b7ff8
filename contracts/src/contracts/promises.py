"""What `promises` publishes: the leaflet in force, standings that changed, deadlines that come near."""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.model import Instant, Message, MunicipalityCode, Slug, Word

Stage = Literal["opens", "half_time", "days_20", "days_10", "days_1", "missed"]
Audience = Literal["owner", "manager"]
AssessmentReason = Literal[
    "resource_shortage", "reprioritised", "external_obstacle", "reworded", "not_logged", "weather_or_safety"
]


class PublishedObligation(Message):
    """What a reporter needs to know of an obligation; `may_report` are organisations, owners included.

    `valid_from` and `valid_to` are inclusive local days; a writer of 0.1.0 did not say them.
    """

    id: Slug
    title_sv: str
    title_en: str
    owners: tuple[Slug, ...]
    may_report: tuple[Slug, ...]
    joint: bool = False
    themes: tuple[Word, ...] = ()
    audiences: tuple[Word, ...] = ()
    kinds: tuple[Word, ...] = ()
    quantities: tuple[Word, ...] = ()
    visibility: Literal["public", "count_only"] = "public"
    valid_from: date | None = None
    valid_to: date | None = None


class PromiseState(Message):
    """A promise as printed, with the obligations that follow it up."""

    municipality: MunicipalityCode
    municipality_name: str
    promise: Slug
    revision: Annotated[int, Field(ge=1)]
    heading: str
    quote: str
    valid_from: date
    valid_to: date
    obligations: tuple[PublishedObligation, ...]
    catalogue_revision: Annotated[int, Field(ge=1)]


class PromisePublished(PromiseState):
    """The promise is in force in this wording and with these obligations."""

    TYPE: ClassVar[str] = "se.lofteskollen.promise.published.v1"


class PromiseWithdrawn(PromiseState):
    """The catalogue no longer holds the promise; the last state is repeated."""

    TYPE: ClassVar[str] = "se.lofteskollen.promise.withdrawn.v1"


class PromiseStatusChanged(Message):
    """The public standing of an obligation in a period changed; `revision` counts the changes."""

    TYPE: ClassVar[str] = "se.lofteskollen.promise-status.changed.v1"
    municipality: MunicipalityCode
    obligation: Slug
    promise: Slug
    period: str
    revision: Annotated[int, Field(ge=1)]
    phase: Literal["not_started", "open", "in_grace", "closed", "expired"]
    verdict: Literal["fulfilled", "partially_fulfilled", "not_fulfilled", "cannot_be_assessed"] | None = None
    pace: Literal["on_pace", "sparse", "no_logged_activity"] | None = None
    at_risk: bool
    overdue: bool
    progress: str
    reasons_sv: tuple[str, ...]
    reasons_en: tuple[str, ...]
    changed_at: Instant


class AssessmentRecorded(Message):
    """A person's judgement of an obligation in a period; it stands beside the computed standing, never instead."""

    TYPE: ClassVar[str] = "se.lofteskollen.assessment.recorded.v1"
    assessment_id: UUID
    municipality: MunicipalityCode
    obligation: Slug
    promise: Slug
    period: str
    organisation: Slug
    role: Word
    verdict: Literal["fulfilled", "partially_fulfilled", "not_fulfilled", "cannot_be_assessed"]
    reason_code: AssessmentReason | None = None
    text: str
    assessed_on: date
    recorded_at: Instant


class DeadlineState(Message):
    """A deadline: what must be done by `last_day`, and whose answer is still awaited.

    The deadline is the thing (municipality, obligation, period, slot, last day); `slot` is empty for a period's total.
    A change of `awaited` is a new revision.
    """

    deadline_id: UUID
    revision: Annotated[int, Field(ge=1)]
    municipality: MunicipalityCode
    municipality_name: str
    promise: Slug
    obligation: Slug
    title_sv: str
    title_en: str
    quote: str
    period: str
    slot: str
    slot_sv: str
    slot_en: str
    first_day: date
    last_day: date
    leaflet_basis: bool
    owners: tuple[Slug, ...]
    awaited: tuple[Slug, ...]
    reported: tuple[Slug, ...] = ()
    missing_sv: tuple[str, ...] = ()
    missing_en: tuple[str, ...] = ()
    occurred_at: Instant


class DeadlineReminder(DeadlineState):
    """A stage of the deadline was reached; `mails` are the audiences whose mail it warrants, not before a day."""

    stage: Stage
    stage_date: date
    late: bool = False
    mails: tuple[Audience, ...]
    not_before: date | None = None


class DeadlineApproaching(DeadlineReminder):
    """A stage before the deadline was reached and somebody is still awaited."""

    TYPE: ClassVar[str] = "se.lofteskollen.deadline.approaching.v1"


class DeadlineMissed(DeadlineReminder):
    """The deadline and its grace have passed and somebody is still awaited."""

    TYPE: ClassVar[str] = "se.lofteskollen.deadline.missed.v1"


class DeadlineSettled(DeadlineState):
    """Some or all owners are no longer awaited: fulfilled, withdrawn or moved."""

    TYPE: ClassVar[str] = "se.lofteskollen.deadline.settled.v1"
    cause: Literal["fulfilled", "withdrawn", "moved"]


PROMISE_EVENTS = (PromisePublished, PromiseWithdrawn)
STATUS_EVENTS = (PromiseStatusChanged, AssessmentRecorded)
DEADLINE_EVENTS = (DeadlineApproaching, DeadlineMissed, DeadlineSettled)
EVENTS = (*PROMISE_EVENTS, *STATUS_EVENTS, *DEADLINE_EVENTS)
