"""Simulated time that jumps is noticed at once."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from chassis.clock import FileClock, SystemClock, follow


def write(place: Path, moment: datetime) -> None:
    """Replace the file as whoever plays time does."""
    partial = place.with_suffix(".new")
    partial.write_text(moment.isoformat(), encoding="ascii")
    partial.replace(place)


async def test_a_jump_of_simulated_time_is_told_and_only_a_jump(tmp_path: Path) -> None:
    place = tmp_path / "clock"
    first, second = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    write(place, first)
    clock = FileClock(place)
    told: asyncio.Queue[datetime] = asyncio.Queue()
    following = asyncio.create_task(follow(clock, lambda: told.put_nowait(clock.now())))
    await asyncio.sleep(0)
    write(place, second)
    async with asyncio.timeout(5):
        assert await told.get() == second
    write(place, first)
    write(place, second)
    write(place, datetime(2026, 3, 1, tzinfo=UTC))
    async with asyncio.timeout(5):
        assert await told.get() == datetime(2026, 3, 1, tzinfo=UTC)
    assert told.empty()
    following.cancel()


async def test_the_systems_clock_is_not_followed() -> None:
    async with asyncio.timeout(5):
        await follow(SystemClock(), lambda: None)
