"""A change that comes before the report it speaks of waits for it, at most 7 days."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from activities.application import accept
from activities.application.expiry import expire
from activities.domain.commands import Command, Waiting
from activities.store.waiting import early_birds

from services.activities.tests.driving import POLICE, STRANGER, TOWN, Service, command, content, report

ID = UUID("01890000-0000-7000-8000-000000000001")


@pytest.fixture
def foreseen(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """The id that the next activity will have, so that a partner can speak of it beforehand."""
    monkeypatch.setattr(accept, "uuid7", lambda: ID)
    return ID


def early(kind: str, **more: Any) -> Command:  # noqa: ANN401
    return command(kind, about="r", patient=True, **more)


def correction(title: str = "Rättad", **changes: object) -> Command:
    return early("correct", content=content(title=title, **changes))


async def kept(service: Service) -> list[tuple[str, str]]:
    rows = await service.rows("SELECT organisation, code FROM refusal ORDER BY id")
    return [(row["organisation"], row["code"]) for row in rows]


async def test_a_correction_before_its_report_waits_and_is_applied(service: Service) -> None:
    assert await service.take(correction()) == [Waiting()]
    assert await service.left() == [0, 0, 0, 1]
    assert (await service.accepted(report(reference="r"))).revision == 1
    assert await service.revisions() == [("log", 1), ("correct", 2)]
    first, second = await service.said()
    assert [first["revision"], second["revision"], second["title"]] == [1, 2, "Rättad"]
    assert await service.rows("SELECT * FROM early_bird") == []


async def test_one_that_waited_is_answered_with_its_revision_when_it_comes_again(service: Service) -> None:
    asked = correction()
    assert await service.take(asked, asked) == [Waiting(), Waiting()]
    await service.accepted(report(reference="r"))
    assert (await service.accepted(asked)).revision == 2
    assert await service.revisions() == [("log", 1), ("correct", 2)]


async def test_other_content_under_the_id_of_one_that_waits_is_refused(service: Service) -> None:
    asked = correction()
    await service.take(asked)
    assert await service.refused(command("retract", about="r", patient=True, event_id=asked.event_id)) == (
        "other_content"
    )


@pytest.mark.parametrize("order", list(permutations(["correct", "retract", "confirm"])))
async def test_they_come_in_any_order_and_what_does_not_fit_is_kept_as_refused(
    service: Service, foreseen: UUID, order: tuple[str, ...]
) -> None:
    birds = {
        "correct": correction(),
        "retract": early("retract"),
        "confirm": command("confirm", by=POLICE, about=foreseen, patient=True),
    }
    for kind in order:
        assert await service.take(birds[kind]) == [Waiting()]
    await service.accepted(report(reference="r"))
    fitting = [*order[: order.index("retract")], "retract"]
    assert [kind for kind, _ in await service.revisions()] == ["log", *fitting]
    assert [event["revision"] for event in await service.said()] == list(range(1, len(fitting) + 2))
    codes = {"correct": (TOWN, "already_retracted"), "confirm": (POLICE, "not_done")}
    assert await kept(service) == [codes[kind] for kind in order[order.index("retract") + 1 :]]


async def test_a_partners_confirmation_from_a_source_of_its_own_is_applied(service: Service, foreseen: UUID) -> None:
    await service.take(command("confirm", by=POLICE, about=foreseen, patient=True))
    await service.accepted(report(reference="r"))
    *_, event = await service.said()
    assert (event["revision"], event["confirmed_by"]) == (2, [POLICE])


async def test_what_the_sender_may_not_do_is_refused_when_the_report_comes(service: Service, foreseen: UUID) -> None:
    await service.take(
        command("confirm", by=STRANGER, about=foreseen, patient=True), correction(obligations=("tillganglig-polis",))
    )
    await service.accepted(report(reference="r"))
    assert await service.revisions() == [("log", 1)]
    assert await kept(service) == [(STRANGER, "unknown_activity"), (TOWN, "foreign_authority")]


async def test_7_14_only_the_reference_of_the_same_organisation_and_source_is_met(service: Service) -> None:
    elsewhere = command("retract", about="r", patient=True, source="/another")
    await service.take(elsewhere, command("retract", by=POLICE, about="r", patient=True))
    await service.accepted(report(reference="r"))
    assert await service.revisions() == [("log", 1)]


@pytest.mark.parametrize(("days", "applied"), [(6, 2), (7, 1)])
async def test_one_waits_for_less_than_seven_days(service: Service, days: int, applied: int) -> None:
    await service.take(correction())
    service.clock.moment += timedelta(days=days)
    await service.accepted(report(reference="r"))
    assert len(await service.revisions()) == applied


async def test_at_a_door_that_answers_nobody_waits(service: Service) -> None:
    assert await service.refused(command("retract", about=uuid4())) == "unknown_activity"
    assert await service.left() == [0, 0, 0, 0]


async def test_a_change_whose_activity_never_comes_is_refused_after_seven_days_and_its_id_is_free(
    service: Service,
) -> None:
    assert await service.take(early("retract", reason="fel")) == [Waiting()]
    assert await expire(service.database, service.clock) == 0
    service.clock.moment += timedelta(days=7)
    assert await expire(service.database, service.clock) == 1
    [refusal] = await service.rows("SELECT code FROM refusal")
    assert refusal["code"] == "unknown_activity"
    assert await service.rows("SELECT 1 FROM accepted") == []


async def test_what_waits_is_shown_to_the_operator_without_what_it_says(service: Service) -> None:
    await service.take(correction("Hemlig titel"))
    async with service.database.pool.acquire() as sql:
        (row,) = (await early_birds(sql))["early_birds"]
    assert (row["organisation"], row["kind"], row["reference"]) == (TOWN, "correct", "r")
    assert "Hemlig" not in str(row)
