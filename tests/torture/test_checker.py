"""The checker is checked: it is silent when every word was kept, and names the word when one was not."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.torture import checker
from tests.torture.checker import Seen, first_copies
from tests.torture.load import OBLIGATION, ORGANISATION
from tests.torture.recorder import Recorder

DAY = "2026-03-02"
PROMISED = {
    "municipality": "2480",
    "organisations": {ORGANISATION: "police"},
    "promises": [
        {
            "validity": {"from": "2026-03-01", "to": "2026-03-31"},
            "obligations": [
                {
                    "id": OBLIGATION,
                    "owners": [ORGANISATION],
                    "period": {"value": "month"},
                    "grace_days": {"value": 14},
                    "rule": {"kind": "cadence", "count": {"value": 1, "basis": "operator"}},
                }
            ],
        }
    ],
}
STANDS: dict[str, Any] = {
    "phase": "open",
    "verdict": None,
    "pace": "on_pace",
    "at_risk": False,
    "overdue": False,
    "counted": 1,
    "progress": "1/1",
    "missing": [],
    "slots": [],
    "needs_assessment": 0,
    "reasons": [{"code": "operators_number"}, {"code": "period_met"}],
    "partner_missing": 0,
}
TOLD = {"deadline_id": "d", "obligation": "o", "period": "2026", "slot": "", "stage": "days_30", "last_day": DAY}


def kept() -> Seen:
    """One report was accepted, counted and told of; one notice was given and mailed."""
    event = {
        "event": "e",
        "activity_id": "a",
        "revision": 1,
        "municipality": "2480",
        "organisation": ORGANISATION,
        "status": "done",
        "occurred_at": f"{DAY}T12:00:00Z",
        "recorded_at": f"{DAY}T12:30:00Z",
        "themes": [],
        "audiences": [],
        "special_effort": False,
        "confirmed_by": [],
        "visibility": "public",
        "counted_on": DAY,
        "obligations": [OBLIGATION],
        "footprint": [{"obligation": OBLIGATION, "counted_on": DAY}],
    }
    place = {"obligation": OBLIGATION, "period": "2026-03", "revision": 1, "standing": json.dumps(STANDS)}
    both = [place | {"audience": audience} for audience in ("internal", "public")]
    rows: dict[str, list[dict[str, Any]]] = {
        "accepted": [{"event_id": "x", "id": "a", "revision": 1}],
        "revision": [{"id": "a", "revision": 1}],
        "evidence": [{"id": "a", "revision": 1, "obligation": OBLIGATION, "day": DAY, "state": "counted"}],
        "standing": both,
        "history": copy.deepcopy(both),
        "notice": [{n: TOLD[n] for n in ("obligation", "period", "slot", "stage", "last_day")} | {"outcome": "told"}],
        "deadline_p": [{"id": "d", "revision": 1}],
        "deadline_n": [{"id": "d", "revision": 1}],
        "mail": [{"id": "m", "message_id": "<m>", "address": "to@x", "state": "sent", "entered": 1, "doubts": 0}],
        "told": [{"id": "d", "stage": "days_30", "state": "sent", "mail": "m"}],
        "dirty": [],
        "dead": [],
        "dead_p": [],
        "dead_n": [],
    }
    topics: dict[str, list[dict[str, Any]]] = {
        "activities": [event],
        "deadlines": [{**TOLD, "revision": 1, "awaited": ["o"]}],
        "notifications": [{"mail_id": "m", "deadline_id": "d", "stage": "days_30", "organisation": "o"}],
        "promise-status": [],
        "promises": [],
    }
    return Seen(rows, topics, b"", [("<m>", "Namn <to@x>")], PROMISED, datetime(2026, 3, 10, 8, tzinfo=UTC))


def words(seen: Seen, recorder: Recorder) -> set[str]:
    found = [*checker.accepted(seen, recorder), *checker.said(seen), *checker.evidence(seen)]
    found += [*checker.standings(seen), *checker.notices(seen), *checker.mails(seen), *checker.letters(seen, recorder)]
    return {word for word, _ in found}


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    made = Recorder(tmp_path / "recorded.jsonl")
    made.ask("x", kind="report")
    made.answer("x", "ok", activity_id="a", revision=1)
    yield made
    made.close()


def test_it_is_silent_when_every_word_was_kept(recorder: Recorder) -> None:
    assert words(kept(), recorder) == set()


@pytest.mark.parametrize(
    ("table", "word"),
    [("accepted", "A1"), ("revision", "A1"), ("evidence", "S2"), ("history", "S1"), ("notice", "D1"), ("mail", "N2")],
)
def test_a_row_that_is_gone_breaks_its_word(recorder: Recorder, table: str, word: str) -> None:
    seen = kept()
    seen.rows[table].clear()
    assert word in words(seen, recorder)


@pytest.mark.parametrize(("topic", "word"), [("activities", "O1"), ("deadlines", "O1")])
def test_an_event_that_never_came_breaks_o1(recorder: Recorder, topic: str, word: str) -> None:
    seen = kept()
    seen.topics[topic].clear()
    assert word in words(seen, recorder)


def test_an_event_that_is_not_committed_breaks_o3(recorder: Recorder) -> None:
    seen = kept()
    seen.topics["activities"].append({**copy.deepcopy(seen.topics["activities"][0]), "activity_id": "b", "event": "f"})
    assert "O3" in words(seen, recorder)


def test_an_older_revision_after_a_newer_one_breaks_o2(recorder: Recorder) -> None:
    seen = kept()
    seen.topics["deadlines"].insert(0, {**TOLD, "revision": 2, "awaited": ["o"]})
    assert "O2" in words(seen, recorder)


@pytest.mark.parametrize("audience", [0, 1])
@pytest.mark.parametrize("changed", [{"counted": 2}, {"pace": None}, {"at_risk": True}, {"progress": "0/1"}])
def test_a_standing_that_is_no_recount_breaks_s1(recorder: Recorder, audience: int, changed: dict[str, Any]) -> None:
    seen = kept()
    for table in ("standing", "history"):
        seen.rows[table][audience]["standing"] = json.dumps(STANDS | changed)
    assert words(seen, recorder) == {"S1"}


def test_a_month_that_was_never_judged_breaks_s1(recorder: Recorder) -> None:
    seen = kept()
    seen.rows["standing"].clear()
    assert words(seen, recorder) == {"S1"}


def test_a_second_copy_without_a_doubt_breaks_n2_and_with_one_does_not(recorder: Recorder) -> None:
    seen = kept()
    seen.mails.append(seen.mails[0])
    assert words(seen, recorder) == {"N2"}
    seen.rows["mail"][0]["doubts"] = 1
    assert words(seen, recorder) == set()


def test_a_mail_of_which_no_notice_was_given_breaks_n3(recorder: Recorder) -> None:
    seen = kept()
    seen.rows["told"][0]["stage"] = "days_7"
    assert words(seen, recorder) == {"N3"}


def test_what_was_refused_and_is_stored_breaks_a3(recorder: Recorder) -> None:
    recorder.ask("y", kind="report")
    recorder.answer("y", "refused", status=422)
    seen = kept()
    seen.rows["accepted"].append({"event_id": "y", "id": "a", "revision": 1})
    assert "A3" in words(seen, recorder)


def test_two_answers_to_one_id_break_a2(recorder: Recorder) -> None:
    recorder.answer("x", "ok", activity_id="b", revision=1)
    assert "A2" in words(kept(), recorder)


def test_a_good_record_that_was_set_aside_is_told(recorder: Recorder) -> None:
    seen = kept()
    seen.rows["dead"].append({"key": "x", "reason": "malformed"})
    assert words(seen, recorder) == {"dead letters"}


def test_an_event_that_comes_again_stands_where_it_came_first() -> None:
    first, second = {"event": "a", "revision": 1}, {"event": "b", "revision": 2}
    assert first_copies([first, second, first | {"again": True}]) == [first, second]
