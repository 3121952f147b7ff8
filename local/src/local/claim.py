"""One system at a time in a folder; the claim goes with the process that made it."""

import fcntl
import os
from pathlib import Path
from typing import TextIO

from local.children import StartError

_held: dict[Path, TextIO] = {}


def claim(folder: Path) -> None:
    """Claim a folder for this process, until it ends.

    Raises:
        StartError: another process has it.
    """
    place = folder.with_name(f"{folder.name}.lock").absolute()
    if place in _held:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    handle = place.open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        raise StartError(f"process {handle.read().strip()} runs a system in {folder}; stop it first") from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    _held[place] = handle
