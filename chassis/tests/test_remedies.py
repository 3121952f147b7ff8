"""Whatever a sender gets wrong, he reads what to mend, once, and never what he sent."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from chassis.problems import sentences
from contracts.model import Day, Message, Moment, MunicipalityCode, OccasionKey, PeriodId, Slug, Word
from pydantic import Field, StrictBool, StringConstraints, ValidationError

SENT = "S3KRET"
AS_MOMENT = "write it as 2026-04-14T07:30:00+02:00"


class Inner(Message):
    n: int = 0


class Sent(Message):
    slugs: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=2)] = ("a",)
    word: Word = "a"
    code: MunicipalityCode = "2480"
    key: OccasionKey | None = None
    period: PeriodId | None = None
    status: Literal["done", "planned"] = "done"
    when: Moment | None = None
    day: Day | None = None
    plain: date | None = None
    name: Annotated[str, StringConstraints(min_length=2, max_length=9)] = "aa"
    count: Annotated[int, Field(strict=True, ge=0, le=9)] = 0
    number: int = 0
    effort: StrictBool = False
    counts: Annotated[dict[Word, int], Field(max_length=1)] = Field(default_factory=dict)
    inner: Inner = Inner()
    id: UUID | None = None


class Asked(Message):
    given: str


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"slugs": []}, "slugs: it holds too few; give at least 1"),
        ({"slugs": ["a", "b", "c"]}, "slugs: it holds too many; give at most 2"),
        ({"slugs": SENT}, "slugs: give a list, in [ ]"),
        ({"slugs": [SENT]}, "slugs.0: write it as umea-kommun: small letters, digits and hyphens"),
        ({"word": SENT}, "word: write it as bicycle_helmet: small letters, digits and underscores"),
        ({"word": 7}, "word: give a text, in quotes"),
        ({"code": SENT}, 'code: write it as "2480": four digits, in quotes'),
        ({"key": SENT}, "key: write it as 2026-11-09/jarnvagstorget: a day and a name"),
        ({"period": SENT}, "period: write it as 2026, 2026/27, 2026-T1, 2026-Q1 or 2026-01"),
        ({"status": SENT}, "status: it must be 'done' or 'planned'"),
        (
            {"when": "2026-13-01T00:00:00Z"},
            f"when: it is no moment of the calendar (month value is outside expected range of 1-12); {AS_MOMENT}",
        ),
        (
            {"day": "2026-02-30"},
            "day: it is no day of the calendar (day value is outside expected range); write it as 2026-04-14",
        ),
        ({"plain": "2026-02-03T07:00:00"}, "plain: give a day without a time, as 2026-04-14"),
        ({"name": "a"}, "name: it is too short; write at least 2 character(s)"),
        ({"name": SENT * 2}, "name: it is too long; write at most 9 characters"),
        ({"count": -1}, "count: it is too small; give at least 0"),
        ({"count": 10}, "count: it is too large; give at most 9"),
        ({"count": "7"}, "count: give a whole number"),
        ({"number": 1.5}, "number: give a whole number"),
        ({"number": SENT}, "number: give a whole number"),
        ({"number": "9" * 5000}, "number: it is too large; give a smaller number"),
        ({"effort": SENT}, "effort: give true or false, without quotes"),
        ({"counts": [1]}, "counts: give names with their values, in { }"),
        ({"counts": {"a": 1, "b": 1}}, "counts: it holds too many; give at most 1"),
        ({"inner": SENT}, "inner: give names with their values, in { }"),
        ({"inner": {"m": SENT}}, "inner.m: no field is called so; mend its name or leave it out"),
        ({"id": SENT}, "id: write it as 01989f6e-2a4b-7c1d-8e3f-5a6b7c8d9e0f"),
    ],
)
def test_what_is_wrong_is_said_once_with_what_to_do_and_without_what_was_sent(
    said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Sent.model_validate(said)
    assert sentences(refused.value) == [sentence]
    assert SENT not in sentence


def test_what_must_be_given_is_missing() -> None:
    with pytest.raises(ValidationError) as refused:
        Asked.model_validate({})
    assert sentences(refused.value) == ["given: it is missing; give it"]
