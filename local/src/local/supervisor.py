"""Keeps processes running: one that dies is started again, with growing pauses, and it is said."""

import asyncio
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local.children import spawn, stop

POLL = 0.05
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
STABLE = 30.0


@dataclass(slots=True)
class Child:
    """A process and how often it was started again; `resume_at` is set while it waits to be."""

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str]
    process: subprocess.Popen[bytes]
    started_at: float = field(default_factory=time.monotonic)
    restarts: int = 0
    pause: float = FIRST_PAUSE
    resume_at: float | None = None


class Supervisor:
    """`say` tells the person at the terminal."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.children: dict[str, Child] = {}
        self._say = say

    def start(self, name: str, command: Sequence[str], *, log: Path, env: Mapping[str, str]) -> None:
        """Start a process and look after it from now on."""
        self.children[name] = Child(name, command, log, env, spawn(command, log=log, env=env))

    async def watch(self) -> None:
        """Start again what ended, until cancelled."""
        while True:
            for child in self.children.values():
                self._look(child, time.monotonic())
            await asyncio.sleep(POLL)

    def stop(self) -> None:
        """End all, the last one started first."""
        for child in reversed(self.children.values()):
            stop(child.process)

    def _look(self, child: Child, now: float) -> None:
        if child.resume_at is not None:
            if now >= child.resume_at:
                child.process, child.started_at, child.resume_at = self._again(child), now, None
        elif child.process.poll() is not None:
            child.pause = FIRST_PAUSE if now - child.started_at > STABLE else min(child.pause * 2, LONGEST_PAUSE)
            child.resume_at = now + child.pause
            self._say(f"{child.name} ended with status {child.process.returncode}; starting it again ({child.log})")

    def _again(self, child: Child) -> subprocess.Popen[bytes]:
        child.restarts += 1
        return spawn(child.command, log=child.log, env=child.env)
