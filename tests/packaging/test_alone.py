"""Each member is installed alone: its environment holds what it builds on and nothing else of ours."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from local.places import ROOT

SERVICES = {"activities", "promises", "notifications"}
ENTRANCES = {service: f"{service}.main" for service in SERVICES} | {
    "local": "local.system",
    "local without a system": "local.__main__",
    "chassis": "chassis.consuming",
}
ROOMS = ["contracts", *ENTRANCES.values()]
"""What is imported: the module that pulls in the rest of its room."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git keeps, without any environment."""
    place = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    return place


@pytest.mark.parametrize(
    ("member", "knows"),
    [
        ("contracts", {"contracts"}),
        ("chassis", {"contracts", "chassis"}),
        *((service, {"contracts", "chassis", service}) for service in sorted(SERVICES)),
        ("local", {"contracts", "local without a system"}),
        ("local[system]", {"contracts", "chassis", "local without a system", "local", *SERVICES}),
    ],
)
def test_a_member_installed_alone_knows_what_it_builds_on_and_no_other(
    checkout: Path, member: str, knows: set[str]
) -> None:
    clean = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    name, _, extra = member.rstrip("]").partition("[")
    uv = [str(ROOT / ".uv" / "bin" / "uv"), "sync", "-q", "--no-dev", "--package", f"lofteskollen-{name}"]
    uv += ["--extra", extra] if extra else []
    subprocess.run(uv, cwd=checkout, env=clean, check=True, timeout=300)
    python = checkout / ".venv" / "bin" / "python"

    def imports(room: str) -> bool:
        command = [str(python), "-W", "error", "-c", f"import {room}"]
        return subprocess.run(command, cwd=checkout.parent, env=clean, check=False, capture_output=True).returncode == 0

    assert {room for room in ROOMS if imports(room)} == {ENTRANCES.get(room, room) for room in knows}
