"""One system at a time in a folder; the claim goes with the process that made it."""

import fcntl
import os
from pathlib import Path

from local.children import StartError

_held: dict[Path, int] = {}


def claim(folder: Path) -> None:
    """Claim a folder for this process, until it ends.

    Raises:
        StartError: another process has it.
    """
    place = folder.with_name(f"{folder.name}.lock").absolute()
    if place in _held:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(handle, 20, 0).decode()
        os.close(handle)
        raise StartError(f"process {holder} runs a system in {folder}; stop it first") from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)
    _held[place] = handle
