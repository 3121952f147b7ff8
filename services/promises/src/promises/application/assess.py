"""A person's assessment: kept and told once, shown beside the standing, marked when the evidence moved on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid5

from chassis.database import Database, UnitOfWork
from contracts.promises import AssessmentRecorded
from contracts.topics import PROMISE_STATUS

from promises.application.ask import NotYoursError, Question, Sight, WrongError, look, sight
from promises.application.events import NAMESPACE
from promises.application.pages import WRONG_CURSOR, Page
from promises.application.recount import Case, reports
from promises.application.reports import period_of
from promises.domain.assessments import Judgement, check, is_role
from promises.domain.calendar import local_day
from promises.domain.visibility import published_at
from promises.store import assessments, baselines
from promises.store.assessments import Row
from promises.views import View
from promises.views.assessments import assessment

BESIDE = 5
Place = tuple[str, str]
"""An obligation and a period, by their ids."""
CURSOR = re.compile(r"[0-9]{1,18}")


class RoleError(PermissionError):
    """The token names no role in which somebody assesses."""


class OtherContentError(ValueError):
    """The event id was used for another assessment."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says, of which obligation and period, in which message."""

    event_id: str
    obligation: str
    period: str
    judged: Judgement


async def assess(database: Database, asked: Question, role: str | None, said: Said) -> View:
    """Keep an assessment and tell of it; the same message again gets the same answer.

    Raises:
        RoleError, NotYoursError: the caller may not assess this obligation.
        UnknownError: no such obligation or period.
        AssessmentError: what is said is refused.
        OtherContentError: the event id was used for something else.
    """
    if role is None or not is_role(role):
        raise RoleError("the token names no role, as coordinator; only somebody with a role assesses")
    async with database.transaction() as work:
        seen = await look(work.sql, asked)
        row = _checked(seen, role, said)
        if await assessments.add(work.sql, row):
            _tell(work, seen, row)
        else:
            kept = await assessments.get(work.sql, row.assessment_id)
            if kept._replace(recorded_at=row.recorded_at) != row:
                raise OtherContentError(f"event_id {said.event_id} was used for another assessment")
            row = kept
    return assessment(row._asdict(), changed_at=None)


def _checked(seen: Sight, role: str, said: Said) -> Row:
    asked, obligation = seen.asked, seen.obligation(said.obligation)
    period = period_of(obligation, seen, said.period)
    if asked.caller not in {owner.id for owner in obligation.ruling(period).owners}:
        raise NotYoursError("name", f"{asked.caller} is no owner of {said.obligation} in {asked.code} in {period.id}")
    check(said.judged, obligation, period, local_day(asked.now))
    judged = said.judged
    return Row(
        uuid5(NAMESPACE, f"assessment/{asked.caller}/{said.event_id}"),
        *(asked.code, said.obligation, period.id, asked.caller, role),
        *(judged.verdict, judged.reason_code, judged.text, judged.assessed_on, asked.now),
    )


def _tell(work: UnitOfWork, seen: Sight, row: Row) -> None:
    event = AssessmentRecorded(**row._asdict(), promise=seen.obligation(row.obligation).promise)
    work.publish(
        PROMISE_STATUS,
        key=row.municipality,
        event_id=str(row.assessment_id),
        subject=f"{row.municipality}/{row.obligation}/{row.period}",
        time=row.recorded_at,
        data=event,
    )


async def assessments_of(database: Database, asked: Question, name: str, period: str | None, page: Page) -> View:
    """A page of a period's assessments, the latest first; without a period, the running one's.

    Raises:
        UnknownError: no such obligation or period.
        WrongError: the cursor is none of ours.
    """
    if page.after is not None and not CURSOR.fullmatch(page.after):
        raise WrongError("cursor", WRONG_CURSOR)
    before = int(page.after) if page.after else None
    async with sight(database, asked) as seen:
        obligation = seen.obligation(name)
        found = period_of(obligation, seen, period)
        rows = await assessments.latest(seen.sql, _spans(seen, [(obligation, found)]), before, page.limit + 1)
        changed = await changes(seen, [(obligation, found)])
    shown = [assessment(row, changed[(name, found.id)]) for row in rows[: page.limit]]
    following = str(rows[page.limit - 1]["seq"]) if len(rows) > page.limit else None
    return seen.head | {"obligation": name, "period": found.id, "assessments": shown, "next": following}


async def beside(seen: Sight, cases: Sequence[Case], known_by: datetime | None = None) -> Mapping[Place, list[View]]:
    """The latest assessments of each obligation and period, for showing beside its standing.

    With `known_by` they are those that had been recorded by then, measured by what was known then.
    """
    rows = await assessments.latest(seen.sql, _spans(seen, cases), None, BESIDE, known_by)
    judged = {_place(row) for row in rows}
    changed = await changes(seen, [case for case in cases if (case[0].id, case[1].id) in judged], known_by)
    found: dict[Place, list[View]] = {(obligation.id, period.id): [] for obligation, period in cases}
    for row in rows:
        found[_place(row)].append(assessment(row, changed[_place(row)]))
    return found


def _place(row: Mapping[str, Any]) -> Place:
    return row["obligation"], row["period"]


async def changes(seen: Sight, cases: Sequence[Case], known_by: datetime | None = None) -> dict[Place, datetime | None]:
    """When the evidence of each obligation and period changed last, as far as the audience may know."""
    keys = _spans(seen, cases)
    known: Mapping[Any, Any] = await baselines.load(seen.sql, keys)
    found: dict[Place, datetime | None] = {}
    for key, told in zip(keys, await reports(seen, cases, known_by), strict=True):
        internal = seen.asked.audience == "internal"
        moments = [report.recorded_at if internal else published_at(report) for report in told]
        moments += [each.recorded_at for each in known.get(key, ())]
        found[key[1:]] = max((each for each in moments if known_by is None or each <= known_by), default=None)
    return found


def _spans(seen: Sight, cases: Sequence[Case]) -> list[tuple[str, str, str]]:
    return [(seen.asked.code, obligation.id, period.id) for obligation, period in cases]
