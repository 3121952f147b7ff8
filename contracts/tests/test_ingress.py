from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from contracts.ingress import BY_TYPE, ActivityReported, activity_id
from pydantic import ValidationError

REPORT: dict[str, Any] = {
    "municipality": "2480",
    "occurred_at": "2026-04-14T07:30:00+02:00",
    "obligations": ["cykel-gang"],
}


def test_the_least_a_report_says_is_where_when_and_for_what() -> None:
    report = ActivityReported.model_validate(REPORT)
    assert (report.status, report.visibility, report.special_effort) == ("done", None, False)


def test_a_moment_is_kept_in_utc() -> None:
    assert ActivityReported.model_validate(REPORT).occurred_at == datetime(2026, 4, 14, 5, 30, tzinfo=UTC)
    assert '"occurred_at":"2026-04-14T05:30:00Z"' in ActivityReported.model_validate(REPORT).model_dump_json()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("occurred_at", "2026-04-14T07:30:00"),
        ("occurred_at", "2026-02-30T07:30:00Z"),
        ("occurred_at", None),
        ("occurred_at", 1776144600),
        ("occurred_at", "1776144600"),
        ("occurred_at", "9999-12-31T23:30:00-12:00"),
        ("occurred_at", "0001-01-01T00:00:00+12:00"),
        ("ended_at", "2026-04-14T05:29:59Z"),
        ("ended_at", "2026-04-14T09:00:00"),
        ("municipality", "248"),
        ("municipality", "24800"),
        ("municipality", "2480\n"),
        ("municipality", "umea"),
        ("municipality", 2480),
        ("municipality", "٢٤٨٠"),
        ("obligations", []),
        ("obligations", ["Cykel och gång"]),
        ("obligations", ["cykel-gang"] * 21),
        ("obligations", "cykel-gang"),
        ("status", "retracted"),
        ("themes", ["bicycle-helmet"]),
        ("quantities", {"pupils_offered": -1}),
        ("quantities", {"pupils_offered": 1_000_001}),
        ("quantities", {"Pupils offered": 1}),
        ("quantities", {"pupils_offered": 1.5}),
        ("occasion_key", "2026-04-14"),
        ("occasion_key", "14-04-2026/cykel"),
        ("visibility", "secret"),
        ("public_from", "tomorrow"),
        ("public_from", 0),
        ("title", "x" * 2001),
        ("performed_by", ""),
        ("performed_by", " \u00a0\t"),
        ("recorded_at", "2026-04-14T07:30:00Z"),
    ],
)
def test_a_report_that_is_wrong_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        ActivityReported.model_validate(REPORT | {field: value})
    assert field in str(refused.value)


def test_who_carried_it_out_is_kept_as_it_was_sent() -> None:
    assert ActivityReported.model_validate(REPORT | {"performed_by": " NTF"}).performed_by == " NTF"


def test_a_reader_passes_over_what_a_later_writer_added() -> None:
    later = REPORT | {"added": 1, "public_from": "2026-05-01"}
    assert ActivityReported.read(later).public_from == date(2026, 5, 1)


def test_a_report_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(ActivityReported.model_validate(REPORT), "status", "planned")  # noqa: B010 - mypy sees it too


def test_commands_are_found_by_their_type() -> None:
    assert all(name == message.TYPE for name, message in BY_TYPE.items())


def test_a_confirmation_names_an_activity_by_its_id() -> None:
    assert activity_id("019d8b0c-6a40-7c31-9f0e-3b8a5d1c2e77") == UUID("019d8b0c-6a40-7c31-9f0e-3b8a5d1c2e77")
    with pytest.raises(ValueError, match="badly formed"):
        activity_id("K123-2026-0414")
