"""The report of a named period that a municipality prints for its citizens: when it is frozen, and collected anew.

The source is settled reading 26.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from promises.domain.calendar import DAY, Period, local_day, starts
from promises.domain.obligation import Obligation
from promises.domain.standing import Standing


def of_period(obligations: Iterable[Obligation], name: str) -> list[tuple[Obligation, Period]]:
    """Every obligation that has a period of this name, with it: what the period's report tells of."""
    return [(each, period) for each in obligations for period in each.periods(each.validity) if period.id == name]


def closed(standing: Standing) -> bool:
    """Whether the period is over and its grace too; a report waits until this is so of all that it tells of."""
    return standing.phase in {"closed", "expired"}


def collected_on(moment: datetime) -> date:
    """The day on which what changed at a moment is collected: the first that begins then or later."""
    day = local_day(moment)
    return day if starts(day) == moment else day + DAY


def goes_on(obligations: Collection[Obligation], today: date) -> date | None:
    """The first day, today or later, with a valid promise; None when there is none, and nothing is collected again."""
    spans = [version.validity for each in obligations for version in each.versions or (each,)]
    return min((max(span.first, today) for span in spans if span.last >= today), default=None)


def left(printed: Mapping[str, Any], public: Mapping[str, Any]) -> dict[str, Any]:
    """Of the details that were printed those that are public now, word for word."""
    return {name: value for name, value in printed.items() if name in public and public[name] == value}
