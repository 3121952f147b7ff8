"""`python -m tests.torture.pointed SERVICE`: the service itself, with a trap at each of its durable boundaries.

A trap is armed by a file that says what shall happen; whoever takes the file away does it, once.
"""

import functools
import importlib
import os
import runpy
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Sized
from pathlib import Path
from typing import Any

from tests.torture.points import ACTIONS, POINTS, Action, Point

FOLDER = "TORTURE_POINTS"
Function = Callable[..., Awaitable[Any]]


class Traps:
    """A folder of files `SERVICE.POINT.ACTION.armed` and, where one was sprung, `.hit`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def arm(self, point: Point, action: Action) -> None:
        self._folder.mkdir(exist_ok=True)
        self._file(point, action, "armed").touch()

    def disarm(self, point: Point, action: Action) -> None:
        self._file(point, action, "armed").unlink(missing_ok=True)

    def was_hit(self, point: Point, action: Action) -> bool:
        return self._file(point, action, "hit").exists()

    def spring(self, point: Point) -> Action | None:
        """The action if the trap is armed and nobody else took it."""
        for action in ACTIONS:
            try:
                self._file(point, action, "armed").rename(self._file(point, action, "hit"))
            except FileNotFoundError:
                continue
            return action
        return None

    def _file(self, point: Point, action: Action, state: str) -> Path:
        return self._folder / f"{point.service}.{point.name}.{action}.{state}"


def act(action: Action, point: Point) -> None:
    """Die, stop until somebody continues this process, or raise what passes by itself."""
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "freeze":
        os.kill(os.getpid(), signal.SIGSTOP)
    if action == "exception":
        raise ConnectionResetError(f"torture at {point.name}")


def trapped(work: Function, point: Point, traps: Traps) -> Function:
    """The function with the trap on its side of the boundary."""

    def look(*, passes: bool) -> None:
        if passes and (action := traps.spring(point)):
            act(action, point)

    @functools.wraps(work)
    async def whole(*args: Any, **more: Any) -> Any:  # noqa: ANN401
        busy = point.counts != "work" or all(each for each in args if isinstance(each, Sized))
        if point.side == "before":
            look(passes=busy)
        answer = await work(*args, **more)
        if point.side == "after":
            look(passes=busy and (bool(answer) or point.counts != "answer"))
        return answer

    return whole


def owner_of(place: str) -> tuple[Any, str]:
    """What holds the function, and under which name."""
    module, name = place.split(":")
    *inside, last = name.split(".")
    return functools.reduce(getattr, inside, importlib.import_module(module)), last


def points_of(service: str) -> Iterator[Point]:
    return (point for point in POINTS if point.service == service)


def main() -> None:
    service, traps = sys.argv[1], Traps(Path(os.environ[FOLDER]))
    for point in points_of(service):
        owner, name = owner_of(point.place)
        setattr(owner, name, trapped(getattr(owner, name), point, traps))
    sys.argv = [service, "serve"]
    runpy.run_module(service, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
