"""A person's judgement of an obligation in a period, beside what is computed and never instead (settled reading 25)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.personal import looks_like

from promises.domain.calendar import Period
from promises.domain.label import Label
from promises.domain.obligation import Obligation
from promises.domain.standing import Verdict

ReasonCode = Literal[
    "resource_shortage", "reprioritised", "external_obstacle", "reworded", "not_logged", "weather_or_safety"
]
REASONS: dict[ReasonCode, Label] = {
    "resource_shortage": Label("brist på resurser", "shortage of resources"),
    "reprioritised": Label("omprioriterat", "reprioritised"),
    "external_obstacle": Label("hinder utifrån", "an obstacle from outside"),
    "reworded": Label("löftet har formulerats om", "the promise was reworded"),
    "not_logged": Label("gjort men inte rapporterat", "done but not reported"),
    "weather_or_safety": Label("väder eller säkerhet", "weather or safety"),
}
ROLE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
LONGEST_ROLE = 60


class AssessmentError(ValueError):
    """An assessment that is refused; `field` names what to mend, `code` is a stable word."""

    def __init__(self, code: str, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says: `assessed_on` is the local day of the judgement."""

    verdict: Verdict
    reason_code: ReasonCode | None
    text: str
    assessed_on: date


def is_role(name: str | None) -> bool:
    """Whether a role is a word of the trade, as `coordinator` or `municipal_police_officer`; never a name."""
    return name is not None and len(name) <= LONGEST_ROLE and ROLE.fullmatch(name) is not None


def check(judged: Judgement, obligation: Obligation, period: Period, today: date) -> None:
    """Refuse what cannot be assessed and what must not be said; the text is not repeated.

    Raises:
        AssessmentError: with the field to mend.
    """
    if obligation.rule.shows:
        raise AssessmentError("invalid", "obligation", "an umbrella has no verdict of its own; assess its children")
    if today < period.window.first:
        raise AssessmentError("invalid", "period", f"{period.id} begins on {period.window.first}; assess it then")
    if not period.window.first <= judged.assessed_on <= today:
        raise AssessmentError("invalid", "assessed_on", f"lies outside {period.window.first} to {today}")
    if judged.verdict != "fulfilled" and judged.reason_code is None:
        raise AssessmentError("invalid", "reason_code", f"is needed with this verdict; one of {', '.join(REASONS)}")
    if what := looks_like(judged.text):
        raise AssessmentError("personal_data", "text", f"looks like it holds {what}; describe what was done, not who")
