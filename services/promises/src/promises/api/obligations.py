"""What is asked of one obligation."""

from typing import Annotated, Any

from chassis.problems import refused
from contracts.model import Moment
from fastapi import APIRouter, Query

from promises.api.parameters import Asked, Named, Paged, Store
from promises.application import ahead, obligations, past, reports

AsOf = Annotated[Moment | None, Query(description="by what had been recorded at this moment, not in the future")]
At = Annotated[Moment | None, Query(description="at this later moment, if nothing more is reported")]
router = APIRouter(prefix="/v1/municipalities/{code}/obligations/{name}")


@router.get("", summary="One obligation with its standings")
async def obligation(database: Store, asked: Asked, name: str, as_of: AsOf = None, at: At = None) -> dict[str, Any]:
    """Every period, oldest first; as it is, as it was by what was known then, or as it will be if nothing happens."""
    if as_of and at:
        raise refused(422, "invalid", "at", "as_of is given too; ask for one of them")
    if as_of:
        return await past.as_of(database, asked, name, as_of)
    return await (ahead.forecast(database, asked, name, at) if at else obligations.obligation_of(database, asked, name))


@router.get("/evidence", summary="The reports a standing rests on")
async def evidence(
    database: Store, asked: Asked, name: str, page: Paged, period: Named | None = None
) -> dict[str, Any]:
    """A page of the reports that rule in a period, by default the running one."""
    return await reports.reports_of(database, asked, name, period, page)


@router.get("/history", summary="Every change of its standings")
async def history(database: Store, asked: Asked, name: str, page: Paged, period: Named | None = None) -> dict[str, Any]:
    """A page of changes, the newest first, of one period or of all."""
    return await past.history_of(database, asked, name, period, page)
