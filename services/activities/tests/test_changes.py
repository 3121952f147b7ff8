"""Corrections, retractions and confirmations of activities that are known."""

from datetime import timedelta
from uuid import uuid4

import pytest
from activities.domain.commands import Accepted

from services.activities.tests.driving import NOW, POLICE, STRANGER, Service, command, content, report


@pytest.fixture
async def known(service: Service) -> Accepted:
    return await service.accepted(report(reference="r"))


async def test_4_8_a_correction_replaces_the_content_and_keeps_the_revision_before(
    service: Service, known: Accepted
) -> None:
    new = content(occasion_key="2026-11-08/reflex", title="Rättad")
    answer = await service.accepted(command("correct", about=known, content=new, expected=1))
    assert (answer.revision, answer.counted_on.isoformat(), answer.reference) == (2, "2026-11-08", "r")
    before, after = await service.said()
    assert ("title" in before, after["title"]) == (False, "Rättad")
    assert [pair["counted_on"] for pair in after["footprint"]] == ["2026-11-08", "2026-11-09"]
    assert await service.revisions() == [("log", 1), ("correct", 2)]


async def test_a_correction_of_an_older_revision_is_stale(service: Service, known: Accepted) -> None:
    await service.accepted(command("correct", about=known, content=content(title="a"), expected=1))
    stale = command("correct", about=known, content=content(title="b"), expected=1)
    assert await service.refused(stale) == "stale_revision"
    assert await service.revisions() == [("log", 1), ("correct", 2)]


async def test_a_repeated_correction_has_the_same_answer_though_its_revision_is_past(
    service: Service, known: Accepted
) -> None:
    asked = command("correct", about=known, content=content(title="a"), expected=1)
    answer = await service.accepted(asked)
    await service.accepted(command("correct", about=known, content=content(title="b"), expected=2))
    assert await service.accepted(asked) == answer
    assert await service.revisions() == [("log", 1), ("correct", 2), ("correct", 3)]


async def test_the_senders_own_reference_names_the_activity_too(service: Service, known: Accepted) -> None:
    assert (await service.accepted(command("retract", about="r"))).activity_id == known.activity_id


@pytest.mark.parametrize("kind", ["correct", "retract"])
async def test_7_14_another_organisations_activity_answers_as_unknown(
    service: Service, known: Accepted, kind: str
) -> None:
    mine = content() if kind == "correct" else None
    for who in (POLICE, STRANGER):
        assert await service.refused(command(kind, by=who, about=known, content=mine)) == "unknown_activity"
    assert await service.refused(command(kind, about=uuid4(), content=mine)) == "unknown_activity"
    assert await service.revisions() == [("log", 1)]


async def test_a_correction_needs_the_same_authority_as_a_report(service: Service, known: Accepted) -> None:
    foreign = content(obligations=("tillganglig-polis",))
    assert await service.refused(command("correct", about=known, content=foreign)) == "foreign_authority"
    future = content(occurred_at=NOW + timedelta(days=1))
    assert await service.refused(command("correct", about=known, content=future)) == "done_in_future"
    assert await service.left() == [1, 1, 1, 1]


async def test_4_8_a_retraction_keeps_everything_and_ends_corrections(service: Service, known: Accepted) -> None:
    answer = await service.accepted(command("retract", about=known, reason="fel dag"))
    assert (answer.status, answer.revision) == ("retracted", 2)
    late = command("correct", about=known, content=content(), expected=2)
    assert await service.refused(late) == "already_retracted"
    assert await service.refused(command("confirm", by=POLICE, about=known)) == "not_done"
    *_, event = await service.said()
    assert (event["status"], event["obligations"]) == ("retracted", ["cykel-gang"])


async def test_the_joint_owner_confirms_once(service: Service, known: Accepted) -> None:
    assert (await service.accepted(command("confirm", by=POLICE, about=known))).revision == 2
    assert (await service.accepted(command("confirm", by=POLICE, about=known))).revision == 2
    assert [event.get("confirmed_by") for event in await service.said()] == [[], [POLICE]]


async def test_nobody_but_a_joint_owner_confirms(service: Service, known: Accepted) -> None:
    assert await service.refused(command("confirm", by=STRANGER, about=known)) == "unknown_activity"
    assert await service.refused(command("confirm", about=known)) == "not_joint"
    alone = await service.accepted(report("e2", by=POLICE, obligations=("tillganglig-polis",)))
    assert await service.refused(command("confirm", about=alone)) == "unknown_activity"
    assert await service.left() == [2, 2, 2, 2]


async def test_a_revision_is_never_recorded_before_the_one_it_follows(service: Service, known: Accepted) -> None:
    service.clock.moment = NOW - timedelta(days=1)
    after = await service.accepted(command("retract", about=known))
    assert after.recorded_at == known.recorded_at == NOW
