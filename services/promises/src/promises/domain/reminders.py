"""When owners are reminded: the stages of a deadline, which one is told, and what settles it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from promises.domain.calendar import DAY, Window
from promises.domain.parameters import Mailing
from promises.domain.tally import Need
from promises.domain.working_days import before

StageName = Literal["opens", "half_time", "days_20", "days_10", "days_1", "missed"]
WITHHELD_BY_A_PLAN = frozenset({"half_time", "days_20", "days_10"})
FOR_MANAGERS = frozenset({"days_1", "missed"})
LAST_STAGES = frozenset({"days_10", "missed"})
MONTHLY_AFTER = 15
FORGOTTEN_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Stage:
    """A day on which something is said about a deadline."""

    name: StageName
    day: date


@lru_cache(maxsize=4096)
def stages(window: Window, grace_days: int, mailing: Mailing = "every_stage") -> tuple[Stage, ...]:
    """The stages of a window in the order of their days; a month has half-time and missed only (settled reading 19)."""
    missed = Stage("missed", window.last + timedelta(grace_days) + DAY)
    if mailing == "monthly":
        return (Stage("half_time", window.first + timedelta(window.days // 2)), missed)
    found = [
        Stage("half_time", window.first + timedelta(window.days // 2)),
        Stage("days_20", before(window.last, 20)),
        Stage("days_10", before(window.last, 10)),
        Stage("days_1", before(window.last, 1)),
    ]
    kept = sorted((stage for stage in found if stage.day > window.first), key=lambda stage: stage.day)
    return (Stage("opens", window.first), *kept, missed)


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of a deadline before: its revision, who was awaited then, and the stage told last."""

    revision: int
    awaited: tuple[str, ...]
    stage: StageName | None


@dataclass(frozen=True, slots=True)
class Word:
    """What is to be said now: a stage, or that somebody is no longer awaited; `skipped` stages are only entered."""

    stage: Stage | None = None
    late: bool = False
    settled: bool = False
    skipped: tuple[Stage, ...] = ()


def decide(need: Need, reached: Sequence[Stage], today: date, ledger: Collection[StageName], told: Told | None) -> Word:
    """What to say about a deadline today.

    Of the stages `reached`, in order, only the latest is told, `late` if its day has passed; those before it, and one
    that passed more than 30 days ago, are entered as skipped (settled reading 20).
    A deadline that awaits somebody again repeats its stage.
    """
    if need.met or not reached:
        return Word(settled=bool(told and told.awaited and need.met))
    latest = reached[-1]
    skipped = tuple(stage for stage in reached if stage.name not in ledger)
    again = told is not None and set(need.awaited) - set(told.awaited)
    fewer = told is not None and set(told.awaited) - set(need.awaited)
    if latest.name in ledger and not again:
        return Word(settled=bool(fewer), skipped=skipped)
    if today - latest.day > FORGOTTEN_AFTER and (told is None or told.stage != latest.name):
        return Word(settled=bool(fewer), skipped=skipped)
    if _withheld(need, latest, today):
        return Word(settled=bool(fewer))
    return Word(latest, late=latest.day < today, skipped=tuple(stage for stage in skipped if stage != latest))


def _withheld(need: Need, stage: Stage, today: date) -> bool:
    return stage.name in WITHHELD_BY_A_PLAN and any(day >= today for day in need.planned)


def audiences(stage: StageName, mailing: Mailing) -> Iterator[Literal["owner", "manager"]]:
    """Whose mail a stage warrants: owners, and managers at the last ones (semantics 15, settled reading 27)."""
    if mailing == "every_stage" or (mailing == "last_stages" and stage in LAST_STAGES) or stage == "missed":
        yield "owner"
        if stage in FOR_MANAGERS:
            yield "manager"


def not_before(stage: Stage, mailing: Mailing) -> date:
    """The first day on which a stage may be mailed: a month's summary goes after the 15th (settled reading 27)."""
    summary = stage.day.replace(day=MONTHLY_AFTER + 1)
    return max(stage.day, summary) if mailing == "monthly" else stage.day
