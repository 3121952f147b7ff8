"""Request bodies over HTTP: what contracts say of an activity, with the sender's ids beside it."""

from typing import Annotated, Any, TypeVar

from chassis.problems import ProblemError, fields
from contracts.envelope import MalformedEventError, parse_json
from contracts.ingress import ActivityContent, BaselineContent, Reference
from contracts.model import Message, Text
from fastapi import Request
from pydantic import StringConstraints, ValidationError

LARGEST = 2 * 1024 * 1024
MOST = 1000
EventId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Body = TypeVar("Body", bound=Message)


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


async def decoded(request: Request) -> Any:  # noqa: ANN401 - JSON is anything until it is validated
    """The body as strict JSON.

    Raises:
        ProblemError: 413 too large, 400 no JSON or JSON that means two things.
    """
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LARGEST:
            raise ProblemError(413, "too_large", f"the body is larger than {LARGEST} bytes; send fewer at a time")
    try:
        return parse_json(bytes(raw))
    except MalformedEventError as error:
        raise ProblemError(400, "malformed", str(error)) from None


def validated(model: type[Body], data: Any) -> Body:  # noqa: ANN401
    """The body as a model.

    Raises:
        ProblemError: 422 with every field that is wrong.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = fields(error.errors(include_url=False, include_input=False))
        first = f"{found[0]['field']}: {found[0]['reason']}"
        raise ProblemError(422, "invalid", f"{len(found)} field(s) are wrong; {first}", found) from None


def schema(model: type[Message], *, many: bool = False) -> dict[str, Any]:
    """How OpenAPI shows a body that is decoded by hand."""
    one = model.model_json_schema(ref_template="#/components/schemas/{model}")
    one.pop("$defs", None)
    shown = {"oneOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": MOST}]} if many else one
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": shown}}}}
