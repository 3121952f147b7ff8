"""What a person judges beside what is computed."""

from typing import Annotated, Any

from chassis.auth import Caller, Requires
from chassis.bodies import decoded, validated
from contracts.model import Day, Message, PeriodId, Slug, Text
from contracts.promises import AssessmentReason
from fastapi import APIRouter, Depends, Path, Request
from pydantic import Field, StringConstraints

from promises.api.parameters import Asked, Code, Named, Paged, Store
from promises.application import assess
from promises.application.ask import Question
from promises.application.assess import Said
from promises.domain.assessments import Judgement
from promises.domain.standing import Verdict

router = APIRouter(prefix="/v1/municipalities/{code}/obligations/{name}/assessments")
Assessor = Annotated[Caller, Depends(Requires("assessments:write"))]
EventId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class AssessmentBody(Message):
    """An assessment; `event_id` names this message, the role comes from the token."""

    event_id: EventId
    period: PeriodId
    verdict: Verdict
    reason_code: AssessmentReason | None = None
    text: Annotated[Text, Field(min_length=1)]
    assessed_on: Day


BODY = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": AssessmentBody.model_json_schema()}}}
}


@router.post("", status_code=201, summary="Record an assessment beside the computed standing", openapi_extra=BODY)
async def record(
    request: Request, database: Store, caller: Assessor, code: Code, name: Annotated[Slug, Path()]
) -> dict[str, Any]:
    """Kept for ever and shown beside the standing, the latest first."""
    body = validated(AssessmentBody, await decoded(request))
    asked = Question(code, caller.organisation, "internal", request.app.state.clock.now())
    judged = Judgement(body.verdict, body.reason_code, body.text, body.assessed_on)
    return await assess.assess(database, asked, caller.role, Said(body.event_id, name, body.period, judged))


@router.get("", summary="Every assessment of a period, the latest first")
async def listed(database: Store, asked: Asked, name: str, page: Paged, period: Named | None = None) -> dict[str, Any]:
    """A page of them, by default of the running period."""
    return await assess.assessments_of(database, asked, name, period, page)
