"""The only place that reads the wall clock: the system's, or one written in a file for simulated time."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

LOOK = 0.01


class Clock(Protocol):
    """Domain time; `simulated` is shown in `/info`."""

    simulated: bool

    def now(self) -> datetime:
        """This moment, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    simulated = False

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC)


class FileClock:
    """Follows an RFC 3339 time in a file that is replaced atomically, so that processes share it; never backwards."""

    simulated = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = (0, 0)
        self._now = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """The latest time the file has held.

        Raises:
            ValueError: the file holds no time, or one without an offset.
        """
        status = self._path.stat()
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp != self._stamp:
            written = datetime.fromisoformat(self._path.read_text(encoding="ascii").strip())
            if written.tzinfo is None:
                raise ValueError(f"{self._path}: the time has no offset; write Z or +02:00 behind it")
            self._now = max(self._now, written.astimezone(UTC))
            self._stamp = stamp
        return self._now


async def follow(clock: Clock, moved: Callable[[], None]) -> None:
    """Tell that simulated time jumped, so that nobody waits for the next poll; the system's clock never jumps."""
    seen = clock.now()
    while clock.simulated:
        await asyncio.sleep(LOOK)
        if (now := clock.now()) != seen:
            seen = now
            moved()


def clock_of(path: Path | None) -> Clock:
    """The clock that the settings name."""
    return FileClock(path) if path else SystemClock()
