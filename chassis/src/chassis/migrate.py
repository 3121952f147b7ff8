"""Numbered SQL files, applied once each and in order; a changed file that was applied is refused."""

import asyncio
import hashlib
from importlib.resources import files
from typing import NamedTuple

import asyncpg

from chassis.settings import Settings

LOCK = 4_711_2480
TABLE = """
CREATE TABLE IF NOT EXISTS schema_migration (
    room text NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (room, name)
)
"""


class MigrationError(RuntimeError):
    """The database and the code tell different stories."""


class Migration(NamedTuple):
    """`room` is the package that brings it, `name` its file."""

    room: str
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """The fingerprint kept with the applied migration."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations(*rooms: str) -> list[Migration]:
    """The migrations of the packages, each package's in the order of their numbers."""
    found = []
    for room in rooms:
        folder = files(room) / "migrations"
        names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
        found += [Migration(room, name, (folder / name).read_text(encoding="utf-8")) for name in names]
    return found


async def migrate(settings: Settings, service: str) -> list[str]:
    """Bring the database to this code's state; answer the files applied.

    The lock is polled: a blocking lock beside `CREATE INDEX CONCURRENTLY` deadlocks.

    Raises:
        MigrationError: a file that was applied has changed since.
    """
    connection = await asyncpg.connect(settings.dsn(), timeout=5)
    try:
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        await connection.execute(TABLE)
        rows = await connection.fetch("SELECT room, name, sha256 FROM schema_migration")
        applied = {(row["room"], row["name"]): row["sha256"] for row in rows}
        return [m.name for m in migrations("chassis", service) if await _apply(connection, m, applied)]
    finally:
        await connection.close()


async def _apply(connection: asyncpg.Connection, migration: Migration, applied: dict[tuple[str, str], str]) -> bool:
    known = applied.get((migration.room, migration.name))
    if known is not None and known != migration.sha256:
        raise MigrationError(
            f"{migration.room}/{migration.name} was applied with another content; add a new file instead"
        )
    if known is not None:
        return False
    async with connection.transaction():
        await connection.execute("SET LOCAL lock_timeout = '5s'")  # the version before this one goes on meanwhile
        await connection.execute(migration.sql)
        await connection.execute(
            "INSERT INTO schema_migration (room, name, sha256) VALUES ($1, $2, $3)",
            migration.room,
            migration.name,
            migration.sha256,
        )
    return True
