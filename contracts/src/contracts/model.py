"""The two manners of every message: writers are strict, readers are tolerant."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
)

YEARS = range(1900, 2200)
"""Those that moments and validities lie in: beyond, a change of time zone leaves the calendar."""
OUTSIDE = f"the year lies outside {YEARS[0]} to {YEARS[-1]}"
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written(value: object) -> object:
    """Pydantic would take any number, and a text of digits, for seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and _WRITTEN.match(value)):
        return value
    raise ValueError("write it as RFC 3339 does: 2026-04-14, and for a moment 2026-04-14T07:30:00+02:00")


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("the time has no offset from UTC; write it as 2026-04-14T07:30:00+02:00")
    if moment.year not in YEARS:
        raise ValueError(OUTSIDE)
    return moment.astimezone(UTC)


def rfc3339(moment: datetime) -> str:
    """Write a moment as UTC with `Z`, microseconds only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Moment = Annotated[
    datetime,
    BeforeValidator(_written),
    AfterValidator(_utc),
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
]
"""An instant as others write it, with an offset; naive times are refused, storage is UTC."""

Instant = Annotated[AwareDatetime, PlainSerializer(rfc3339, return_type=str, when_used="json")]
"""An instant as the house writes it, in UTC; read without a step through Python, since a replay reads millions."""

Day = Annotated[date, BeforeValidator(_written)]
"""A day of the calendar, in Stockholm."""

SLUG, WORD, CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$", r"^[a-z0-9]+(_[a-z0-9]+)*$", r"^[0-9]{4}$"
KEY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}/[a-z0-9]+(-[a-z0-9]+)*$"
PERIOD = r"^[0-9]{4}(/[0-9]{2}|-T[1-3]|-Q[1-4]|-(0[1-9]|1[0-2]))?$"
EXAMPLES = {
    SLUG: "umea-kommun: small letters, digits and hyphens",
    WORD: "bicycle_helmet: small letters, digits and underscores",
    CODE: '"2480": four digits, in quotes',
    KEY: "2026-11-09/jarnvagstorget: a day and a name",
    PERIOD: "2026, 2026/27, 2026-T1, 2026-Q1 or 2026-01",
}
"""How to write what a pattern asks for."""

Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
"""A name in a catalogue: organisation, promise or obligation."""

Word = Annotated[str, StringConstraints(pattern=WORD, max_length=60)]
"""A term of the trade in English: theme, audience, kind, quantity."""

MunicipalityCode = Annotated[str, StringConstraints(pattern=CODE)]
"""SCB's four-digit code, a string: `"2480"` is Umeå."""

OccasionKey = Annotated[str, StringConstraints(pattern=KEY, max_length=120)]
"""`YYYY-MM-DD/<slug>`: the day on which the occasion counts and a name unique in the municipality."""

PeriodId = Annotated[str, StringConstraints(pattern=PERIOD)]
"""`2026`, `2026/27`, `2026-T1`, `2026-Q1` or `2026-01`."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class Message(BaseModel):
    """A body of an event: frozen, closed when written; `read` lets pass what a later writer added."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def read(cls, data: Any) -> Self:  # noqa: ANN401 - JSON is anything until it is validated
        """Validate as a reader: fields that a later version added are ignored.

        Raises:
            pydantic.ValidationError: a field that this version knows is missing or wrong.
        """
        return cls.model_validate(data, extra="ignore")

    @classmethod
    def read_json(cls, text: bytes) -> Self:
        """The same from JSON that a service of the house wrote; decoding and validating are one pass.

        Raises:
            pydantic.ValidationError: no JSON, or as `read`.
        """
        return cls.model_validate_json(text, extra="ignore")
