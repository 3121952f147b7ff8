"""What is asked of the reports that were frozen when a period closed."""

from typing import Annotated, Any

from contracts.model import PeriodId
from fastapi import APIRouter, Depends, Path, Query

from promises.api.parameters import Store, public
from promises.application import frozen
from promises.application.ask import Question

router = APIRouter(prefix="/v1/municipalities/{code}/reports")
LARGEST = 2**31 - 1
Everybody = Annotated[Question, Depends(public)]
Period = Annotated[PeriodId, Path(description="`2026`, `2026/27`, `2026-T1`, `2026-Q1` or `2026-01`")]
Revision = Annotated[int | None, Query(ge=1, le=LARGEST, description="by default the latest")]


@router.get("", summary="The reports of closed periods")
async def frozen_reports(database: Store, asked: Everybody) -> dict[str, Any]:
    """Each with its revisions and the moment at which each was frozen; public, for whoever asks."""
    return await frozen.frozen_reports_of(database, asked)


@router.get("/{period:path}", summary="The report of a closed period")
async def frozen_report(database: Store, asked: Everybody, period: Period, revision: Revision = None) -> dict[str, Any]:
    """As it was printed: how each promise stood, the figure, and of the details those that are public still."""
    return await frozen.frozen_report_of(database, asked, period, revision)
