"""What was reported, and the occasions it amounts to: two reports under one key are one occasion."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from promises.domain.obligation import Obligation

Status = Literal["planned", "done", "cancelled", "retracted"]
_NOTHING: frozenset[str] = frozenset()
_RANK: dict[Status, int] = {"done": 0, "planned": 1, "cancelled": 2, "retracted": 3}


@dataclass(frozen=True, slots=True)
class Report:
    """One revision of an activity on one day it counts on; `released` when that revision no longer counts there."""

    activity_id: str
    revision: int
    organisation: str
    status: Status
    counted_on: date
    recorded_at: datetime
    themes: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    kind: str | None = None
    special_effort: bool = False
    quantities: tuple[tuple[str, int], ...] = ()
    unit: str | None = None
    occasion_key: str | None = None
    confirmed_by: frozenset[str] = frozenset()
    count_only: bool = False
    released: bool = False


def latest(reports: Iterable[Report]) -> list[Report]:
    """The highest revision of each activity on each day, without those that were released or taken back."""
    ruling: dict[tuple[str, date], Report] = {}
    for report in reports:
        key = (report.activity_id, report.counted_on)
        if key not in ruling or ruling[key].revision < report.revision:
            ruling[key] = report
    return [report for report in ruling.values() if not report.released and report.status != "retracted"]


@dataclass(frozen=True, slots=True)
class Occasion:
    """Reports merged: largest quantities, union of themes and audiences, done beats planned beats cancelled.

    The source is settled reading 12.
    """

    day: date
    status: Status
    taking_part: frozenset[str]
    themes: frozenset[str]
    audiences: frozenset[str]
    kinds: frozenset[str]
    special_effort: bool
    quantities: tuple[tuple[str, int], ...]
    unit: str | None
    keyed: bool


def occasions(reports: Iterable[Report]) -> list[Occasion]:
    """The occasions behind reports, in the order of their days."""
    together: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        together[report.occasion_key or report.activity_id].append(report)
    merged = [_alone(group[0]) if len(group) == 1 else _merge(group) for group in together.values()]
    merged.sort(key=lambda occasion: occasion.day)
    return merged


def _alone(report: Report) -> Occasion:
    return Occasion(
        day=report.counted_on,
        status=report.status,
        taking_part=report.confirmed_by | {report.organisation},
        themes=report.themes,
        audiences=report.audiences,
        kinds=frozenset((report.kind,)) if report.kind else _NOTHING,
        special_effort=report.special_effort,
        quantities=report.quantities,
        unit=report.unit,
        keyed=report.occasion_key is not None,
    )


def _merge(reports: list[Report]) -> Occasion:
    status = min((report.status for report in reports), key=_RANK.__getitem__)
    ruling = [report for report in reports if report.status == status]
    return Occasion(
        day=min(report.counted_on for report in ruling),
        status=status,
        taking_part=frozenset(r.organisation for r in ruling).union(*(r.confirmed_by for r in ruling)),
        themes=frozenset().union(*(r.themes for r in ruling)),
        audiences=frozenset().union(*(r.audiences for r in ruling)),
        kinds=frozenset(r.kind for r in ruling if r.kind),
        special_effort=any(r.special_effort for r in ruling),
        quantities=_largest(ruling),
        unit=min((r.unit for r in ruling if r.unit), default=None),
        keyed=any(r.occasion_key for r in ruling),
    )


def _largest(reports: Iterable[Report]) -> tuple[tuple[str, int], ...]:
    largest: dict[str, int] = {}
    for name, amount in (pair for report in reports for pair in report.quantities):
        largest[name] = max(amount, largest.get(name, 0))
    return tuple(sorted(largest.items()))


@dataclass(frozen=True, slots=True)
class Baseline:
    """A revision of how many there are in a period; `units` is empty where they are not told apart."""

    revision: int
    recorded_at: datetime
    total: int
    units: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a period is judged by: every revision of its reports and of its baseline."""

    reports: tuple[Report, ...] = ()
    baselines: tuple[Baseline, ...] = ()


def owners_taking_part(obligation: Obligation, occasion: Occasion) -> tuple[str, ...]:
    """The owners that reported or confirmed; a report by others alone counts nothing (settled reading 13)."""
    return tuple(owner.id for owner in obligation.owners if owner.id in occasion.taking_part)
