"""What is asked of all municipalities that an organisation made promises in."""

from typing import Annotated, Any

from contracts.model import Slug
from fastapi import APIRouter, Path

from promises.api.parameters import AskedOfAll, Named, Store
from promises.application import areas

router = APIRouter(prefix="/v1/areas")
Organisation = Annotated[Slug, Path(description="the organisation's slug, e.g. polisen-lpo-umea")]


@router.get("/{organisation}", summary="A police unit's whole area, a municipality itself")
async def area(database: Store, asked: AskedOfAll, organisation: Organisation, period: Named) -> dict[str, Any]:
    """Each municipality's figure for a named period and their sum; an occasion under one key counts once."""
    return await areas.area_of(database, asked, organisation, period)
