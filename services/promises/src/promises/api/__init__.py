"""The HTTP door: reads of standings, figures and evidence."""

from chassis.auth import Tokens
from chassis.clock import Clock
from chassis.database import Database
from chassis.measuring import Measured
from chassis.problems import install
from chassis.questions import known
from chassis.settings import Settings
from chassis.tracing import Traced
from fastapi import Depends, FastAPI

from promises.api import areas, assessments, catalogues, frozen, municipalities, obligations, refusals


def public_app(settings: Settings, database: Database, clock: Clock) -> FastAPI:
    """The API for organisations."""
    app = FastAPI(
        title="Löfteskollen: promises",
        version="1",
        description="How every promise stands, and why.",
        dependencies=[Depends(known)],
    )
    app.state.tokens = Tokens(settings)
    app.state.database, app.state.clock = database, clock
    install(app)
    app.add_middleware(Measured)
    app.add_middleware(Traced)
    refusals.install(app)
    for each in (municipalities, obligations, assessments, areas, catalogues, frozen):
        app.include_router(each.router)
    return app
