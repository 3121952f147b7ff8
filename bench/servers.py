"""Processes that are measured: each on its own, with its settings, ended when its round is over."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from chassis.settings import Settings
from local.children import StartError, listens, spawn, stop, tail

PREFIX = "LOFTESKOLLEN_"


def settings_of(environment: Mapping[str, str]) -> Settings:
    """The settings that a process with this environment reads."""
    ours = {name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name.startswith(PREFIX)}
    return Settings.model_validate(ours)


@contextmanager
def running(module: str, *arguments: str, env: Mapping[str, str], log: Path, port: int) -> Iterator[float]:
    """A process until the block ends; gives the moment at which it listened on its port."""
    process = spawn([sys.executable, "-m", module, *arguments], log=log, env=env)
    try:
        until = time.monotonic() + 60
        while not listens(port):
            if process.poll() is not None or time.monotonic() > until:
                raise StartError(f"{module} did not start:\n{tail(log)}")
            time.sleep(0.005)
        yield time.perf_counter()
    finally:
        stop(process)


def answered(module: str, *arguments: str, env: Mapping[str, str], log: Path) -> float:
    """Run a process to its end; answers the number it wrote.

    Raises:
        StartError: it failed, with the end of its log.
    """
    log.unlink(missing_ok=True)
    process = spawn([sys.executable, "-m", module, *arguments], log=log, env=env)
    if process.wait(300):
        raise StartError(f"{module} failed:\n{tail(log)}")
    return float(log.read_text(encoding="utf-8").splitlines()[-1])
