"""A slip of personal data is disposed of: its text is gone everywhere here, and what is counted stays."""

import json
from datetime import timedelta
from typing import Any

import pytest
from activities.application.dispose import Disposed, dispose
from activities.domain.commands import Accepted
from activities.store import acceptance
from aiokafka import ConsumerRecord
from chassis.dead_letters import DeadLetter
from chassis.repairs import Deed
from contracts.activities import TextDisposed

from chassis import dead_letters
from services.activities.tests.driving import NOW, TOWN, Service, command, content, report
from services.activities.tests.sending import said

SLIP = "Anna Åberg i klass 4"
DEED = Deed("samordnaren", "dispose", "x", "ett namn")


async def nowhere(service: Service) -> None:
    """No table of the service holds the slip, in any column."""
    tables = await service.rows("SELECT relname FROM pg_stat_user_tables")
    for name in (row["relname"] for row in tables):
        rows = [list(map(_shown, row)) for row in await service.rows(f"SELECT * FROM {name}")]  # noqa: S608
        assert "Anna" not in str(rows), name


def _shown(value: object) -> object:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


async def disposed(service: Service, about: Accepted) -> Disposed:
    async with service.database.transaction() as work:
        done = await dispose(work, about.activity_id, DEED, service.clock.now())
    assert done is not None
    return done


async def set_aside(service: Service, offset: int, record: tuple[list[tuple[str, bytes]], bytes]) -> None:
    headers, value = record
    kept: Any = ConsumerRecord(f"ingress.{TOWN}", 0, offset, 0, 0, b"k", value, None, 1, len(value), tuple(headers))
    async with service.database.transaction() as work:
        await dead_letters.keep(work.sql, [DeadLetter(kept, "other_content", "mend it", "e", "t")], NOW)


@pytest.fixture
async def slipped(service: Service) -> Accepted:
    """An activity of two revisions, both with the slip."""
    made = await service.accepted(report(reference="r", title=SLIP, themes=("reflector",)))
    await service.accepted(command("correct", about=made, content=content(performed_by=SLIP, themes=("reflector",))))
    return made


async def test_4_20_the_text_of_every_revision_is_blanked_and_what_is_counted_stays(
    service: Service, slipped: Accepted
) -> None:
    before = await service.rows("SELECT state FROM activity_revision ORDER BY revision")
    assert await disposed(service, slipped) == Disposed(revisions=2, events=2, early_birds=0, dead_letters=0)
    after = await service.rows("SELECT state FROM activity_revision ORDER BY revision")
    for was, now in zip(before, after, strict=True):
        kept = {
            name: value for name, value in json.loads(was["state"]).items() if name not in {"title", "performed_by"}
        }
        assert json.loads(now["state"]) == kept
    await nowhere(service)


async def test_it_is_said_once_after_the_revisions_it_speaks_of(service: Service, slipped: Accepted) -> None:
    await disposed(service, slipped)
    assert await disposed(service, slipped) == Disposed(0, 0, 0, 0)
    *revisions, event = await service.said()
    assert [each["revision"] for each in revisions] == [1, 2]
    told = TextDisposed.model_validate(event)
    assert (told.activity_id, told.revision, told.municipality) == (slipped.activity_id, 2, "2480")
    [entry] = await service.rows("SELECT done_by, action, reason, outcome FROM repair")
    assert (entry["done_by"], entry["action"], entry["reason"]) == ("samordnaren", "dispose", "ett namn")
    assert "2 revision(s)" in entry["outcome"]


async def test_a_repetition_of_what_was_disposed_of_brings_nothing_back(service: Service, slipped: Accepted) -> None:
    await disposed(service, slipped)
    again = report(reference="r", title=SLIP, themes=("reflector",))
    assert (await service.accepted(again)).revision == 1
    await nowhere(service)


async def test_a_later_correction_may_say_something_else_and_the_next_disposal_takes_that(
    service: Service, slipped: Accepted
) -> None:
    await disposed(service, slipped)
    await service.accepted(command("correct", about=slipped, content=content(title="Reflexer")))
    assert (await service.said())[-1]["title"] == "Reflexer"
    assert (await disposed(service, slipped)).revisions == 1
    assert [event["revision"] for event in await service.said()] == [1, 2, 2, 3, 3]


async def test_records_set_aside_that_speak_of_it_or_hold_its_text_are_given_up(
    service: Service, slipped: Accepted
) -> None:
    structured = {"specversion": "1.0", "id": "s", "source": "/tests/umea-kommun", "type": "t", "subject": "r"}
    mine, value = said("retracted", "1", "r", reason=SLIP)
    mine = [(name, b"/tests/umea-kommun" if name == "ce_source" else text) for name, text in mine]
    await set_aside(service, 0, (mine, value))
    await set_aside(service, 1, ([("content-type", b"application/cloudevents+json")], json.dumps(structured).encode()))
    await set_aside(service, 2, said("reported", "3", "another", title=SLIP))
    await set_aside(service, 3, ([], SLIP.encode()))
    await set_aside(service, 4, said("reported", "4", "another", title="Ordinary"))
    await set_aside(service, 5, said("retracted", "5", "r"))
    assert (await disposed(service, slipped)).dead_letters == 4
    left = await service.rows('SELECT "offset", resolution FROM dead_letter WHERE value IS NOT NULL ORDER BY id')
    assert [tuple(row) for row in left] == [(4, None), (5, None)]
    given_up = await service.rows("SELECT DISTINCT resolution FROM dead_letter WHERE value IS NULL")
    assert [row["resolution"] for row in given_up] == ["discarded"]
    await nowhere(service)


async def test_a_change_that_still_waits_for_it_loses_its_text_and_is_a_command_still(
    service: Service, slipped: Accepted
) -> None:
    async with service.database.transaction() as work:
        for kind, more in (("correct", {"content": content(title=SLIP)}), ("retract", {"reason": SLIP})):
            waits = command(kind, about="r", patient=True, **more)
            await acceptance.wait(work.sql, waits, NOW)
        await acceptance.wait(work.sql, command("retract", about="r", patient=True), NOW)
    assert (await disposed(service, slipped)).early_birds == 2
    await nowhere(service)
    async with service.database.transaction() as work:
        assert len(await acceptance.expired(work.sql, NOW + timedelta(days=8))) == 3


async def test_another_activity_keeps_its_text(service: Service, slipped: Accepted) -> None:
    await service.accepted(report("other", title="Reflexer"))
    await disposed(service, slipped)
    assert (await service.said())[2]["title"] == "Reflexer"
