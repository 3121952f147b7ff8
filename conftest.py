"""Real servers for every test, started once a run. Imports `contracts` before pytest names a test folder after it."""

import io
import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from chassis.logs import JsonFormatter
from chassis.settings import Settings
from local.kafka import Kafka
from local.postgres import Postgres

import contracts  # noqa: F401

MEMORY, DISK = Path("/dev/shm"), Path("/tmp")  # noqa: S108 - a folder with a random name is made below them
ENOUGH = 6 << 30  # bytes; a run was seen to hold 0.6 GiB there


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder that every user may reach, since PostgreSQL runs as another under root.

    In memory where there is enough: each test's database is a thousand small files to make and to delete.
    """
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH
    with tempfile.TemporaryDirectory(prefix="lofteskollen-", dir=MEMORY if roomy else DISK) as folder:
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
def dsn(postgres: Postgres, unique: str, scratch: Path) -> Iterator[str]:
    """A fresh, empty database; it goes with its test where it takes memory."""
    in_memory = scratch.is_relative_to(MEMORY)
    yield postgres.create_database(unique, strategy="file_copy" if in_memory else "wal_log")
    if in_memory:
        postgres.drop_database(unique)


@pytest.fixture
def settings(dsn: str, kafka: Kafka) -> Settings:
    """Settings for a service on the fresh database and the shared broker."""
    return Settings(database_url=dsn, kafka_bootstrap=kafka.bootstrap, kafka_session_timeout_ms=6000)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was logged in this process, as a service writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    caplog.set_level(logging.INFO)
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)
