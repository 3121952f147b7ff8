"""What `activities` publishes: every event carries the activity's full state and revision."""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.ingress import Reference
from contracts.model import Instant, Message, MunicipalityCode, OccasionKey, PeriodId, Slug, Text, Word


class Counted(Message):
    """An obligation and the day on which the activity counts for it."""

    obligation: Slug
    counted_on: date


class ActivityState(Message):
    """One revision of an activity.

    `footprint` lists every (obligation, counted day) of this and of every earlier revision, so that a consumer can
    judge again what the activity has left; `obligations` and `counted_on` are those of this revision alone.
    """

    activity_id: UUID
    revision: Annotated[int, Field(ge=1)]
    municipality: MunicipalityCode
    organisation: Slug
    source: str
    reference: Reference
    status: Literal["planned", "done", "cancelled", "retracted"]
    occurred_at: Instant
    ended_at: Instant | None = None
    counted_on: date
    obligations: tuple[Slug, ...]
    kind: Word | None = None
    themes: tuple[Word, ...] = ()
    audiences: tuple[Word, ...] = ()
    special_effort: bool = False
    quantities: dict[Word, int] = Field(default_factory=dict)
    occasion_key: OccasionKey | None = None
    period: PeriodId | None = None
    unit: str | None = None
    performed_by: str | None = None
    confirmed_by: tuple[Slug, ...] = ()
    visibility: Literal["public", "count_only"] = "public"
    public_from: date | None = None
    title: Text | None = None
    footprint: tuple[Counted, ...]
    recorded_at: Instant
    catalogue_revision: int


class ActivityLogged(ActivityState):
    """An activity was accepted for the first time."""

    TYPE: ClassVar[str] = "se.lofteskollen.activity.logged.v1"


class ActivityCorrected(ActivityState):
    """The organisation that logged it changed it."""

    TYPE: ClassVar[str] = "se.lofteskollen.activity.corrected.v1"


class ActivityRetracted(ActivityState):
    """The organisation that logged it took it back; it counts no more and is not deleted."""

    TYPE: ClassVar[str] = "se.lofteskollen.activity.retracted.v1"


class ActivityConfirmed(ActivityState):
    """A joint owner said that it took part."""

    TYPE: ClassVar[str] = "se.lofteskollen.activity.confirmed.v1"


class BaselineReported(Message):
    """How many there are of something in a period: what a coverage is measured against.

    The thing is (municipality, obligation, period); `units` tells the total apart, e.g. by school, and sums to it.
    """

    TYPE: ClassVar[str] = "se.lofteskollen.baseline.reported.v1"
    baseline_id: UUID
    revision: Annotated[int, Field(ge=1)]
    municipality: MunicipalityCode
    obligation: Slug
    period: PeriodId
    organisation: Slug
    source: str
    quantity: Word
    total: Annotated[int, Field(ge=0)]
    units: dict[str, int] = Field(default_factory=dict)
    recorded_at: Instant
    catalogue_revision: int


FREE_TEXT = ("title", "performed_by")
"""What of an activity is said for people alone: nothing is counted by it, and it can be disposed of."""


class TextDisposed(Message):
    """The free text of an activity was disposed of, up to and including `revision`; what is counted stays.

    Whoever keeps earlier revisions, or reads one again, keeps them without `title` and `performed_by` from now on.
    """

    TYPE: ClassVar[str] = "se.lofteskollen.text.disposed.v1"
    activity_id: UUID
    revision: Annotated[int, Field(ge=1)]
    municipality: MunicipalityCode
    disposed_at: Instant


ActivityEvent = ActivityLogged | ActivityCorrected | ActivityRetracted | ActivityConfirmed
ACTIVITY_EVENTS: tuple[type[ActivityEvent], ...] = (
    ActivityLogged,
    ActivityCorrected,
    ActivityRetracted,
    ActivityConfirmed,
)
EVENTS = (*ACTIVITY_EVENTS, BaselineReported, TextDisposed)
