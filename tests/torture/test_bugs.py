"""The known bugs fit the product as it is, so that the torture can be tortured."""

import subprocess
from pathlib import Path

import pytest
from local.places import ROOT

from tests.torture.at_points import CASES
from tests.torture.faults import FAULTS
from tests.torture.seeded import BUGS, expected, faults, points

WORDS = {"A1", "A2", "A3", "O1", "O2", "O3", "S1", "S2", "D1", "N1", "N2", "N3", "P1", "dead letters", "quiet"}


@pytest.mark.parametrize("patch", sorted(BUGS.glob("*.patch")), ids=lambda patch: patch.stem)
def test_a_known_bug_can_be_sown_and_names_the_words_it_breaks(patch: Path) -> None:
    subprocess.run(["git", "apply", "--check", str(patch)], cwd=ROOT, check=True)
    assert expected(patch.stem) <= WORDS
    assert set(faults(patch.stem)) <= set(FAULTS)
    assert set(points(patch.stem)) <= {case.name for case in CASES}


def test_there_are_enough_of_them() -> None:
    assert len(list(BUGS.glob("*.patch"))) >= 14
