import asyncio
from pathlib import Path

import asyncpg
import pytest
from chassis.migrate import LOCK, MigrationError, migrate, migrations
from chassis.settings import Settings

CHASSIS = [each.name for each in migrations("chassis")]


async def _fetch(settings: Settings, question: str) -> object:
    connection = await asyncpg.connect(settings.dsn())
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_migrations_are_applied_once_and_in_order(settings: Settings, room: Path) -> None:
    (room / "migrations" / "0002_more.sql").write_text("ALTER TABLE taken ADD COLUMN more int", encoding="utf-8")
    assert await migrate(settings, room.name) == [*CHASSIS, "0001_taken.sql", "0002_more.sql"]
    assert await migrate(settings, room.name) == []
    (room / "migrations" / "0003_most.sql").write_text("ALTER TABLE taken ADD COLUMN most int", encoding="utf-8")
    assert await migrate(settings, room.name) == ["0003_most.sql"]
    assert await _fetch(settings, "SELECT count(*) FROM schema_migration") == len(CHASSIS) + 3


async def test_an_applied_file_that_changed_is_refused_by_name(settings: Settings, room: Path) -> None:
    await migrate(settings, room.name)
    (room / "migrations" / "0001_taken.sql").write_text("CREATE TABLE other (n int)", encoding="utf-8")
    with pytest.raises(MigrationError, match=f"{room.name}/0001_taken.sql was applied with another content"):
        await migrate(settings, room.name)
    assert await _fetch(settings, "SELECT to_regclass('other')") is None


async def test_a_file_that_fails_leaves_nothing_of_itself(settings: Settings, room: Path) -> None:
    broken = room / "migrations" / "0002_broken.sql"
    broken.write_text("CREATE TABLE half (n int); SELECT 1 / 0", encoding="utf-8")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(settings, room.name)
    assert await _fetch(settings, "SELECT to_regclass('half')") is None
    broken.write_text("CREATE TABLE half (n int)", encoding="utf-8")
    assert await migrate(settings, room.name) == ["0002_broken.sql"]


async def test_of_several_starts_at_once_one_migrates_and_the_others_find_it_done(
    settings: Settings, room: Path
) -> None:
    applied = await asyncio.gather(*(migrate(settings, room.name) for _ in range(4)))
    assert sorted(applied) == [[], [], [], [*CHASSIS, "0001_taken.sql"]]


async def test_a_start_waits_while_another_migrates(settings: Settings, room: Path) -> None:
    other = await asyncpg.connect(settings.dsn())
    await other.execute("SELECT pg_advisory_lock($1)", LOCK)
    waiting = asyncio.create_task(migrate(settings, room.name))
    done, _ = await asyncio.wait([waiting], timeout=0.4)
    assert not done
    await other.close()
    async with asyncio.timeout(20):
        assert await waiting
