"""Child processes that die with their parent, and servers waited for until they really answer."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class StartError(RuntimeError):
    """A server did not come up; the end of its log is in the message."""


def spawn(
    command: Sequence[str], *, log: Path, user: tuple[int, int] | None = None, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a process of its own group, writing to `log`; `user` is (uid, gid) to become first."""

    def prepare() -> None:
        if user is not None:
            os.setgroups([])
            os.setgid(user[1])
            os.setuid(user[0])
        if _LIBC is not None:
            _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=None if env is None else dict(env),
            start_new_session=True,
            preexec_fn=prepare,  # noqa: PLW1509
        )


def wait_for(
    answers: Callable[[], bool], process: subprocess.Popen[bytes], *, log: Path, what: str, within: float = 60
) -> None:
    """Ask until the server answers.

    Raises:
        StartError: it ended, or did not answer in `within` seconds.
    """
    until = time.monotonic() + within
    while not answers():
        if process.poll() is not None:
            raise StartError(f"{what} ended with status {process.returncode}:\n{tail(log)}")
        if time.monotonic() > until:
            raise StartError(f"{what} did not answer within {within:.0f} s:\n{tail(log)}")
        time.sleep(0.03)


def stop(process: subprocess.Popen[bytes], *, how: signal.Signals = signal.SIGTERM, within: float = 15) -> None:
    """End a process, gently first."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log: Path, lines: int = 12) -> str:
    """The end of a log."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port(wanted: int | None = None) -> int:
    """`wanted` if nobody listens there, otherwise any free port of the loopback address."""
    for port in (wanted or 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise StartError("no port of 127.0.0.1 is free")
