"""A handful of the durable boundaries; `make torture-points` meets them all."""

import subprocess
import sys
from pathlib import Path

import pytest
from local.places import ROOT

from tests.torture.pointed import owner_of
from tests.torture.points import POINTS, Point

CHOSEN = (
    "kill activities, committed",
    "exception activities, relay acknowledged",
    "kill promises, moved",
    "exception promises, evaluation written",
    "kill notifications, deadlines written",
)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point.service} {point.name}")
def test_each_boundary_is_there(point: Point) -> None:
    owner, name = owner_of(point.place)
    assert callable(getattr(owner, name))


def test_a_handful_of_boundaries_keep_every_word(tmp_path: Path) -> None:
    """In a process of its own, as `make torture-points` is."""
    command = [sys.executable, "-m", "tests.torture.at_points", f"--results={tmp_path / 'results.jsonl'}", "--only"]
    done = subprocess.run([*command, *CHOSEN], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(CHOSEN)} of {len(CHOSEN)} cases were hit" in done.stdout
