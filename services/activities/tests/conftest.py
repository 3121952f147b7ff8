"""The service on real servers: acceptance, the HTTP door, and both doors together."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from activities.api import public_app
from activities.application.doors import Doors
from activities.store import catalogue
from chassis.database import connect
from chassis.migrate import migrate
from chassis.settings import Settings
from chassis.topics import ensure
from chassis.watermarks import Watermarks
from contracts.topics import PROMISES, ingress
from local.tokens import Keys

from services.activities.tests.driving import CATALOGUE, POLICE, TOWN, Service
from services.activities.tests.sending import House, serving

Client = httpx.AsyncClient
As = Callable[[str], dict[str, str]]


@pytest.fixture
async def service(settings: Settings) -> AsyncIterator[Service]:
    """Acceptance with three promises in its read copy."""
    await migrate(settings, "activities")
    database = await connect(settings, "activities")
    async with database.transaction() as work:
        await catalogue.keep(work.sql, CATALOGUE)
    yield Service(database)
    await database.close()


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    made = Keys(tmp_path_factory.mktemp("keys"))
    made.ensure()
    return made


@pytest.fixture
def bearer(keys: Keys) -> As:
    """The header by which an organisation speaks."""
    return lambda organisation: {"authorization": f"Bearer {keys.token(organisation)}"}


@pytest.fixture
async def doors(settings: Settings, service: Service) -> AsyncIterator[Doors]:
    """Both doors; the read copy stands at the end of its topic."""
    await ensure(settings, [PROMISES])
    watermarks = Watermarks(settings)
    try:
        ends = await watermarks.ends(PROMISES.name)
        await service.database.pool.executemany(
            """
            INSERT INTO position (topic, partition, next_offset) VALUES ($1, $2, $3)
            ON CONFLICT (topic, partition) DO UPDATE SET next_offset = EXCLUDED.next_offset
            """,
            [(place.topic, place.partition, end) for place, end in ends.items()],
        )
        yield Doors(service.database, service.clock, watermarks)
    finally:
        await watermarks.close()


@pytest.fixture
async def api(settings: Settings, service: Service, doors: Doors, keys: Keys, bearer: As) -> AsyncIterator[Client]:
    """The HTTP door as the municipality."""
    app = public_app(settings.model_copy(update={"jwks_file": keys.jwks}), service.database, doors)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as client:
        client.headers.update(bearer(TOWN))
        yield client


@pytest.fixture
async def house(settings: Settings, service: Service, unique: str) -> AsyncIterator[House]:
    made = House(settings, service, unique)
    await ensure(settings, [PROMISES])
    async with made.producer:
        yield made


@pytest.fixture
async def opened(house: House) -> AsyncIterator[House]:
    """The service reads, and the organisation's topic is there."""
    await ensure(house.settings, [house.topic, ingress(POLICE)])
    await house.publish(house.promise())
    async with serving(house.settings, house.service):
        yield house
