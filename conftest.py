"""Real servers for every test, started once a run. Imports `contracts` before pytest names a test folder after it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from chassis.settings import Settings
from local.kafka import Kafka
from local.postgres import Postgres

import contracts  # noqa: F401


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder that every user may reach, since PostgreSQL runs as another under root."""
    with tempfile.TemporaryDirectory(prefix="lofteskollen-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres(scratch: Path) -> Iterator[Postgres]:
    server = Postgres(scratch / "postgres")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def kafka(scratch: Path) -> Iterator[Kafka]:
    server = Kafka(scratch / "kafka")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def unique() -> str:
    """A name that no other test has."""
    return "t" + uuid4().hex[:12]


@pytest.fixture
def dsn(postgres: Postgres, unique: str) -> str:
    """A fresh, empty database."""
    return postgres.create_database(unique)


@pytest.fixture
def settings(dsn: str, kafka: Kafka) -> Settings:
    """Settings for a service on the fresh database and the shared broker."""
    return Settings(database_url=dsn, kafka_bootstrap=kafka.bootstrap, kafka_session_timeout_ms=6000)
