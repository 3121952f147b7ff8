"""Refusals a person can act on, as RFC 9457 problems; whatever else happens is a problem too, never a bare 500."""

import logging
import re
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.faults import TRANSIENT
from chassis.outbox import OversizedEventError
from chassis.remedies import remedies

WHOLE = "(whole)"
"""What a refusal names that concerns no field alone."""

ASKED_WRONGLY = {
    404: ("path", "there is nothing here; /openapi.json lists every path there is"),
    405: ("method", "this path is not asked so; the header Allow names how"),
}
PLACES = ("query", "path", "header")
KEY = "[key]"
"""How pydantic says that it is the name that is wrong, and not what stands under it."""
LONGEST_WORD = 60
AT_ONCE = 200
"""How many requests an app works at; more would wait in its memory, while a sender can wait at no cost."""

_PLAIN_WORD = re.compile(r"[^\W\d]+[0-9]?[^\W\d]*")
log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
TYPE = "https://lofteskollen.se/problems/"


class ProblemError(Exception):
    """A refusal: `code` is a stable word, `detail` says what to mend, `errors` name fields."""

    def __init__(
        self, status: int, code: str, detail: str, errors: Sequence[dict[str, Any]] = (), retry_after: int | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.retry_after = retry_after


def refused(status: int, code: str, field: str, reason: str) -> ProblemError:
    """A refusal that concerns one field; its `detail` says both."""
    return ProblemError(status, code, f"{field}: {reason}", [{"field": field, "reason": reason}])


def sentences(error: ValidationError) -> list[str]:
    """What a model refused, a sentence a field; values are not echoed."""
    return [
        f"{item['field']}: {item['reason']}" for item in fields(error.errors(include_url=False, include_input=False))
    ]


def fields(errors: Iterable[Any]) -> list[dict[str, str]]:
    """Pydantic's errors as `field` and `reason`."""
    return [
        {"field": ".".join(plain(part) for part in place if part != KEY) or WHOLE, "reason": reason}
        for place, reason in remedies(errors)
    ]


def _named(place: Sequence[Any]) -> Sequence[Any]:
    """A parameter goes by its name alone, as the refusals of the use cases call it."""
    return place[1:] if len(place) > 1 and place[0] in PLACES else place


def plain(part: object) -> str:
    """A name that the sender made is repeated only if it is a plain word: others may hold what nobody should see."""
    text = str(part)
    repeated = len(text) <= LONGEST_WORD and _PLAIN_WORD.fullmatch(text)
    return text if isinstance(part, int) or repeated else "(a name)"


def answer(
    status: int, code: str, detail: str, errors: Sequence[Any] = (), retry_after: int | None = None
) -> JSONResponse:
    """A problem as an HTTP answer."""
    body: dict[str, Any] = {"type": TYPE + code, "title": code.replace("_", " "), "status": status, "code": code}
    body |= {"detail": detail} | ({"errors": list(errors)} if errors else {})
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    if status == 401:  # noqa: PLR2004 - RFC 9110 wants to hear how to do better
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every error of the app as a problem."""

    @app.exception_handler(ProblemError)
    async def _refused(_: Request, error: ProblemError) -> JSONResponse:
        return answer(error.status, error.code, error.detail, error.errors, error.retry_after)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        found = fields([each | {"loc": _named(each["loc"])} for each in error.errors()])
        return answer(422, "invalid", f"{len(found)} field(s) are wrong; see errors", found)

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        field, reason = ASKED_WRONGLY.get(error.status_code, (WHOLE, str(error.detail)))
        about = [{"field": field, "reason": reason}]
        problem = answer(error.status_code, f"http_{error.status_code}", f"{field}: {reason}", about)
        problem.headers.update(error.headers or {})
        return problem

    app.add_middleware(_Guard)


class _Guard:
    """Around the whole app; plain ASGI, since the framework's own wrapper costs a task for every request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._under_way >= AT_ONCE:
            await answer(503, "busy", "Too much at once; send the same again in a second.", (), 1)(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the caller hears of it
            await _fault(scope, fault)(scope, receive, send)
        finally:
            self._under_way -= 1


def _fault(scope: Scope, fault: Exception) -> JSONResponse:
    if isinstance(fault, OversizedEventError):
        return answer(413, "too_large", f"{fault}; send less at a time")
    about = {"path": scope.get("path"), "fault": f"{type(fault).__name__}: {fault}"}
    if isinstance(fault, TRANSIENT):
        log.warning("unavailable", extra=about)
        return answer(503, "unavailable", "A part of the system does not answer; send the same again.", (), 1)
    log.error("unexpected", exc_info=fault, extra=about)
    return answer(500, "unexpected", "This is a fault of the system, not of the request; it was logged.")
