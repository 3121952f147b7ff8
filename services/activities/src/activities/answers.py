"""Outcomes as HTTP answers: the status is chosen here and nowhere else."""

from collections.abc import Sequence
from typing import Any

from chassis.problems import ProblemError, answer
from contracts.model import rfc3339
from fastapi.responses import JSONResponse

from activities.domain.commands import Accepted, BaselineAccepted, Outcome, Refused, Waiting

STATUS = {
    "foreign_authority": 403,
    "unknown_activity": 404,
    "other_content": 409,
    "reference_taken": 409,
    "already_retracted": 409,
    "not_done": 409,
    "stale_revision": 412,
    "too_large": 413,
}
REFUSED_OTHERWISE = 422


def answer_one(outcome: Outcome, status: int) -> JSONResponse:
    """One outcome; the `ETag` is the revision that a correction names."""
    if isinstance(outcome, Refused):
        return answer(STATUS.get(outcome.code, REFUSED_OTHERWISE), outcome.code, outcome.detail, _errors(outcome))
    if isinstance(outcome, Waiting):
        return JSONResponse({"status": "waiting"}, 202)
    if isinstance(outcome, BaselineAccepted):
        return JSONResponse(_baseline(outcome), status)
    headers = {"ETag": f'"{outcome.revision}"', "Location": f"/v1/activities/{outcome.activity_id}"}
    return JSONResponse(_accepted(outcome), status, headers)


def answer_many(outcomes: Sequence[Outcome | ProblemError]) -> JSONResponse:
    """A list: 201 when everything was accepted, else 207 with each item's own status, in the order sent."""
    items = [_item(outcome) for outcome in outcomes]
    everything = all(item["status"] == 201 for item in items)  # noqa: PLR2004
    return JSONResponse({"items": items}, 201 if everything else 207)


def _item(outcome: Outcome | ProblemError) -> dict[str, Any]:
    if isinstance(outcome, ProblemError):
        about = {"code": outcome.code, "detail": outcome.detail, "errors": list(outcome.errors)}
        return {"status": outcome.status, "problem": about}
    if isinstance(outcome, Refused):
        status = STATUS.get(outcome.code, REFUSED_OTHERWISE)
        about = {"code": outcome.code, "detail": outcome.detail, "errors": _errors(outcome)}
        return {"status": status, "problem": about}
    if isinstance(outcome, Waiting):
        return {"status": 202}
    assert isinstance(outcome, Accepted)
    return {"status": 201, "activity": _accepted(outcome)}


def _errors(refused: Refused) -> list[dict[str, str]]:
    return [{"field": refused.field, "reason": refused.reason}]


def _baseline(outcome: BaselineAccepted) -> dict[str, Any]:
    about = {"baseline_id": str(outcome.baseline_id), "recorded_at": rfc3339(outcome.recorded_at)}
    return about | {"revision": outcome.revision, "period": outcome.period, "total": outcome.total}


def _accepted(outcome: Accepted) -> dict[str, Any]:
    return {
        "activity_id": str(outcome.activity_id),
        "revision": outcome.revision,
        "reference": outcome.reference,
        "status": outcome.status,
        "counted_on": outcome.counted_on.isoformat(),
        "recorded_at": rfc3339(outcome.recorded_at),
    }
