"""What `deploy/compose/prepare.sh` makes is all that docker-compose.yml asks for, and it never takes anything away."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from settings import ROOT

NEEDED = ("deploy/compose", "deploy/prometheus", "local/src/local/year", "local/src/local/recipients.yaml", "catalogue")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What of the repository prepare.sh reads."""
    for name in NEEDED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, tmp_path / name)
    return tmp_path


def prepare(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(checkout / "deploy/compose/prepare.sh"), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def files(checkout: Path) -> dict[str, bytes]:
    made = [checkout / ".env", *(checkout / "installation").rglob("*")]
    return {str(each.relative_to(checkout)): each.read_bytes() for each in made if each.is_file()}


def test_everything_that_compose_takes_of_an_installation_is_made(checkout: Path) -> None:
    assert prepare(checkout, "polisen-lpo-umea", "umea-kommun").returncode == 0
    composed = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"\binstallation/[\w./-]+", composed))
    assert {"installation/kafka/umea-kommun", "installation/config"} <= named
    assert {each for each in named if not (checkout / each).exists()} == set()


def test_given_again_it_keeps_what_is_there_and_adds_an_organisation(checkout: Path) -> None:
    prepare(checkout, "umea-kommun")
    before = files(checkout)
    assert prepare(checkout, "umea-kommun").returncode == 0
    assert files(checkout) == before
    prepare(checkout, "polisen-lpo-umea")
    after = files(checkout)
    assert after.keys() - before.keys() == {"installation/kafka/polisen-lpo-umea"}
    assert [name for name in before if before[name] != after[name]] == [".env"]
    assert b'ORGANISATIONS="polisen-lpo-umea umea-kommun"' in after[".env"]


def test_only_a_demonstration_names_a_clock_and_it_shares_no_volume_with_an_installation(checkout: Path) -> None:
    prepare(checkout, "umea-kommun")
    assert "CLOCK_FILE" not in (checkout / ".env").read_text(encoding="utf-8")
    refused = prepare(checkout, "--demo")
    assert (refused.returncode, refused.stdout.partition(" (")[0]) == (1, "an installation is here")
    (checkout / ".env").unlink()
    assert prepare(checkout, "--demo").returncode == 0
    assert prepare(checkout, "--demo").returncode == 0
    lines = (checkout / ".env").read_text(encoding="utf-8").splitlines()
    assert {"COMPOSE_PROJECT_NAME=lofteskollen-demo", "LOFTESKOLLEN_CLOCK_FILE=/demo/clock"} <= {*lines}


@pytest.mark.parametrize(
    ("receiver", "labels"),
    [
        ("coordinator", ["concern=promise", "alertname=PromiseMissed"]),
        ("operations", ["concern=machine", "alertname=KafkaAway"]),
    ],
)
def test_alerts_are_mailed_to_whom_they_concern(checkout: Path, receiver: str, labels: list[str]) -> None:
    prepare(checkout, "umea-kommun")
    made = checkout / "installation/alertmanager/alertmanager.yml"
    subprocess.run(["amtool", "check-config", made], check=True, capture_output=True)
    routed = ["amtool", "config", "routes", "test", f"--config.file={made}", f"--verify.receivers={receiver}", *labels]
    subprocess.run(routed, check=True, capture_output=True)
    assert re.search(rf"- name: {receiver}\n +email_configs:\n +- to: {receiver}@", made.read_text(encoding="utf-8"))
