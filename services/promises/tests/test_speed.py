"""Judging costs little for each row, and no more among many rows than among few; `python -m bench` tells the time."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import FrameType

import pytest
from promises import document
from promises.domain.evaluate import evaluate_both
from promises.domain.evidence import Baseline, Evidence
from promises.domain.obligation import Obligation

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import leaflet, occasions, operators, promised, slot

NOW = datetime(2026, 11, 1, tzinfo=UTC)
MOST = 15
SEASONS = [slot("spring", "03-01", "05-31", "traffic_rules"), slot("autumn", "09-01", "11-30", "reflector")]
RULES: Mapping[str, Obligation] = {
    "joint occasions": promised(occasions(2, slots=SEASONS, taking_part=leaflet(["police", "municipality"]))),
    "occasions": promised(occasions(2, slots=SEASONS)),
    "cadence": promised({"kind": "cadence", "count": operators(1), "each_of": leaflet(["traffic_rules", "reflector"])}),
    "coverage": promised(
        {
            "kind": "coverage",
            "percent": leaflet(100),
            "quantity": leaflet("pupils_offered"),
            "baseline": operators("pupils_enrolled"),
        }
    ),
}


def evidence(count: int, *, joint: bool) -> Evidence:
    """So many reports over a year; joint ones are reported by the police and by the municipality."""
    reports = tuple(document.report(_row(n, joint=joint)) for n in range(count))
    return Evidence(reports, (Baseline(1, NOW, 150, tuple((f"school-{n}", 5) for n in range(30))),))


def _row(number: int, *, joint: bool) -> dict[str, object]:
    pair = number // 2 if joint else number
    facts = {
        "organisation": (POLICE, TOWN)[number % 2],
        "status": "done",
        "themes": ["traffic_rules"],
        "quantities": {"pupils_offered": 3},
        "unit": f"school-{pair % 30}",
    }
    return {
        "activity_id": f"a{number}",
        "revision": 1,
        "counted_on": date(2026, 1, 1) + timedelta(pair % 360),
        "recorded_at": NOW - timedelta(hours=1),
        "state": "counted",
        "own": True,
        "occasion_key": f"key-{pair}" if joint else None,
        "facts": json.dumps(facts),
    }


def calls(it: Obligation, found: Evidence) -> int:
    """How many functions are called to judge it, Python's own included: unlike seconds the same on every day."""
    period, seen = next(it.periods(it.validity)), 0

    def note(_: FrameType, event: str, __: object) -> None:
        nonlocal seen
        seen += event in {"call", "c_call"}

    evaluate_both(it, period, found, NOW)  # days and windows that were worked out once are kept
    sys.setprofile(note)
    try:
        evaluate_both(it, period, found, NOW)
    finally:
        sys.setprofile(None)
    return seen


@pytest.mark.parametrize("name", RULES)
def test_a_row_more_is_as_much_more_work_among_thousands_as_among_hundreds(name: str) -> None:
    few, more, many = (calls(RULES[name], evidence(count, joint="joint" in name)) for count in (1000, 2000, 8000))
    assert 0 < many - more <= (more - few) * 6 * 1.02


@pytest.mark.parametrize("name", RULES)
def test_a_row_costs_few_calls(name: str) -> None:
    assert calls(RULES[name], evidence(1000, joint="joint" in name)) < 1000 * MOST
