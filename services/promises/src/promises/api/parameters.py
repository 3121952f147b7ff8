"""What requests have in common: who asks about which municipality, for which audience."""

from typing import Annotated

from chassis.auth import Caller, Requires
from chassis.database import Database
from contracts.model import MunicipalityCode, PeriodId
from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator

from promises.application.ask import Question
from promises.application.pages import Page
from promises.domain.visibility import Audience

Reader = Annotated[Caller, Depends(Requires("status:read"))]
Code = Annotated[MunicipalityCode, Path(description="SCB's four-digit code, e.g. 2480")]
Seen = Annotated[Audience, Query(description="`internal` sees all evidence, `public` what has been published")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=1000)]


def _exists(period: str) -> str:
    """One that the pattern lets through and no calendar has is refused, not found empty."""
    year, over, end = int(period[:4]), period[4:5] == "/", period[5:]
    if not year or (over and int(end) != (year + 1) % 100):
        raise ValueError("there is no such period; one over two years is written 2026/27")
    return period


Named = Annotated[
    PeriodId, AfterValidator(_exists), Query(description="`2026`, `2026/27`, `2026-T1`, `2026-Q1` or `2026-01`")
]


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _question(request: Request, code: Code, caller: Reader, audience: Seen = "internal") -> Question:
    return Question(code, caller.organisation, audience, request.app.state.clock.now())


def _of_all(request: Request, caller: Reader, audience: Seen = "internal") -> Question:
    return Question("", caller.organisation, audience, request.app.state.clock.now())


def internal(request: Request, code: Code, caller: Reader) -> Question:
    """A question that has no public answer."""
    return _question(request, code, caller)


def public(request: Request, code: Code, caller: Reader) -> Question:
    """A question whose answer is the same for everybody."""
    return _question(request, code, caller, "public")


def _page(cursor: Cursor = None, limit: Limit = 100) -> Page:
    return Page(cursor, limit)


Paged = Annotated[Page, Depends(_page)]
Store = Annotated[Database, Depends(_database)]
Asked = Annotated[Question, Depends(_question)]
AskedOfAll = Annotated[Question, Depends(_of_all)]
"""Of no single municipality: the code is empty."""
