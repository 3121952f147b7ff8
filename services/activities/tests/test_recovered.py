"""After a restore the revisions come back from the topic, and what senders repeat is known by what it asks."""

import json
from typing import Any

import pytest
from activities.application.past import Past
from activities.domain.baseline import Baseline
from activities.domain.commands import Accepted, Command
from aiokafka import ConsumerRecord
from chassis.past import Say
from chassis.records import Received, understand

from services.activities.tests.driving import POLICE, TOWN, Service, command, content, report

TABLES = "activity, activity_revision, baseline, accepted, early_bird, refusal, outbox, disposed"


async def received(service: Service) -> list[Received]:
    """What the outbox holds, as the topic would."""
    rows = await service.rows("SELECT * FROM outbox ORDER BY seq")
    found = []
    for n, row in enumerate(rows):
        headers = [(name, text.encode()) for name, text in zip(row["headers"][::2], row["headers"][1::2], strict=True)]
        record = ConsumerRecord("activities", 0, n, 0, 0, b"2480", row["value"], None, 4, len(row["value"]), headers)
        read = understand(record, Past.types)
        assert isinstance(read, Received), read
        found.append(read)
    return found


async def put_back(service: Service) -> None:
    """The database loses everything and takes back what was said."""
    said = await received(service)
    await service.database.pool.execute(f"TRUNCATE {TABLES} CASCADE")
    async with service.database.pool.acquire() as sql:
        assert await Past().unknown(sql, said) == len(said)
    for _ in range(2):
        async with service.database.transaction() as work:
            await Past().take_back(work, said)
    async with service.database.pool.acquire() as sql:
        assert await Past().unknown(sql, said) == 0


@pytest.fixture
async def story(service: Service) -> list[tuple[Command, Any]]:
    """A report, two corrections and a correction back, a confirmation, a retraction, a baseline, with their answers."""
    first = await service.accepted(report("e1"))
    about: dict[str, Any] = {"about": "ref-e1", "patient": True}
    asked = [
        report("e1"),
        command("correct", **about, content=content(title="ett")),
        command("correct", **about, content=content(title="två")),
        command("correct", **about, content=content(title="ett")),
        command("confirm", by=POLICE, about=first),
        command("retract", **about, reason="fel dag"),
        command("baseline", about="b", baseline=Baseline("2480", "trafik-ak4", "2026/27", "pupils_offered", 541)),
    ]
    return [(each, (await service.take(each))[0]) for each in asked]


async def test_what_is_repeated_after_a_restore_gets_its_answer_and_makes_no_new_revision(
    service: Service, story: list[tuple[Command, Any]]
) -> None:
    before = await service.rows("SELECT activity_id, revision, state, command FROM activity_revision ORDER BY 1, 2")
    await put_back(service)
    for _ in range(2):
        for asked, answer in story:
            assert await service.take(asked) == [answer]
    after = await service.rows("SELECT activity_id, revision, state, command FROM activity_revision ORDER BY 1, 2")
    assert after == before
    assert await service.rows("SELECT * FROM recovered") == []
    assert await service.said() == []


@pytest.mark.usefixtures("story")
async def test_what_was_never_asked_is_as_new_after_a_restore_as_before(service: Service) -> None:
    await put_back(service)
    assert await service.refused(report("e9", reference="ref-e1", title="annat")) == "reference_taken"
    second = await service.accepted(report("e2"))
    assert (await service.accepted(command("correct", about=second, content=content(title="nytt")))).revision == 2
    correction = command("correct", about="ref-e1", patient=True, content=content(title="tre"))
    assert await service.refused(correction) == "already_retracted"


async def test_a_correction_that_names_its_revision_repeats_only_the_one_made_from_it(service: Service) -> None:
    made = await service.accepted(report("e1"))
    asked = [command("correct", about=made, content=content(title=t), expected=n) for n, t in ((1, "ett"), (2, "två"))]
    await service.take(*asked)
    await put_back(service)
    back = command("correct", about=made, content=content(title="ett"), expected=3)
    outcome = await service.accepted(back)
    assert outcome.revision == 4
    again = await service.accepted(asked[0])
    assert (again.revision, await service.take(asked[1])) == (2, [await service.accepted(asked[1])])


@pytest.mark.usefixtures("story")
async def test_everything_that_was_said_is_said_again_byte_for_byte_in_order(service: Service) -> None:
    await service.accepted(report("e2", by=TOWN))
    before = await service.rows("SELECT topic, key, event_id, headers, value FROM outbox ORDER BY seq")
    says: list[Say] = []
    async with service.database.pool.acquire() as sql, sql.transaction():
        says += [say async for say in Past().facts(sql)]
    await service.database.pool.execute("TRUNCATE outbox")
    async with service.database.transaction() as work:
        for say in says:
            say(work)
    after = await service.rows("SELECT topic, key, event_id, headers, value FROM outbox ORDER BY seq")
    assert sorted(map(tuple, after)) == sorted(map(tuple, before))
    revisions: dict[str, list[int]] = {}
    for row in after:
        event = json.loads(row["value"])
        revisions.setdefault(event.get("activity_id") or event["baseline_id"], []).append(event["revision"])
    assert all(numbers == sorted(numbers) for numbers in revisions.values())


def test_answers_are_kept(story: list[tuple[Command, Any]]) -> None:
    assert all(isinstance(answer, Accepted) for _, answer in story[:-1])
