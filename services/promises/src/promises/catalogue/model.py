"""What a catalogue file may hold, closed: a word too much is an error, and every parameter says its basis."""

from datetime import date
from typing import Annotated, Literal

from annotated_types import Ge, Le
from contracts.model import MunicipalityCode, Slug, Word
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from promises.domain.calendar import PeriodKind
from promises.domain.label import Label
from promises.domain.parameters import Basis, Given
from promises.domain.rules import Rule

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Closed(BaseModel):
    """A mapping with known keys only."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Validity(Closed):
    """Local dates, both included."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    basis: Basis


class PeriodEntry(Closed):
    """The kind of period; a custom year says the day on which it begins, as `"10-01"`."""

    value: PeriodKind
    first_day: str | None = None
    basis: Basis


class ObligationEntry(Closed):
    """One commitment with its owners and rule; owners may report, and `may_report` names others who may."""

    id: Slug
    title: Label
    owners: Annotated[tuple[Slug, ...], Field(min_length=1)]
    may_report: tuple[Slug, ...] = ()
    audiences: tuple[Word, ...] = ()
    validity: Validity | None = None
    period: PeriodEntry
    grace_days: Given[Annotated[int, Ge(0), Le(92)]]
    visibility: Given[Literal["public", "count_only"]] | None = None
    rule: Annotated[Rule, Field(discriminator="kind")]


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
    name: Label


class Organisations(Closed):
    """The file `organisations.yaml`."""

    organisations: tuple[OrganisationEntry, ...]


class Catalogue(Closed):
    """One municipality's file."""

    municipality: MunicipalityCode
    name: Line
    organisations: Line
    leaflet: LeafletEntry
    vocabulary: dict[Word, Label]
    promises: Annotated[tuple[PromiseEntry, ...], Field(min_length=1)]
