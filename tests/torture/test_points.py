"""A handful of the durable boundaries; `make torture-points` meets them all."""

from pathlib import Path

import pytest

from tests.torture.at_points import CASES, Case, played
from tests.torture.pointed import owner_of
from tests.torture.points import POINTS, Point

CHOSEN = (
    "kill activities, committed",
    "exception activities, relay acknowledged",
    "kill promises, moved",
    "exception promises, evaluation written",
    "kill notifications, deadlines written",
)


def chosen() -> list[Case]:
    return [case for case in CASES if case.name in CHOSEN]


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point.service} {point.name}")
def test_each_boundary_is_there(point: Point) -> None:
    owner, name = owner_of(point.place)
    assert callable(getattr(owner, name))


def test_a_handful_of_boundaries_keep_every_word(tmp_path: Path) -> None:
    cases = chosen()
    assert len(cases) == len(CHOSEN)
    missed, broken = played(cases, 1, tmp_path / "results.jsonl")
    assert not missed
    assert not broken, "the rounds above name the word"
