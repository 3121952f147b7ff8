"""A year as a strip of twelve signs: how an obligation stood at the end of each month."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

SIGNS = {
    "fulfilled": ("●", "uppfyllt / fulfilled"),
    "on_pace": ("●", "i takt / on pace"),
    "partially_fulfilled": ("◐", "delvis uppfyllt / partially fulfilled"),
    "sparse": ("◐", "glest / sparse"),
    "not_fulfilled": ("✗", "ej uppfyllt / not fulfilled"),
    "no_logged_activity": ("○", "inget rapporterat / no logged activity"),
    "overdue": ("!", "försenat / overdue"),
    "at_risk": ("▲", "i fara / at risk"),
    "cannot_be_assessed": ("?", "kan inte bedömas / cannot be assessed"),
    "open": ("·", "pågår / open"),
    "in_grace": ("·", "pågår / open"),
    "closed": ("–", "avslutat / closed"),
    "expired": ("–", "avslutat / closed"),
    "not_started": (" ", "inte börjat / not started"),
}
EMPTY = " "


def state(standing: dict[str, Any]) -> str:
    """The one word that says most of a standing."""
    if standing["verdict"] or standing["pace"]:
        return str(standing["verdict"] or standing["pace"])
    if standing["overdue"]:
        return "overdue"
    return "at_risk" if standing["at_risk"] else str(standing["phase"])


def holding(standings: list[dict[str, Any]], day: date) -> dict[str, Any] | None:
    """The standing of the period that holds a day."""
    return next((s for s in standings if s["first_day"] <= day.isoformat() <= s["last_day"]), None)


@dataclass(slots=True)
class Strips:
    """Signs by obligation, one more at each month's end."""

    by_obligation: dict[str, str] = field(default_factory=dict)
    _revisions: dict[tuple[str, str], int] = field(default_factory=dict)
    _skipped: str = ""

    def skip(self, months: int) -> None:
        """Leave so many months empty, since nobody looked."""
        self._skipped = EMPTY * months

    def add(self, shown: dict[str, Any], day: date) -> int:
        """Take the signs of a month; answer how many standings changed since the last time."""
        before = dict(self._revisions)
        for promise in shown["promises"]:
            for entry in promise["obligations"]:
                found = holding(entry["standings"], day)
                sign = SIGNS.get(state(found), (EMPTY, ""))[0] if found else EMPTY
                self.by_obligation[entry["obligation"]] = (
                    self.by_obligation.get(entry["obligation"], self._skipped) + sign
                )
                for each in entry["standings"]:
                    self._revisions[entry["obligation"], each["period"]] = each["revision"]
        return sum(before.get(key) != revision for key, revision in self._revisions.items())
