"""What is asked of a whole municipality."""

from typing import Any

from fastapi import APIRouter

from promises.api.parameters import Asked, Named, Store
from promises.application import ask, fulfilment

router = APIRouter(prefix="/v1/municipalities/{code}")


@router.get("/promises", summary="Every promise with its obligations and standings")
async def promises(database: Store, asked: Asked) -> dict[str, Any]:
    """In the leaflet's order, with where each parameter comes from."""
    return await ask.promises_of(database, asked)


@router.get("/fulfilment", summary="Fulfilment as a figure for a named period")
async def figures(database: Store, asked: Asked, period: Named) -> dict[str, Any]:
    """Seven buckets and "n of m"; calendar and school years have figures of their own."""
    return await fulfilment.fulfilment_of(database, asked, period)
