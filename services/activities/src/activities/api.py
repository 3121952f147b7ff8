"""The HTTP door: report, correct, retract, confirm, list and read."""

from typing import Annotated, Any
from uuid import UUID

from chassis.auth import Caller, Requires, Tokens
from chassis.bodies import decoded, validated
from chassis.database import Database
from chassis.measuring import Measured
from chassis.problems import WHOLE, ProblemError, install, refused
from chassis.questions import known
from chassis.settings import Settings
from chassis.tracing import Traced
from contracts.model import MunicipalityCode, Slug
from fastapi import Depends, FastAPI, Header, Query, Request
from fastapi.responses import JSONResponse

from activities import bodies, document
from activities.answers import answer_many, answer_one
from activities.application import ask
from activities.application.doors import Doors
from activities.bodies import (
    BaselineBody,
    ConfirmationBody,
    CorrectionBody,
    ReportBody,
    RetractionBody,
    schema,
)
from activities.domain.commands import Command
from activities.domain.refusal import unknown_activity
from activities.store.catalogue import Copies

Writer = Annotated[Caller, Depends(Requires("activities:write"))]
Reader = Annotated[Caller, Depends(Requires("activities:read"))]
LONGEST_REVISION = 9
Limit = Annotated[int, Query(ge=1, le=1000)]
Municipality = Annotated[MunicipalityCode, Query(description="SCB's four-digit code, e.g. 2480")]


def public_app(settings: Settings, database: Database, doors: Doors) -> FastAPI:
    """The API for organisations."""
    app = FastAPI(
        title="Löfteskollen: activities",
        version="1",
        description="Report what was done.",
        dependencies=[Depends(known)],
    )
    app.state.tokens = Tokens(settings)
    install(app)
    app.add_middleware(Measured)
    app.add_middleware(Traced)
    _writing(app, doors)
    _reading(app, database, doors.copies)
    return app


def _writing(app: FastAPI, doors: Doors) -> None:
    @app.post("/v1/activities", status_code=201, openapi_extra=schema(ReportBody, many=True))
    async def report(request: Request, caller: Writer) -> JSONResponse:
        """Report one activity, or a list of at most 1,000; each is accepted or refused alone."""
        data = await decoded(request)
        many = data if isinstance(data, list) else [data]
        if not 1 <= len(many) <= bodies.MOST:
            raise refused(422, "invalid", WHOLE, f"a list holds 1 to {bodies.MOST} activities")
        if not isinstance(data, list):
            return answer_one((await doors.http([_log(caller, validated(ReportBody, data))]))[0], 201)
        read = [_attempt(caller, item) for item in many]
        outcomes = iter(await doors.http([each for each in read if isinstance(each, Command)]))
        return answer_many([next(outcomes) if isinstance(each, Command) else each for each in read])

    @app.post("/v1/activities/{activity_id}/corrections", openapi_extra=schema(CorrectionBody))
    async def correct(
        request: Request, activity_id: UUID, caller: Writer, if_match: Annotated[str | None, Header()] = None
    ) -> JSONResponse:
        """Send the whole activity as it should read; `If-Match` names the revision it was made from."""
        body = validated(CorrectionBody, await decoded(request))
        command = _command("correct", caller, activity_id, body.event_id)
        content = document.content(body)
        return await _answered(doors, Command(**command, content=content, expected=_revision(if_match)))

    @app.post("/v1/baselines", status_code=201, openapi_extra=schema(BaselineBody))
    async def baseline(request: Request, caller: Writer) -> JSONResponse:
        """Say how many there are in a period, e.g. pupils in grade 4 by school."""
        body = validated(BaselineBody, await decoded(request))
        said = document.baseline(body)
        command = Command("baseline", caller.organisation, _source(caller), body.event_id, baseline=said)
        return answer_one((await doors.http([command]))[0], 201)

    @app.put("/v1/activities/{activity_id}/retraction", openapi_extra=schema(RetractionBody))
    async def retract(request: Request, activity_id: UUID, caller: Writer) -> JSONResponse:
        """Take the activity back; nothing is deleted, it counts no more."""
        body = validated(RetractionBody, await decoded(request))
        return await _answered(
            doors, Command(**_command("retract", caller, activity_id, body.event_id), reason=body.reason)
        )

    @app.post("/v1/activities/{activity_id}/confirmations", openapi_extra=schema(ConfirmationBody))
    async def confirm(request: Request, activity_id: UUID, caller: Writer) -> JSONResponse:
        """Say that the caller took part in a partner's activity under a joint obligation."""
        body = validated(ConfirmationBody, await decoded(request))
        return await _answered(doors, Command(**_command("confirm", caller, activity_id, body.event_id)))


def _reading(app: FastAPI, database: Database, copies: Copies) -> None:
    @app.get("/v1/activities")
    async def activities(
        caller: Reader,
        municipality: Municipality,
        obligation: Slug | None = None,
        cursor: UUID | None = None,
        limit: Limit = 100,
    ) -> dict[str, Any]:
        """The caller's activities and those under joint obligations it owns; `next` is the cursor of the next page."""
        found = await ask.activities(
            database, copies, caller.organisation, municipality, obligation=obligation, after=cursor, limit=limit
        )
        return {"activities": found, "next": found[-1]["activity_id"] if len(found) == limit else None}

    @app.get("/v1/activities/{activity_id}")
    async def activity(caller: Reader, activity_id: UUID) -> dict[str, Any]:
        """One activity as it stands."""
        try:
            return await ask.activity(database, copies, caller.organisation, activity_id)
        except ask.UnknownError:
            raise _no_such_activity() from None

    @app.get("/v1/activities/{activity_id}/revisions")
    async def revisions(caller: Reader, activity_id: UUID) -> dict[str, Any]:
        """Every revision, the first one first."""
        try:
            return {"revisions": await ask.revisions(database, copies, caller.organisation, activity_id)}
        except ask.UnknownError:
            raise _no_such_activity() from None

    @app.get("/v1/refusals")
    async def refusals(caller: Reader, cursor: str | None = None, limit: Limit = 100) -> dict[str, Any]:
        """What the caller sent and was refused, over Kafka too, the newest first."""
        try:
            found = await ask.refusals(database, caller.organisation, cursor, limit)
        except ValueError:
            raise refused(422, "invalid", "cursor", "use the one that the page before gave as `next`") from None
        return {"refusals": found, "next": found[-1]["cursor"] if len(found) == limit else None}


def _log(caller: Caller, body: ReportBody) -> Command:
    return Command(
        kind="log",
        organisation=caller.organisation,
        source=_source(caller),
        event_id=body.event_id,
        reference=body.reference,
        content=document.content(body),
    )


def _attempt(caller: Caller, item: Any) -> Command | ProblemError:  # noqa: ANN401
    try:
        return _log(caller, validated(ReportBody, item))
    except ProblemError as problem:
        return problem


def _command(kind: str, caller: Caller, activity_id: UUID, event_id: str) -> dict[str, Any]:
    about = {"kind": kind, "organisation": caller.organisation, "source": _source(caller)}
    return about | {"event_id": event_id, "activity_id": activity_id}


def _source(caller: Caller) -> str:
    return f"/organisations/{caller.organisation}"


async def _answered(doors: Doors, command: Command) -> JSONResponse:
    return answer_one((await doors.http([command]))[0], 200)


def _revision(if_match: str | None) -> int:
    text = (if_match or "").strip().removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > LONGEST_REVISION:
        raise refused(428, "missing_revision", "If-Match", 'say which revision you correct, as this header: "1"')
    return int(text)


def _no_such_activity() -> ProblemError:
    error = unknown_activity()
    return refused(404, error.code, error.field, error.detail)
