"""What organisations send, over HTTP or on their ingress topic."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    Field,
    StrictBool,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from contracts.model import Day, Message, Moment, MunicipalityCode, OccasionKey, PeriodId, Slug, Text, Word


def _named(text: str) -> str:
    if not text.strip():
        raise ValueError("it holds nothing; say who carried it out, or leave it out")
    return text


Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
"""What the sender calls its activity; unique within the organisation and source."""

UnitName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Executor = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(_named)]
"""Who carried it out; kept as it was sent, since a report that comes again must read as it did."""
Status = Literal["planned", "done", "cancelled"]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


class ActivityContent(Message):
    """What an activity is, in the sender's words; the obligations it serves are named, never guessed.

    Without a `visibility` the obligations' own holds, the strictest of them; a `period` is for coverage alone.
    """

    municipality: MunicipalityCode
    status: Status = "done"
    occurred_at: Moment
    ended_at: Moment | None = None
    obligations: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=20)]
    kind: Word | None = None
    themes: Annotated[tuple[Word, ...], Field(max_length=20)] = ()
    audiences: Annotated[tuple[Word, ...], Field(max_length=20)] = ()
    special_effort: StrictBool = False
    quantities: dict[Word, Count] = Field(default_factory=dict, max_length=20)
    occasion_key: OccasionKey | None = None
    period: PeriodId | None = None
    unit: UnitName | None = None
    performed_by: Executor | None = None
    visibility: Literal["public", "count_only"] | None = None
    public_from: Day | None = None
    title: Text | None = None

    @field_validator("ended_at")
    @classmethod
    def _ends_after_it_starts(cls, ended_at: datetime | None, others: ValidationInfo) -> datetime | None:
        start = others.data.get("occurred_at")
        if ended_at is not None and start is not None and ended_at < start:
            raise ValueError("it lies before occurred_at; give the end of the activity or leave it out")
        return ended_at


class ActivityReported(ActivityContent):
    """A new activity; the CloudEvents subject is the sender's reference."""

    TYPE: ClassVar[str] = "se.lofteskollen.activity.reported.v1"


class ActivityCorrectionReported(ActivityContent):
    """The whole activity as it should read; subject is the sender's reference."""

    TYPE: ClassVar[str] = "se.lofteskollen.activity.corrected.v1"


class ActivityRetractionReported(Message):
    """The activity should not have been reported; subject is the sender's reference."""

    TYPE: ClassVar[str] = "se.lofteskollen.activity.retracted.v1"
    reason: Text | None = None


class ActivityConfirmationReported(Message):
    """A joint owner took part; subject is the activity's id, since the reference is the partner's."""

    TYPE: ClassVar[str] = "se.lofteskollen.activity.confirmed.v1"


class BaselineContent(Message):
    """How many there are in a period, e.g. pupils in grade 4; with `units` (schools) the total is their sum."""

    municipality: MunicipalityCode
    obligation: Slug
    period: PeriodId
    quantity: Word
    total: Count | None = None
    units: Annotated[dict[UnitName, Count], Field(max_length=1000)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sums_up(self) -> Self:
        if self.total is None and not self.units:
            raise ValueError("give the total, or the units that sum to it")
        if self.total is not None and self.units and self.total != sum(self.units.values()):
            raise ValueError(f"total is {self.total}, but the units sum to {sum(self.units.values())}")
        return self


class BaselineReport(BaselineContent):
    """The same on Kafka; a later report for the same period replaces it."""

    TYPE: ClassVar[str] = "se.lofteskollen.baseline.reported.v1"


Command = (
    ActivityReported
    | ActivityCorrectionReported
    | ActivityRetractionReported
    | ActivityConfirmationReported
    | BaselineReport
)

BY_TYPE: dict[str, type[Command]] = {
    message.TYPE: message
    for message in (
        ActivityReported,
        ActivityCorrectionReported,
        ActivityRetractionReported,
        ActivityConfirmationReported,
        BaselineReport,
    )
}


def activity_id(subject: str) -> UUID:
    """The activity a confirmation speaks of.

    Raises:
        ValueError: the subject is no activity id.
    """
    return UUID(subject)
