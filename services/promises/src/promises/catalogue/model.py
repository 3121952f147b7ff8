"""What a catalogue file may hold, closed: a word too much is an error, and every parameter says its basis."""

from datetime import date
from typing import Annotated, Generic, Literal, TypeVar

from contracts.model import MunicipalityCode, Slug, Word
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


def _in_a_leap_year(text: str) -> str:
    try:
        date.fromisoformat(f"2024-{text}")
    except ValueError:
        raise ValueError(f"{text} is no day of a year") from None
    return text


Basis = Literal["leaflet", "operator"]
Value = TypeVar("Value")
MonthDayText = Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$"), AfterValidator(_in_a_leap_year)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Closed(BaseModel):
    """A mapping with known keys only."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Closed):
    """A name in Swedish and English."""

    sv: Line
    en: Line


class Given(Closed, Generic[Value]):
    """A parameter and where it comes from."""

    value: Value
    basis: Basis


class Validity(Closed):
    """Local dates, both included."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    basis: Basis


class YearlyWindow(Closed):
    """Days of every year as `"03-01"`, both included."""

    first: MonthDayText = Field(alias="from")
    last: MonthDayText = Field(alias="to")
    basis: Basis


class SlotEntry(Closed):
    """A part of the period with occasions of its own."""

    id: Slug
    name: Named
    count: Given[Annotated[int, Field(ge=1)]]
    window: YearlyWindow
    themes: Given[tuple[Word, ...]]
    match: Given[Literal["any", "all"]]


class OccasionsEntry(Closed):
    """At least `count` occasions in the period, and in each slot what it asks."""

    kind: Literal["occasions"]
    count: Given[Annotated[int, Field(ge=1)]]
    special_effort: Given[bool] | None = None
    taking_part: Given[tuple[Word, ...]] | None = None
    kinds: Given[tuple[Word, ...]] | None = None
    slots: tuple[SlotEntry, ...] = ()


class CoverageEntry(Closed):
    """The sum of one quantity against a reported baseline of another."""

    kind: Literal["coverage"]
    quantity: Given[Word]
    baseline: Given[Word]
    percent: Given[Annotated[int, Field(ge=1, le=100)]]


class CadenceEntry(Closed):
    """At least `count` activities a period, where given for each of several themes."""

    kind: Literal["cadence"]
    count: Given[Annotated[int, Field(ge=1)]]
    kinds: Given[tuple[Word, ...]] | None = None
    each_of: Given[tuple[Word, ...]] | None = None


class UmbrellaEntry(Closed):
    """Shows its children; it has no standing of its own."""

    kind: Literal["umbrella"]
    children: Given[tuple[Slug, ...]]


RuleEntry = Annotated[OccasionsEntry | CoverageEntry | CadenceEntry | UmbrellaEntry, Field(discriminator="kind")]


class ObligationEntry(Closed):
    """One commitment with its owners and rule; owners may report, and `may_report` names others who may."""

    id: Slug
    title: Named
    owners: Annotated[tuple[Slug, ...], Field(min_length=1)]
    may_report: tuple[Slug, ...] = ()
    audiences: tuple[Word, ...] = ()
    validity: Validity | None = None
    period: Given[Literal["month", "quarter", "tertial", "year", "school_year"]]
    grace_days: Given[Annotated[int, Field(ge=0, le=92)]]
    visibility: Given[Literal["public", "count_only"]] | None = None
    rule: RuleEntry


class PromiseEntry(Closed):
    """A promise as printed."""

    id: Slug
    heading: Line
    quote: Line
    validity: Validity
    obligations: tuple[ObligationEntry, ...]


class LeafletEntry(Closed):
    """The printed text beside the catalogue and its fingerprint."""

    file: Line
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class OrganisationEntry(Closed):
    """An organisation and its kind."""

    id: Slug
    kind: Literal["police", "municipality"]
    name: Named


class Organisations(Closed):
    """The file `organisations.yaml`."""

    organisations: tuple[OrganisationEntry, ...]


class Catalogue(Closed):
    """One municipality's file."""

    municipality: MunicipalityCode
    name: Line
    organisations: Line
    leaflet: LeafletEntry
    vocabulary: dict[Word, Named]
    promises: Annotated[tuple[PromiseEntry, ...], Field(min_length=1)]
