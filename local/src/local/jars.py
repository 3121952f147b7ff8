"""Apache Kafka's jars: fetched once, checked against the sums beside this file, kept outside the checkout."""

import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from jgo.maven import MavenContext

from local.children import StartError

VERSION = "4.3.1"
MEGABYTE = 1_000_000


class JarError(StartError):
    """The jars cannot be had or are not the ones expected; the sentence says what to mend."""


class Jar(NamedTuple):
    """A jar by its path in a Maven repository and its SHA-256."""

    sha256: str
    path: PurePosixPath

    @property
    def coordinates(self) -> tuple[str, str, str]:
        """Group, artifact and version."""
        *group, artifact, version, _ = self.path.parts
        return ".".join(group), artifact, version


def expected() -> list[Jar]:
    """The jars of this Kafka."""
    text = (files("local") / f"kafka-{VERSION}.sha256").read_text(encoding="ascii")
    pairs = (line.split() for line in text.splitlines())
    return [Jar(sha256, PurePosixPath(path)) for sha256, path in pairs]


def cache() -> Path:
    """Where the jars are kept, for every checkout of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "lofteskollen" / f"kafka-{VERSION}"


def check(folder: Path, jar: Jar) -> None:
    """Compare a jar with its sum.

    Raises:
        JarError: it is missing or differs.
    """
    place = folder / jar.path.name
    if not place.is_file():
        raise JarError(f"{place} is missing; remove {folder} and run again")
    found = hashlib.sha256(place.read_bytes()).hexdigest()
    if found != jar.sha256:
        raise JarError(
            f"{place.name} has the SHA-256 {found}, expected is {jar.sha256}; "
            f"remove {folder} and run again, and distrust the mirror if it comes back"
        )


def ensure(folder: Path | None = None, say: Callable[[str], None] = print) -> Path:
    """The folder with every jar checked; fetches what is missing, and says so.

    Raises:
        JarError: a jar cannot be fetched or is not the one expected.
    """
    folder = folder or cache()
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = folder.with_name(f"{folder.name}.partial")
    with _alone(folder.with_name(f"{folder.name}.lock")):
        if not folder.exists():
            partial.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
                _fetch(Path(scratch), partial, say)
            partial.rename(folder)
    for jar in expected():
        check(folder, jar)
    return folder


def _fetch(scratch: Path, folder: Path, say: Callable[[str], None]) -> None:
    jars, loaded = expected(), 0
    context = MavenContext(repo_cache=scratch / "maven", local_repos=[])
    say(f"Hämtar Apache Kafka {VERSION} (45 MB, {len(jars)} jar-filer) · fetching Apache Kafka {VERSION}")
    for number, jar in enumerate(jars, start=1):
        if (folder / jar.path.name).exists():
            continue
        group, artifact, version = jar.coordinates
        try:
            found = Path(context.project(group, artifact).at_version(version).artifact().resolve())
        except Exception as fault:
            raise JarError(
                f"{jar.path.name} cannot be fetched ({type(fault).__name__}: {fault}); "
                "check the network and Maven's mirror settings, then run again"
            ) from fault
        unchecked = Path(shutil.copyfile(found, scratch / jar.path.name))
        check(scratch, jar)
        unchecked.rename(folder / jar.path.name)
        loaded += found.stat().st_size
        _progress(say, number, len(jars), loaded)


def _progress(say: Callable[[str], None], number: int, total: int, loaded: int) -> None:
    if sys.stdout.isatty() or number % 10 == 0 or number == total:
        say(f"  {number:2}/{total}  {loaded / MEGABYTE:5.1f} MB")


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """One process at a time; the lock goes with the process."""
    with place.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
