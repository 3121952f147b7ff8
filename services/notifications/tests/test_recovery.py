import asyncio
from typing import TYPE_CHECKING

import pytest
from chassis.lease import Lease
from notifications.application.digests import Digests
from notifications.store import mails

if TYPE_CHECKING:
    from services.notifications.tests.conftest import Deadlines, House

MORNING = "2026-11-02 07:30"
BOXES = ["polis@polisen.example", "trafik@umea.example"]


async def end_lease(house: "House") -> None:
    """As if the holder had died and its lease run out."""
    await house.database.pool.execute("UPDATE lease SET expires_at = '-infinity'")


class Frozen:
    """Holds the first mail inside DATA until it is let go."""

    def __init__(self, house: "House") -> None:
        self._house = house
        self.inside = asyncio.Event()
        self.go_on = asyncio.Event()
        house.inbox.handed = self._first

    async def _first(self) -> None:
        if not self.inside.is_set():
            self.inside.set()
            await self.go_on.wait()


@pytest.fixture
async def frozen(house: "House", deadline: "Deadlines") -> Frozen:
    await house.tell(deadline.approaching(awaited=("umea-kommun",)))
    return Frozen(house)


async def test_an_attempt_that_a_dead_holder_left_open_is_made_once_more(house: "House", frozen: Frozen) -> None:
    first = asyncio.create_task(house.at(MORNING))
    async with asyncio.timeout(20):
        await frozen.inside.wait()
    await end_lease(house)
    await house.at(MORNING, house.replica())
    assert await house.mails() == ["sent"]
    assert [outcome for _, outcome, _ in await house.attempts()] == ["unknown", "sent"]
    said = await house.said()
    frozen.go_on.set()
    await first
    assert [outcome for _, outcome, _ in await house.attempts()] == ["unknown", "sent"]
    assert (await house.said(), len(said), house.inbox.entered) == (said, 1, 2)


async def test_an_attempt_of_its_own_that_a_fault_left_open_is_made_once_more(
    house: "House", deadline: "Deadlines"
) -> None:
    await house.tell(deadline.approaching(awaited=("umea-kommun",)))
    lease = Lease("sender")
    sender = house.sender(lease)
    house.set_clock(MORNING)
    await Digests(house.database, house.recipients.book, house.settings.mail_from).build(house.clock.now())
    async with house.database.pool.acquire() as sql:
        await lease.hold(sql)
        (mail,) = await mails.to_try(sql, 1)
    assert await sender.begin(mail)
    assert await house.mails() == ["attempting"]
    await sender.drain()
    assert await house.mails() == ["sent"]
    assert await house.attempts() == [(True, "unknown", None), (True, "sent", 250)]
    assert house.inbox.entered == 1


async def test_two_dead_holders_leave_the_mail_uncertain(house: "House", frozen: Frozen) -> None:
    first = asyncio.create_task(house.at(MORNING))
    async with asyncio.timeout(20):
        await frozen.inside.wait()
    await end_lease(house)
    again = Frozen(house)
    second = asyncio.create_task(house.at(MORNING, house.replica()))
    async with asyncio.timeout(20):
        await again.inside.wait()
    await end_lease(house)
    await house.at(MORNING, house.replica())
    assert (await house.mails(), house.inbox.entered) == (["uncertain"], 2)
    frozen.go_on.set()
    again.go_on.set()
    await asyncio.gather(first, second)
    assert (await house.mails(), house.inbox.entered) == (["uncertain"], 2)


async def test_a_holder_that_froze_before_handing_over_hands_nothing_over(
    house: "House", deadline: "Deadlines"
) -> None:
    await house.tell(deadline.approaching(awaited=("umea-kommun",)))
    other = house.replica()

    async def overtaken() -> None:
        house.inbox.addressed = _nothing
        await end_lease(house)
        await house.at(MORNING, other)

    house.inbox.addressed = overtaken
    with pytest.raises(Exception, match="another replica sends"):
        await house.at(MORNING)
    assert (len(house.inbox.kept), house.inbox.entered) == (1, 1)


async def _nothing() -> None: ...


async def test_a_stop_lets_the_mail_that_is_being_handed_over_finish(house: "House", frozen: Frozen) -> None:
    work = asyncio.create_task(house.at(MORNING))
    async with asyncio.timeout(20):
        await frozen.inside.wait()
        work.cancel()
        frozen.go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await work
    assert await house.mails() == ["sent"]


async def test_two_schedulers_at_once_send_each_mail_once(house: "House", deadline: "Deadlines") -> None:
    await house.tell(*(deadline.approaching(obligation=f"o-{n}", municipality=f"24{n:02}") for n in range(20)))
    house.set_clock(MORNING)
    running = [asyncio.create_task(house.replica().run()) for _ in range(2)]
    async with asyncio.timeout(30):
        while await house.mails() != ["sent", "sent"]:
            assert not any(task.done() for task in running)
            await asyncio.sleep(0.05)
    for task in running:
        task.cancel()
    await asyncio.wait(running)
    assert sorted(to for to, _ in house.inbox.kept) == BOXES
    assert len(await house.said()) == 40


async def test_two_digest_builders_at_once_build_each_digest_once(house: "House", deadline: "Deadlines") -> None:
    await house.tell(*(deadline.approaching(obligation=f"o-{n}") for n in range(20)))
    house.set_clock(MORNING)
    await asyncio.gather(*(house.replica()._digests.build(house.clock.now()) for _ in range(4)))
    assert await house.mails() == ["queued", "queued"]
    await house.at(MORNING)
    assert sorted(to for to, _ in house.inbox.kept) == BOXES
    assert len(await house.said()) == 40


async def test_who_has_no_lease_sends_nothing(house: "House", deadline: "Deadlines") -> None:
    await house.tell(deadline.approaching())
    await house.scheduler.hold()
    await house.at(MORNING, house.replica())
    assert (await house.mails(), house.inbox.kept) == ([], [])
