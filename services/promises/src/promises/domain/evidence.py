"""What was reported, and the occasions it amounts to: two reports under one key are one occasion."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Final, Literal, NamedTuple

Status = Literal["planned", "done", "cancelled", "retracted"]
Fact = Literal["status", "quantities", "unit", "kind", "special_effort"]
_NOTHING: frozenset[str] = frozenset()
_RANK: dict[Status, int] = {"done": 0, "planned": 1, "cancelled": 2, "retracted": 3}
_SAID: Final = 9
"""What one report says of an occasion: so many first fields, up to the period; those of `Merged` begin alike."""


class Report(NamedTuple):
    """One revision of an activity on one day it counts on; `released` when that revision no longer counts there.

    `period` is the id of the period that a coverage report names. A report that stands alone is its own occasion: those
    who are `taking_part` reported or confirmed it; nobody takes part by another's word (settled reading 11).
    One that is not `own` was made for other obligations: the occasion's key joins it (settled reading 12).
    """

    counted_on: date
    status: Status
    themes: frozenset[str]
    audiences: frozenset[str]
    kinds: frozenset[str]
    special_effort: bool
    quantities: tuple[tuple[str, int], ...]
    unit: str | None
    period: str | None
    taking_part: frozenset[str]
    occasion_key: str | None
    activity_id: str
    revision: int
    organisation: str
    recorded_at: datetime
    count_only: bool
    released: bool
    own: bool = True


def latest(reports: Iterable[Report]) -> list[Report]:
    """The highest revision of each activity on each day, without those that were released or taken back.

    What was reported for other obligations is there for an occasion that was reported for this one.
    """
    ruling: dict[tuple[str, date], Report] = {}
    for report in reports:
        known = ruling.setdefault((report.activity_id, report.counted_on), report)
        if known is not report and _precedence(known) < _precedence(report):
            ruling[report.activity_id, report.counted_on] = report
    found = [report for report in ruling.values() if not report.released and report.status != "retracted"]
    own = [report for report in found if report.own]
    if len(own) == len(found):
        return found
    keys = {report.occasion_key for report in own if report.occasion_key}
    return [report for report in found if report.own or report.occasion_key in keys]


def _precedence(report: Report) -> tuple[int, bool, bool]:
    """A revision that is released from one obligation may count on for others."""
    return report.revision, not report.released, report.own


class Merged(NamedTuple):
    """Reports under one key: largest quantities, union of themes and audiences, done beats planned beats cancelled.

    Day, period and status are those of the obligation's own reports: what was done for others alone was not done for
    it. `disagreement` names what the reports say differently. The source is settled reading 12.
    """

    counted_on: date
    status: Status
    themes: frozenset[str]
    audiences: frozenset[str]
    kinds: frozenset[str]
    special_effort: bool
    quantities: tuple[tuple[str, int], ...]
    unit: str | None
    period: str | None
    taking_part: frozenset[str]
    occasion_key: str
    disagreement: tuple[Fact, ...] = ()


Occasion = Report | Merged


def occasions(reports: Iterable[Report]) -> list[Occasion]:
    """The occasions behind reports, in the order of their days."""
    together: dict[str, list[Report]] = {}
    found: list[Occasion] = []
    for report in reports:
        if report.occasion_key is None:
            found.append(report)
        else:
            together.setdefault(report.occasion_key, []).append(report)
    found += [group[0] if len(group) == 1 else _merge(key, group) for key, group in together.items()]
    found.sort(key=itemgetter(0))  # the day
    return found


def _merge(key: str, reports: list[Report]) -> Merged:
    """One occasion. Most often all say the same, which is seen at less cost than it is joined."""
    first = reports[0]
    said, taking_part = first[:_SAID], first.taking_part
    for other in reports[1:]:
        if other[:_SAID] != said:
            return _join(key, reports)
        taking_part = _both(taking_part, other.taking_part)
    return Merged._make((*said, taking_part, key, ()))


@lru_cache(maxsize=1024)
def _both(some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """The same few sets are met again and again."""
    return some | others


def _join(key: str, reports: list[Report]) -> Merged:
    status = min((report.status for report in reports if report.own), key=_RANK.__getitem__)
    ruling = [report for report in reports if report.status == status]
    return Merged(
        counted_on=min(r.counted_on for r in ruling if r.own),
        status=status,
        taking_part=_NOTHING.union(*(r.taking_part for r in ruling)),
        themes=_NOTHING.union(*(r.themes for r in ruling)),
        audiences=_NOTHING.union(*(r.audiences for r in ruling)),
        kinds=_NOTHING.union(*(r.kinds for r in ruling)),
        special_effort=any(r.special_effort for r in ruling),
        quantities=_largest(ruling),
        unit=min((r.unit for r in ruling if r.unit), default=None),
        occasion_key=key,
        period=min((r.period for r in ruling if r.own and r.period), default=None),
        disagreement=tuple(_disagreement(reports, ruling)),
    )


def _disagreement(reports: list[Report], ruling: list[Report]) -> Iterator[Fact]:
    """A plan that was carried out is no disagreement; one that another says was called off is."""
    if len({report.status for report in reports} - {"planned"}) > 1:
        yield "status"
    if any(len({amount for _, amount in told}) > 1 for told in _by_name(ruling)):
        yield "quantities"
    if len({report.unit for report in ruling} - {None}) > 1:
        yield "unit"
    if len({report.kinds for report in ruling if report.kinds}) > 1:
        yield "kind"
    if len({report.special_effort for report in ruling}) > 1:
        yield "special_effort"


def _by_name(reports: list[Report]) -> Iterator[list[tuple[str, int]]]:
    pairs = [pair for report in reports for pair in report.quantities]
    yield from ([pair for pair in pairs if pair[0] == name] for name in {name for name, _ in pairs})


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
