"""Each service is installed alone: its environment holds no other service."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from local.places import ROOT

SERVICES = {"activities", "promises", "notifications"}


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


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_a_service_installed_alone_knows_no_other(checkout: Path, service: str) -> None:
    clean = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    uv = [str(ROOT / ".uv" / "bin" / "uv"), "sync", "-q", "--no-dev", "--package", f"lofteskollen-{service}"]
    subprocess.run(uv, cwd=checkout, env=clean, check=True, timeout=300)
    python = checkout / ".venv" / "bin" / "python"

    def imports(name: str) -> bool:
        command = [str(python), "-W", "error", "-c", f"import {name}.main"]
        return subprocess.run(command, cwd=checkout, env=clean, check=False, capture_output=True).returncode == 0

    assert {name for name in SERVICES if imports(name)} == {service}
