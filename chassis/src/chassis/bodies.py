"""Bodies of requests: strict JSON and a closed model, or a refusal that names every field."""

from typing import Any, TypeVar

from contracts.envelope import MalformedEventError, parse_json
from contracts.model import Message
from fastapi import Request
from pydantic import ValidationError

from chassis.problems import WHOLE, ProblemError, fields, refused

LARGEST = 2 * 1024 * 1024
Body = TypeVar("Body", bound=Message)


async def decoded(request: Request) -> Any:  # noqa: ANN401 - JSON is anything until it is validated
    """The body as strict JSON.

    Raises:
        ProblemError: 413 too large, 400 no JSON or JSON that means two things.
    """
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LARGEST:
            raise refused(413, "too_large", WHOLE, f"it is larger than {LARGEST} bytes; send fewer at a time")
    try:
        return parse_json(bytes(raw))
    except MalformedEventError as error:
        raise refused(400, "malformed", WHOLE, str(error)) from None


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
