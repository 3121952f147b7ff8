from collections.abc import Sequence
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from contracts.promises import DeadlineState

if TYPE_CHECKING:
    from services.notifications.tests.conftest import Deadlines, House

POLICE, TOWN = "polisen-lpo-umea", "umea-kommun"
MORNING = "2026-11-02 07:30"
STORY = """
SELECT r.stage, r.organisation, r.role, r.state, r.revision, r.late, r.due_at, d.revision, d.awaited, d.settled
FROM deadline AS d LEFT JOIN reminder AS r USING (deadline_id) ORDER BY r.stage, r.organisation, r.role
"""


async def state(house: "House") -> list[tuple[object, ...]]:
    return [tuple(row) for row in await house.database.pool.fetch(STORY)]


async def forget(house: "House") -> None:
    await house.database.pool.execute("TRUNCATE deadline, reminder CASCADE")


def told(deadline: "Deadlines") -> dict[str, Sequence[DeadlineState]]:
    """What the promises service tells of a slot, in its order."""
    half = {"awaited": (POLICE,), "reported": (TOWN,)}
    return {
        "reported by both in the end": [
            deadline.approaching(1, "half_time"),
            deadline.approaching(2, "days_20"),
            deadline.settled(3, **half),
            deadline.approaching(4, "days_10", **half),
            deadline.settled(5),
        ],
        "reopened by a retraction": [
            deadline.approaching(1, "days_20"),
            deadline.settled(2),
            deadline.approaching(3, "days_20", late=True),
        ],
        "reopened for one": [
            deadline.approaching(1, "days_20"),
            deadline.settled(2, **half),
            deadline.approaching(3, "days_20"),
            deadline.settled(4, awaited=(TOWN,), reported=(POLICE,)),
        ],
        "a stage that mails nobody, then missed": [
            deadline.approaching(1, "half_time", mails=()),
            deadline.approaching(2, "days_1", mails=("owner", "manager")),
            deadline.missed(3),
        ],
        "withdrawn": [deadline.approaching(1), deadline.settled(2, cause="withdrawn", reported=())],
    }


@pytest.mark.parametrize(
    "story",
    [
        "reported by both in the end",
        "reopened by a retraction",
        "reopened for one",
        "a stage that mails nobody, then missed",
        "withdrawn",
    ],
)
async def test_any_order_and_repetition_of_the_events_leads_to_the_same_state(
    house: "House", deadline: "Deadlines", story: str
) -> None:
    events = told(deadline)[story]
    await house.tell(*events)
    expected = await state(house)
    for order in permutations(events):
        await forget(house)
        for event in (*order, *reversed(order)):
            await house.tell(event)
        assert await state(house) == expected
        await forget(house)
        await house.tell(*order, *order)
        assert await state(house) == expected


async def test_the_highest_revision_rules_what_is_said_of_a_deadline(house: "House", deadline: "Deadlines") -> None:
    await house.tell(deadline.approaching(2, quote="new"), deadline.approaching(1, quote="old"))
    await house.tell(deadline.approaching(1, quote="older"))
    await house.at(MORNING)
    text = house.inbox.kept[0][1].get_content()
    assert "”new”" in text
    assert "old" not in text


async def test_whoever_is_no_longer_awaited_is_settled_and_the_partner_is_still_told(
    house: "House", deadline: "Deadlines"
) -> None:
    await house.tell(deadline.approaching())
    await house.tell(deadline.settled(2, awaited=(POLICE,), reported=(TOWN,)))
    await house.at(MORNING)
    assert await house.reminders() == {("days_20", TOWN, "owner"): "settled", ("days_20", POLICE, "owner"): "sent"}
    assert [to for to, _ in house.inbox.kept] == ["polis@polisen.example"]


async def test_a_slot_that_reopens_before_its_mail_went_is_mailed(house: "House", deadline: "Deadlines") -> None:
    await house.tell(deadline.approaching(1), deadline.settled(2), deadline.approaching(3))
    await house.at(MORNING)
    assert len(house.inbox.kept) == 2


async def test_a_slot_that_reopens_after_its_mail_went_is_not_mailed_again(
    house: "House", deadline: "Deadlines"
) -> None:
    await house.tell(deadline.approaching(1))
    await house.at(MORNING)
    await house.tell(deadline.settled(2))
    await house.tell(deadline.approaching(3))
    await house.at("2026-11-09 07:30")
    assert len(house.inbox.kept) == 2
    assert set((await house.reminders()).values()) == {"sent"}


async def test_a_slot_that_reopens_after_its_mail_was_given_up_is_mailed(house: "House", deadline: "Deadlines") -> None:
    house.inbox.rcpt = ["450 later"] * 2
    await house.tell(deadline.approaching(1))
    await house.at(MORNING)
    await house.tell(deadline.settled(2))
    await house.until("cancelled", "cancelled")
    await house.tell(deadline.approaching(3))
    await house.until("sent", "sent")
    assert len(house.inbox.kept) == 2


async def test_a_later_stage_of_a_reopened_slot_is_mailed(house: "House", deadline: "Deadlines") -> None:
    await house.tell(deadline.approaching(1))
    await house.at(MORNING)
    house.set_clock("2026-11-16 00:00")
    await house.tell(deadline.settled(2), deadline.approaching(3, "days_10", occurred_at=house.clock.now()))
    await house.at("2026-11-16 07:30")
    assert len(house.inbox.kept) == 4


async def test_a_stage_that_mails_nobody_is_kept_as_such_and_holds_no_other_back(
    house: "House", deadline: "Deadlines"
) -> None:
    await house.tell(deadline.approaching(1, "days_20"), deadline.approaching(2, "days_10", mails=()))
    await house.at(MORNING)
    assert await house.reminders() == {
        ("days_20", POLICE, "owner"): "sent",
        ("days_20", TOWN, "owner"): "sent",
        ("days_10", POLICE, "owner"): "not_mailed",
        ("days_10", TOWN, "owner"): "not_mailed",
    }


async def test_7_20_a_moved_deadline_is_another_one_and_reminds_anew(house: "House", deadline: "Deadlines") -> None:
    await house.tell(deadline.approaching(1, awaited=(TOWN,)))
    await house.tell(deadline.settled(2, cause="moved"), deadline.approaching(1, awaited=(TOWN,), obligation="moved"))
    await house.at(MORNING)
    ((_, mail),) = house.inbox.kept
    assert mail["Subject"].startswith("Löfteskollen: 20 arbetsdagar kvar")
