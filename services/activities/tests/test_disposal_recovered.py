"""What was disposed of stays so when the database is put back and its word is taken back from the topic."""

from typing import Any

from activities.application.dispose import dispose
from activities.application.past import Past
from activities.domain.commands import Command
from chassis.repairs import Deed

from services.activities.tests.driving import NOW, Service, command, content, report
from services.activities.tests.test_recovered import TABLES, received

SLIP = "Anna i klass 4"
ABOUT: dict[str, Any] = {"about": "ref-e1", "patient": True}


async def story(service: Service) -> list[Command]:
    """A report and a correction with the slip, disposed of after the relay had sent them; then another correction."""
    asked = [report("e1", title=SLIP), command("correct", **ABOUT, content=content(title=SLIP, kind="operation"))]
    made = [await service.accepted(each) for each in asked]
    sent = await service.rows("SELECT * FROM outbox ORDER BY seq")
    async with service.database.transaction() as work:
        await dispose(work, made[0].activity_id, Deed("x", "dispose", "x", "x"), NOW)
        await work.sql.executemany(
            "UPDATE outbox SET value = $2 WHERE seq = $1", [(row["seq"], row["value"]) for row in sent]
        )
    await service.accepted(command("correct", **ABOUT, content=content(title="Reflexer")))
    return asked


async def titles(service: Service) -> list[Any]:
    rows = await service.rows("SELECT state->>'title' AS title FROM activity_revision ORDER BY revision")
    return [row["title"] for row in rows]


async def test_taken_back_it_is_without_the_text_and_a_repetition_brings_none(service: Service) -> None:
    asked = await story(service)
    said = await received(service)
    assert SLIP in str([item.body for item in said])
    await service.database.pool.execute(f"TRUNCATE {TABLES} CASCADE")
    for _ in range(2):
        async with service.database.transaction() as work:
            await Past().take_back(work, said)
    assert await titles(service) == [None, None, "Reflexer"]
    for each in asked:
        await service.accepted(each)
    assert await titles(service) == [None, None, "Reflexer"]


async def test_a_disposal_alone_that_is_not_known_is_noticed(service: Service) -> None:
    await story(service)
    said = await received(service)
    await service.database.pool.execute("TRUNCATE disposed")
    async with service.database.pool.acquire() as sql:
        assert await Past().unknown(sql, said) == 1


async def test_it_is_said_again_after_the_revisions(service: Service) -> None:
    await story(service)
    await service.database.pool.execute("TRUNCATE outbox")
    async with service.database.transaction() as work:
        async for say in Past().facts(work.sql):
            say(work)
    *revisions, last = await service.said()
    assert [each.get("title") for each in revisions] == [None, None, "Reflexer"]
    assert "disposed_at" in last
