"""The doctor asks a system that really runs, so that it knows its figures by their names."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from local.places import ONE_PROMISE, SERVICES, story
from local.system import System

from tests.year import running


@pytest.fixture(scope="module")
def system(scratch: Path) -> Iterator[System]:
    (scratch / "stamp").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOFTESKOLLEN_BACKUP_STAMP", str(scratch / "stamp"))
        with running(scratch / "doctor", story(ONE_PROMISE)) as system:
            yield system


def doctor(*addresses: str) -> tuple[int, dict[str, str]]:
    """The status, and what is wrong by what it is."""
    command = [sys.executable, "-m", "local", "doctor", *addresses]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    lines = [line for line in done.stdout.splitlines() if not line.startswith("ok ")]
    return done.returncode, {line.removeprefix("NO ").strip().split("  ")[0]: line for line in lines}


def test_only_what_is_wrong_with_a_running_system_is_wrong(system: System) -> None:
    status, wrong = doctor(*map(system.internal, SERVICES))
    assert (status, [*wrong]) == (1, ["tid / time"]), wrong
    kept = system.keys.jwks.read_text(encoding="ascii")
    system.keys.jwks.write_text('{"keys": []}', encoding="ascii")
    _, wrong = doctor(*map(system.internal, SERVICES))
    assert [*wrong] == ["tid / time", "nycklar / keys"], wrong
    system.keys.jwks.write_text(kept, encoding="ascii")
    _, wrong = doctor(system.api("activities"), system.internal("notifications"))
    assert [*wrong] == ["svar / answer", "tjänster / services", "tid / time"], wrong
    assert "is no service's internal port" in wrong["svar / answer"]
