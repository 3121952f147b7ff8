"""Acceptance on PostgreSQL: the same id and content is one activity, and a refusal leaves nothing behind."""

from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest
from activities.application.doors import Doors
from activities.domain.activity import Content
from activities.domain.baseline import Baseline
from activities.domain.commands import Accepted, BaselineAccepted, Command, Refused

from services.activities.tests.driving import CODE, NOW, POLICE, STRANGER, TOWN, Service, command, content, report


def codes(outcomes: object) -> list[str | int]:
    assert isinstance(outcomes, list)
    return [each.code if isinstance(each, Refused) else each.revision for each in outcomes]


def baseline(event_id: str, total: int, period: str = "2026/27") -> Command:
    said = Baseline(CODE, "trafik-ak4", period, "pupils_offered", total)
    return Command("baseline", TOWN, "/tests", event_id, baseline=said)


async def test_an_accepted_report_is_kept_and_said_with_its_whole_state(service: Service) -> None:
    answer = await service.accepted(report(title="Reflexer delades ut", themes=("reflector",)))
    [event] = await service.said()
    assert event["activity_id"] == str(answer.activity_id)
    assert (event["revision"], event["organisation"], event["reference"]) == (1, TOWN, "ref-e1")
    assert (event["title"], event["visibility"], event["catalogue_revision"]) == ("Reflexer delades ut", "public", 1)
    assert event["footprint"] == [{"obligation": "cykel-gang", "counted_on": "2026-11-09"}]
    assert await service.left() == [1, 1, 1, 1]


async def test_the_same_report_again_has_the_same_answer_and_makes_nothing(service: Service) -> None:
    answer = await service.accepted(report())
    service.clock.moment += timedelta(hours=5)
    assert await service.accepted(report()) == answer
    assert await service.take(report(), report()) == [answer, answer]
    assert await service.left() == [1, 1, 1, 1]


async def test_a_repetition_is_answered_as_it_was_first_though_the_activity_changed_since(service: Service) -> None:
    answer = await service.accepted(report())
    await service.accepted(command("retract", about=answer))
    assert await service.accepted(report()) == answer


async def test_other_content_under_a_known_id_is_refused_and_changes_nothing(service: Service) -> None:
    await service.accepted(report())
    for other in (report(title="Annan"), report(reference="other"), report(status="planned")):
        assert await service.refused(other) == "other_content"
    answer = await service.accepted(report("e2"))
    assert await service.refused(command("retract", about=answer, event_id="e1")) == "other_content"
    assert await service.left() == [2, 2, 2, 2]


async def test_7_14_an_event_id_belongs_to_its_organisation_and_source(service: Service) -> None:
    elsewhere = replace(report(), source="/another")
    outcomes = await service.take(report(), report(by=POLICE), elsewhere)
    assert len({each.activity_id for each in outcomes if isinstance(each, Accepted)}) == 3


async def test_7_14_a_reference_that_another_activity_has_is_refused(service: Service) -> None:
    await service.accepted(report("e1", reference="r"))
    assert await service.refused(report("e2", reference="r")) == "reference_taken"
    assert codes(await service.take(report("e3", reference="s"), report("e4", reference="s"))) == [1, "reference_taken"]
    assert await service.left() == [2, 2, 2, 2]
    assert (await service.accepted(report("e4", reference="free"))).reference == "free"


async def test_each_item_of_a_list_is_accepted_or_refused_alone(service: Service) -> None:
    mixed = [
        report("e1"),
        report("e2", obligations=("nothing",)),
        report("e3", occurred_at=NOW + timedelta(days=1)),
        report("e1"),
        report("e1", title="Annan"),
        report("e4", by=STRANGER),
        report("e5"),
    ]
    outcomes = await service.take(*mixed)
    expected = [1, "unknown_obligation", "done_in_future", 1, "other_content", "foreign_authority", 1]
    assert codes(outcomes) == expected
    assert await service.left() == [2, 2, 2, 2]


async def test_a_refused_id_is_free_for_the_mended_report_in_the_same_list_too(service: Service) -> None:
    wrong, right = report(themes=("nothing",)), report(themes=("reflector",))
    assert codes(await service.take(wrong, right, wrong)) == ["unknown_theme", 1, "other_content"]
    assert await service.left() == [1, 1, 1, 1]


async def test_reports_and_changes_of_one_list_are_taken_in_their_order(service: Service) -> None:
    outcomes = await service.take(
        report("e1", reference="a"),
        command("correct", about="a", content=content(title="Rättad")),
        report("e2", reference="b"),
        command("retract", about="a"),
        command("correct", about="a", content=content()),
    )
    assert codes(outcomes) == [1, 2, 1, 3, "already_retracted"]
    said = [(event["reference"], event["revision"]) for event in await service.said()]
    assert said == [("a", 1), ("a", 2), ("b", 1), ("a", 3)]


async def test_a_refusal_at_the_door_is_kept_and_nothing_else(service: Service, doors: Doors) -> None:
    await doors.http([report(obligations=("nothing",)), report("e2", by=STRANGER)])
    assert await service.left() == [0, 0, 0, 0]
    kept = await service.rows("SELECT organisation, event_id, reference, door, code FROM refusal ORDER BY id")
    assert [tuple(row) for row in kept] == [
        (TOWN, "e1", "ref-e1", "http", "unknown_obligation"),
        (STRANGER, "e2", "ref-e2", "http", "foreign_authority"),
    ]


async def test_what_fails_halfway_leaves_nothing(service: Service) -> None:
    broken: Content = content(title="a\x00b")
    with pytest.raises(asyncpg.PostgresError, match="u0000"):
        await service.take(report("e1"), replace(report("e2"), content=broken))
    assert await service.left() == [0, 0, 0, 0]


async def test_a_later_baseline_is_the_next_revision_and_a_repetition_none(service: Service) -> None:
    first = await service.take(baseline("b1", 541))
    assert isinstance(first[0], BaselineAccepted)
    assert codes(await service.take(baseline("b2", 542), baseline("b3", 9, "2027/28"))) == [2, 1]
    assert await service.take(baseline("b1", 541)) == first
    assert codes(await service.take(baseline("b1", 9))) == ["other_content"]
    assert [(event["period"], event["revision"], event["total"]) for event in await service.said()] == [
        ("2026/27", 1, 541),
        ("2026/27", 2, 542),
        ("2027/28", 1, 9),
    ]
