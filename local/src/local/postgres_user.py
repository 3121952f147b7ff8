"""PostgreSQL refuses root: under root the server alone becomes another user, and needs places that user can reach."""

import hashlib
import os
import pwd
import shutil
from pathlib import Path

from local.children import StartError

User = tuple[int, int]
OPEN = Path("/var/tmp")  # noqa: S108 - survives a restart and is open to every user; what lies there must be root's


def server_user() -> User | None:
    """(uid, gid) of `postgres` or `nobody` under root, nothing for everybody else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return found.pw_uid, found.pw_gid
    raise StartError("PostgreSQL does not run as root and there is no user `postgres` or `nobody`; run as another user")


def reachable(place: Path, user: User | None) -> bool:
    """Whether the user may go through every folder above `place`."""
    return user is None or all(_may_enter(folder, user) for folder in place.absolute().parents if folder.exists())


def home_for(folder: Path, user: User | None) -> Path:
    """`folder` where the user can reach it, otherwise a folder of its own in /var/tmp, emptied if `folder` is new."""
    if reachable(folder, user):
        return folder
    home = _own(f"lofteskollen-data-{hashlib.sha256(bytes(folder.absolute())).hexdigest()[:12]}")
    if not folder.exists():
        shutil.rmtree(home, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return home


def binaries_for(installed: Path, user: User | None) -> Path:
    """The server's binaries, copied once to /var/tmp where the user cannot reach the installed ones.

    `installed` is <package>/pginstall/bin; the libraries it needs lie beside the package, in <package>.libs.
    """
    if reachable(installed / "postgres", user):
        return installed
    stamp = hashlib.sha256(f"{installed.absolute()} {installed.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = _own(f"lofteskollen-postgresql-{stamp}")
    if not copy.exists():
        partial = copy.with_name(f"{copy.name}.{os.getpid()}")
        package = installed.parents[1]
        shutil.copytree(installed.parent, partial / package.name / installed.parent.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name)
        partial.rename(copy)
    return copy / installed.relative_to(installed.parents[2])


def _may_enter(folder: Path, user: User) -> bool:
    status = folder.stat()
    if status.st_uid == user[0]:
        return bool(status.st_mode & 0o100)
    return bool(status.st_mode & (0o010 if status.st_gid == user[1] else 0o001))


def _own(name: str) -> Path:
    place = OPEN / name
    if place.exists() and place.stat().st_uid != os.geteuid():
        raise StartError(f"{place} belongs to somebody else; remove it")
    return place
