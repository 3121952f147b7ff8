"""What a person may say of an obligation, and what is refused: settled reading 25. The API is in `test_assessments`."""

from datetime import date
from typing import Any

import pytest
from promises.domain.assessments import REASONS, AssessmentError, Judgement, check, is_role
from promises.domain.obligation import Obligation

from services.promises.tests.promising import holding, leaflet, occasions, promised

TWICE = promised(occasions(2))
UMBRELLA = promised({"kind": "umbrella", "children": leaflet(["it"])})
TODAY = date(2026, 10, 1)
SAID: dict[str, Any] = {
    "verdict": "partially_fulfilled",
    "reason_code": "weather_or_safety",
    "text": "Höstens insats ställdes in på grund av halka.",
    "assessed_on": TODAY,
}


def judge(obligation: Obligation = TWICE, today: date = TODAY, **changes: Any) -> None:  # noqa: ANN401
    check(Judgement(**(SAID | changes)), obligation, holding(obligation, "2026-06-01"), today)


@pytest.mark.parametrize(
    ("changes", "code", "field", "said"),
    [
        (
            {"obligation": UMBRELLA},
            "invalid",
            "obligation",
            "an umbrella has no verdict of its own; assess its children",
        ),
        ({"today": date(2025, 12, 31)}, "invalid", "period", "2026 begins on 2026-01-01; assess it then"),
        ({"assessed_on": date(2025, 12, 31)}, "invalid", "assessed_on", "lies outside 2026-01-01 to 2026-10-01"),
        ({"assessed_on": date(2026, 10, 2)}, "invalid", "assessed_on", "lies outside 2026-01-01 to 2026-10-01"),
        (
            {"reason_code": None},
            "invalid",
            "reason_code",
            f"is needed with this verdict; one of {', '.join(REASONS)}",
        ),
        (
            {"text": "Anna, 850314-1234, var sjuk"},
            "personal_data",
            "text",
            "looks like it holds a personal identity number; describe what was done, not who",
        ),
    ],
)
def test_what_must_not_be_said_is_refused_with_its_field_and_the_remedy(
    changes: dict[str, Any], code: str, field: str, said: str
) -> None:
    with pytest.raises(AssessmentError) as refused:
        judge(**changes)
    assert (refused.value.code, refused.value.field, str(refused.value)) == (code, field, said)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"assessed_on": date(2026, 1, 1)},
        {"today": date(2026, 1, 1), "assessed_on": date(2026, 1, 1)},
        {"today": date(2028, 1, 1)},
        {"verdict": "fulfilled", "reason_code": None},
        {"verdict": "fulfilled"},
    ],
)
def test_from_the_first_day_of_the_period_to_today_a_person_may_judge(changes: dict[str, Any]) -> None:
    judge(**changes)


def test_each_of_the_six_reasons_has_a_name_in_both_languages() -> None:
    assert len(REASONS) == 6
    assert all(label.sv and label.en and label.sv != label.en for label in REASONS.values())


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ("coordinator", True),
        ("municipal_police_officer", True),
        ("officer_2", True),
        ("a" * 60, True),
        ("a" * 61, False),
        (None, False),
        ("", False),
        ("Anna Andersson", False),
        ("_coordinator", False),
        ("coordinator_", False),
        ("coordinator\n", False),
    ],
)
def test_a_role_is_a_word_of_the_trade_and_never_a_name(role: str | None, told: bool) -> None:
    assert is_role(role) is told
