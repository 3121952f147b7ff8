"""The real catalogue's `cykel-gang`, and builders that show only what matters."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from chassis.database import connect
from chassis.migrate import migrate
from chassis.settings import Settings
from contracts.activities import ActivityEvent, ActivityLogged
from local.tokens import Keys
from promises.api import public_app
from promises.catalogue import mapping
from promises.catalogue.check import checked
from promises.domain.calendar import STOCKHOLM, Period, period_of
from promises.domain.evidence import Report
from promises.domain.obligation import Obligation

from services.promises.tests.driving import CATALOGUE, POLICE, TOWN, Projector
from services.promises.tests.promising import revision

NewReport = Callable[..., Report]


@pytest.fixture(scope="session")
def obligations() -> Mapping[str, Obligation]:
    return mapping.promised(mapping.document(*checked(CATALOGUE))).obligations


@pytest.fixture(scope="session")
def obligation(obligations: Mapping[str, Obligation]) -> Obligation:
    return obligations["cykel-gang"]


@pytest.fixture
def year(obligation: Obligation) -> Period:
    return period_of(obligation.period_kind, date(2026, 5, 1))


@pytest.fixture
def report() -> NewReport:
    """A done special operation by both owners, in spring with a spring theme unless told otherwise."""
    numbers = count(1)

    def new(day: str, **changes: Any) -> Report:  # noqa: ANN401
        counted = date.fromisoformat(day)
        autumn = counted.month > 6
        values: dict[str, Any] = {
            "activity_id": f"a{next(numbers)}",
            "revision": 1,
            "organisation": POLICE,
            "status": "done",
            "counted_on": counted,
            "recorded_at": datetime.combine(counted, time(12), UTC),
            "themes": frozenset({"reflector" if autumn else "traffic_rules"}),
            "audiences": frozenset({"cyclist"}),
            "special_effort": True,
            "confirmed_by": frozenset({TOWN}),
        }
        return revision(**(values | changes))

    return new


@pytest.fixture
def at() -> Callable[[str], datetime]:
    """A local time in Sweden, midnight where only a day is given."""

    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)

    return moment


@pytest.fixture
async def projector(settings: Settings) -> AsyncIterator[Projector]:
    await migrate(settings, "promises")
    database = await connect(settings, "promises")
    yield Projector(database)
    await database.close()


@pytest.fixture
def activity() -> Callable[..., ActivityEvent]:
    """A logged special operation by the police, confirmed by the municipality unless told otherwise."""

    def new(day: str, kind: type[ActivityEvent] = ActivityLogged, **changes: Any) -> ActivityEvent:  # noqa: ANN401
        counted = date.fromisoformat(day)
        pair = {"obligation": "cykel-gang", "counted_on": counted}
        values: dict[str, Any] = {
            "activity_id": uuid4(),
            "revision": 1,
            "municipality": "2480",
            "organisation": POLICE,
            "source": f"/organisations/{POLICE}",
            "reference": "r",
            "status": "done",
            "occurred_at": datetime.combine(counted, time(8), UTC),
            "counted_on": counted,
            "obligations": ("cykel-gang",),
            "themes": ("reflector" if counted.month > 6 else "traffic_rules",),
            "audiences": ("cyclist",),
            "special_effort": True,
            "confirmed_by": (TOWN,),
            "footprint": (pair,),
            "recorded_at": datetime.combine(counted, time(12), UTC),
            "catalogue_revision": 1,
        }
        return kind(**(values | changes))

    return new


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    made = Keys(tmp_path)
    made.ensure()
    return made


@pytest.fixture
async def api(projector: Projector, settings: Settings, keys: Keys) -> AsyncIterator[httpx.AsyncClient]:
    """The API, asked by the municipality."""
    app = public_app(settings.model_copy(update={"jwks_file": keys.jwks}), projector.database, projector.clock)
    headers = {"authorization": f"Bearer {keys.token(TOWN)}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api", headers=headers) as client:
        yield client
