"""Many at once: one activity, one answer, revisions without gaps, and nothing that passes each other unseen."""

import asyncio
import contextlib
from collections import Counter
from dataclasses import replace

from activities.domain.commands import Accepted, Outcome, Refused

from services.activities.tests.driving import POLICE, Service, command, content, eventually, report

MANY = 20


def codes(outcomes: list[list[Outcome]]) -> Counter[str]:
    return Counter(each.code if isinstance(each, Refused) else "accepted" for [each] in outcomes)


async def settled(service: Service, task: asyncio.Task[object]) -> None:
    """The task is done, or waits for a lock that another transaction of this database holds."""
    waiting = """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
    """

    async def question() -> bool:
        return task.done() or bool(await service.database.pool.fetchval(waiting))

    await eventually(question)


async def test_twenty_identical_reports_are_one_activity_with_one_answer(service: Service) -> None:
    outcomes = await asyncio.gather(*(service.take(report()) for _ in range(MANY)))
    assert isinstance(outcomes[0][0], Accepted)
    assert all(each == outcomes[0] for each in outcomes)
    assert await service.left() == [1, 1, 1, 1]


async def test_of_twenty_contents_under_one_id_exactly_one_wins(service: Service) -> None:
    different = [report(title=str(number), reference=str(number)) for number in range(MANY)]
    outcomes = await asyncio.gather(*(service.take(each) for each in different))
    assert codes(outcomes) == {"accepted": 1, "other_content": MANY - 1}
    assert await service.left() == [1, 1, 1, 1]


async def test_of_twenty_reports_with_one_reference_exactly_one_wins(service: Service) -> None:
    outcomes = await asyncio.gather(*(service.take(report(f"e{n}", reference="r")) for n in range(MANY)))
    assert codes(outcomes) == {"accepted": 1, "reference_taken": MANY - 1}
    assert await service.left() == [1, 1, 1, 1]


async def test_revisions_have_no_gaps_and_are_said_in_their_order(service: Service) -> None:
    known = await service.accepted(report())
    changes = [command("correct", about=known, content=content(title=str(n))) for n in range(MANY)]
    changes.append(command("confirm", by=POLICE, about=known))
    outcomes = await asyncio.gather(*(service.take(each) for each in changes))
    assert codes(outcomes) == {"accepted": MANY + 1}
    assert [number for _, number in await service.revisions()] == list(range(1, MANY + 3))
    assert [event["revision"] for event in await service.said()] == list(range(1, MANY + 3))


async def test_of_twenty_corrections_of_one_revision_exactly_one_wins(service: Service) -> None:
    known = await service.accepted(report())
    changes = [command("correct", about=known, content=content(title=str(n)), expected=1) for n in range(MANY)]
    outcomes = await asyncio.gather(*(service.take(each) for each in changes))
    assert codes(outcomes) == {"accepted": 1, "stale_revision": MANY - 1}


async def test_twenty_identical_corrections_are_one_revision(service: Service) -> None:
    asked = command("correct", about=await service.accepted(report()), content=content(title="a"), expected=1)
    outcomes = await asyncio.gather(*(service.take(asked) for _ in range(MANY)))
    assert {each.revision for [each] in outcomes if isinstance(each, Accepted)} == {2}
    assert await service.revisions() == [("log", 1), ("correct", 2)]


async def test_one_id_for_changes_of_two_activities_changes_one(service: Service) -> None:
    one, other = await service.accepted(report("e1")), await service.accepted(report("e2"))
    first = command("retract", about=one, event_id="x")
    async with service.database.transaction() as work:
        await service.accept(work, first)
        second = asyncio.create_task(service.take(replace(first, activity_id=other.activity_id)))
        await settled(service, second)
    assert codes([await second]) == {"other_content": 1}
    assert await service.left() == [2, 3, 3, 3]


async def test_a_change_that_comes_while_its_report_is_being_accepted_is_not_lost(service: Service) -> None:
    async with service.database.transaction() as work:
        await service.accept(work, report(reference="r"))
        bird = asyncio.create_task(service.take(command("retract", about="r", patient=True)))
        await settled(service, bird)
    await bird
    assert await service.revisions() == [("log", 1), ("retract", 2)]


async def test_a_report_that_comes_while_its_change_is_put_to_wait_meets_it(service: Service) -> None:
    async with service.database.transaction() as work:
        await service.accept(work, command("retract", about="r", patient=True))
        log = asyncio.create_task(service.take(report(reference="r")))
        await settled(service, log)
    await log
    assert await service.revisions() == [("log", 1), ("retract", 2)]


async def test_reports_of_one_organisation_do_not_wait_for_each_other(service: Service) -> None:
    async with service.database.transaction() as work:
        await service.accept(work, report("e1"))
        async with asyncio.timeout(20):
            await service.accepted(report("e2"))


async def test_who_waits_for_a_winner_that_gives_up_is_accepted(service: Service) -> None:
    with contextlib.suppress(ConnectionAbortedError):
        async with service.database.transaction() as work:
            await service.accept(work, report())
            log = asyncio.create_task(service.take(report()))
            await settled(service, log)
            raise ConnectionAbortedError
    assert codes([await log]) == {"accepted": 1}
    assert await service.left() == [1, 1, 1, 1]
