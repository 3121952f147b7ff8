"""What is asked of the catalogue itself: its revisions, and what one changed."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from promises.api.parameters import Asked, Store
from promises.application import revisions

router = APIRouter(prefix="/v1/municipalities/{code}/catalogue")
LARGEST = 2**31 - 1
From = Annotated[int | None, Query(alias="from", ge=0, le=LARGEST, description="by default the one before `to`")]
To = Annotated[int | None, Query(ge=1, le=LARGEST, description="by default the one in force")]


@router.get("", summary="The revisions of the catalogue")
async def loaded(database: Store, asked: Asked) -> dict[str, Any]:
    """Every one that was ever in force, the newest first."""
    return await revisions.revisions_of(database, asked)


@router.get("/diff", summary="What changed between two revisions of the catalogue")
async def difference(database: Store, asked: Asked, before: From = None, to: To = None) -> dict[str, Any]:
    """Promises, obligations and parameters that came, changed or went, each with its old and its new value."""
    return await revisions.difference_of(database, asked, before, to)
