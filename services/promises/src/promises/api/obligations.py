"""What is asked of one obligation."""

from typing import Any

from fastapi import APIRouter

from promises.api.parameters import Asked, Named, Paged, Store
from promises.application import ask, reports

router = APIRouter(prefix="/v1/municipalities/{code}/obligations/{name}")


@router.get("", summary="One obligation with its standings")
async def obligation(database: Store, asked: Asked, name: str) -> dict[str, Any]:
    """Every period, oldest first."""
    return await ask.obligation_of(database, asked, name)


@router.get("/evidence", summary="The reports a standing rests on")
async def evidence(
    database: Store, asked: Asked, name: str, page: Paged, period: Named | None = None
) -> dict[str, Any]:
    """A page of the reports that rule in a period, by default the running one."""
    return await reports.reports_of(database, asked, name, period, page)
