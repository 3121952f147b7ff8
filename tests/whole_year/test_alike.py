"""The year of ten promises, played to its end twice."""

from pathlib import Path

from local.places import SERVICES, YEAR, story

from local import closing
from tests.year import ONE_CUT_EACH, at, play

KAFKA_TOO = ONE_CUT_EACH | {at("2026-08-31T23:59"): "kafka"}


def test_the_year_of_ten_promises_ends_byte_for_byte_alike_whatever_is_killed(scratch: Path, unique: str) -> None:
    told = story(YEAR)
    calm, _ = play(scratch / unique / "calm", told, {})
    assert closing.differences(calm, told.expected) == []
    cut, restarts = play(scratch / unique / "cut", told, KAFKA_TOO)
    assert closing.differences(cut, told.expected) == []
    assert closing.canonical(cut) == closing.canonical(calm)
    assert min(restarts[service] for service in SERVICES) >= 1
