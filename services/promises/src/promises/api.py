"""The HTTP door: reads of standings and evidence."""

from typing import Annotated, Any

from chassis.auth import Caller, Requires, Tokens
from chassis.clock import Clock
from chassis.database import Database
from chassis.problems import ProblemError, install
from chassis.settings import Settings
from fastapi import Depends, FastAPI, Path, Query

from promises.application import ask
from promises.domain.visibility import Audience

Reader = Annotated[Caller, Depends(Requires("status:read"))]
Code = Annotated[str, Path(pattern=r"^\d{4}$", description="SCB's four-digit code, e.g. 2480")]
Seen = Annotated[Audience, Query(description="`internal` sees all evidence, `public` what has been published")]


def public_app(settings: Settings, database: Database, clock: Clock) -> FastAPI:
    """The API for organisations."""
    app = FastAPI(title="Löfteskollen: promises", version="1", description="How every promise stands, and why.")
    app.state.tokens = Tokens(settings)
    install(app)

    @app.get("/v1/municipalities/{code}/promises", summary="Every promise with its obligations and standings")
    async def promises(code: Code, caller: Reader, audience: Seen = "internal") -> dict[str, Any]:
        try:
            return await ask.promises_of(database, code, caller.organisation, audience, clock.now())
        except (ask.UnknownError, ask.NotYoursError) as error:
            raise _problem(error) from None

    @app.get("/v1/municipalities/{code}/obligations/{name}", summary="One obligation with its evidence")
    async def obligation(code: Code, name: str, caller: Reader, audience: Seen = "internal") -> dict[str, Any]:
        try:
            return await ask.obligation_of(
                database, code, name, caller=caller.organisation, audience=audience, now=clock.now()
            )
        except (ask.UnknownError, ask.NotYoursError) as error:
            raise _problem(error) from None

    return app


def _problem(error: Exception) -> ProblemError:
    if isinstance(error, ask.NotYoursError):
        return ProblemError(403, "foreign_authority", str(error))
    return ProblemError(404, "unknown", str(error))
