"""Request bodies over HTTP: what contracts say of an activity, with the sender's ids beside it."""

from typing import Annotated, Any

from contracts.ingress import ActivityContent, BaselineContent, Reference
from contracts.model import Message, Text
from pydantic import StringConstraints

MOST = 1000
EventId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class ReportBody(ActivityContent):
    """A new activity. `event_id` names this message, `reference` the activity in the sender's own books."""

    event_id: EventId
    reference: Reference


class CorrectionBody(ActivityContent):
    """The whole activity as it should read."""

    event_id: EventId


class RetractionBody(Message):
    """Why the activity should not have been reported."""

    event_id: EventId
    reason: Text | None = None


class BaselineBody(BaselineContent):
    """How many there are in a period; a later report for the same period replaces it."""

    event_id: EventId


class ConfirmationBody(Message):
    """The caller took part."""

    event_id: EventId


def schema(model: type[Message], *, many: bool = False) -> dict[str, Any]:
    """How OpenAPI shows a body that is decoded by hand."""
    one = model.model_json_schema(ref_template="#/components/schemas/{model}")
    one.pop("$defs", None)
    shown = {"oneOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": MOST}]} if many else one
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": shown}}}}
