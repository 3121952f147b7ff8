"""What the README tells a person to type is typed here."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from local.places import ROOT

COMMANDS = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
STAYS = {"make demo\n": 'make demo ARGS="--one-promise --exit"', "make up\n": "", "make test\n": "make -n test"}
"""What is typed otherwise: it would not end, another test plays it whole, or it is what runs this test."""


def typed(command: str) -> str:
    done = subprocess.run(["bash", "-euc", command], cwd=ROOT, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def up(scratch: Path) -> Iterator[dict[str, str]]:
    """`make up`, with what the README's example says replaced by what is: ports, and the folder of the data."""
    said = scratch / "up.log"
    with said.open("w", encoding="utf-8") as out:
        command = [str(ROOT / ".venv/bin/lofteskollen"), "up", "--data", str(scratch / "up")]
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + 120
        while "Logs" not in (text := said.read_text(encoding="utf-8")):
            assert process.poll() is None, text
            assert time.monotonic() < until, text
            time.sleep(0.1)
        real = dict(re.findall(r"^(activities|promises) +http://127.0.0.1:(\d+)", text, flags=re.MULTILINE))
        yield {
            "127.0.0.1:8001": f"127.0.0.1:{real['activities']}",
            "127.0.0.1:8002": f"127.0.0.1:{real['promises']}",
            "token umea-kommun": f"token umea-kommun --data {scratch / 'up'}",
        }
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def test_the_readme_shows_the_two_commands_first() -> None:
    assert [command for command in COMMANDS if command.startswith("make")][:2] == ["make demo\n", "make test\n"]


@pytest.mark.parametrize("command", [c for c in COMMANDS if "curl" not in c and STAYS.get(c, c)], ids=str.strip)
def test_each_command_succeeds(command: str) -> None:
    assert typed(STAYS.get(command, command))


def test_the_example_reports_an_activity_and_shows_the_standing(up: dict[str, str]) -> None:
    example = next(command for command in COMMANDS if "curl" in command)
    for shown, real in up.items():
        assert shown in example
        example = example.replace(shown, real)
    said = typed(example)
    assert '"reference":"trafik/2026/41"' in said
    assert '"obligation":"cykel-gang"' in said
