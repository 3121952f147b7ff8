"""What the use cases refuse, as problems with a status."""

from http import HTTPStatus

from chassis.problems import answer
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from promises.application import ask, assess
from promises.domain.assessments import AssessmentError

STATUS: dict[type[Exception], tuple[int, str]] = {
    ask.UnknownError: (404, "unknown"),
    ask.WrongError: (422, "invalid"),
    ask.NotYoursError: (403, "foreign_authority"),
    assess.RoleError: (403, "missing_role"),
    assess.OtherContentError: (409, "other_content"),
}


def install(app: FastAPI) -> None:
    """Answer what a use case refuses as a problem."""

    async def refused(_: Request, error: Exception) -> JSONResponse:
        status, code = STATUS[type(error)]
        field = getattr(error, "field", "event_id" if status == HTTPStatus.CONFLICT else "authorization")
        return answer(status, code, f"{field}: {error}", [{"field": field, "reason": str(error)}])

    async def unsaid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, AssessmentError)
        return answer(422, error.code, f"{error.field}: {error}", [{"field": error.field, "reason": str(error)}])

    app.add_exception_handler(AssessmentError, unsaid)
    for kind in STATUS:
        app.add_exception_handler(kind, refused)
