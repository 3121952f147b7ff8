"""What is asked of a whole municipality."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from promises.api.parameters import Asked, Named, Paged, Store, internal
from promises.application import ahead, confirmations, fulfilment, obligations
from promises.application.ask import Question

Days = Annotated[int, Query(ge=1, le=400, description="how many days ahead")]
router = APIRouter(prefix="/v1/municipalities/{code}")


@router.get("/promises", summary="Every promise with its obligations and standings")
async def promises(database: Store, asked: Asked) -> dict[str, Any]:
    """In the leaflet's order, with where each parameter comes from."""
    return await obligations.promises_of(database, asked)


@router.get("/fulfilment", summary="Fulfilment as a figure for a named period")
async def figures(database: Store, asked: Asked, period: Named) -> dict[str, Any]:
    """Seven buckets and "n of m"; calendar and school years have figures of their own."""
    return await fulfilment.fulfilment_of(database, asked, period)


@router.get("/agenda", summary="What the next days bring")
async def agenda(database: Store, asked: Asked, days: Days = 30) -> dict[str, Any]:
    """Windows, stages, ends of grace and plans in the order of their days, with what is missing."""
    return await ahead.agenda_of(database, asked, days)


@router.get("/unconfirmed", summary="Joint occasions that wait for a partner")
async def unconfirmed(database: Store, asked: Annotated[Question, Depends(internal)], page: Paged) -> dict[str, Any]:
    """Who is awaited, and which activity to confirm; for the organisations that the catalogue names."""
    return await confirmations.unconfirmed_of(database, asked, page)
