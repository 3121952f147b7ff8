"""Enters the stages that were reached and says what the owners need to hear, in the evaluation's transaction."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.tracing import within
from contracts.promises import DeadlineApproaching, DeadlineMissed, DeadlineSettled, DeadlineState

from promises.application import events
from promises.application.events import Speech
from promises.application.judge import Case
from promises.domain.calendar import local_day
from promises.domain.obligation import Obligation
from promises.domain.parameters import Mailing
from promises.domain.reminders import Stage, Told, Word, audiences, decide, not_before, stages
from promises.domain.tally import Need
from promises.metrics import NOTICES
from promises.store import deadlines
from promises.store.deadlines import Notice, Place
from promises.store.dirty import Name

Said = tuple[DeadlineState, str]


async def remind(work: UnitOfWork, cases: Sequence[Case]) -> None:
    """Decide for every deadline of the judged periods; those that are no longer there are settled as moved."""
    periods = [(*case.name, standing.period.id) for case in cases for standing in case.standings]
    ledger = await deadlines.ledger(work.sql, periods)
    told = await deadlines.told(work.sql, periods)
    entered: list[Notice] = []
    said: list[Said] = []
    current: set[UUID] = set()
    for case, speech in _speeches(cases):
        current.add(speech.deadline_id)
        before = told.get(speech.deadline_id)
        place = Place(*speech.name, speech.period, speech.need.id, speech.need.window.last)
        reached, today = _reached(speech.obligation, speech.need, speech.now), local_day(speech.now)
        word = decide(speech.need, reached, today, ledger.get(place, set()), _told(before))
        entered += _notices(place, word, speech.now)
        with within(case.trace):
            said += _say(work, speech, word, before)
    by_name = {case.name: case for case in cases}
    for key, row in told.items():
        if key not in current:
            case = by_name[row["municipality"], row["obligation"]]
            with within(case.trace):
                said += _settle(work, row, "moved", case.now)
    await deadlines.enter(work.sql, entered)
    await deadlines.tell(work.sql, said)


def _speeches(cases: Sequence[Case]) -> Iterator[tuple[Case, Speech]]:
    """Every deadline of the judged periods."""
    for case in cases:
        for standing in case.standings:
            for need in standing.tally.deadlines:
                if need.window.last >= case.obliged.validity.first:
                    yield case, Speech(standing.obligation, case.promised.name, standing.period.id, need, case.now)


async def withdraw(work: UnitOfWork, name: Name, now: datetime) -> None:
    """Settle every deadline of an obligation that is no longer promised."""
    rows = await deadlines.of_obligation(work.sql, name)
    await deadlines.tell(work.sql, [each for row in rows for each in _settle(work, row, "withdrawn", now)])


def _reached(obligation: Obligation, need: Need, now: datetime) -> list[Stage]:
    every = stages(need.window, obligation.grace_days, obligation.mailing)
    return [stage for stage in every if stage.day <= local_day(now)]


def _told(row: Any) -> Told | None:  # noqa: ANN401 - a row of `deadline`
    return Told(row["revision"], tuple(row["awaited"]), row["stage"]) if row else None


def _notices(place: Place, word: Word, now: datetime) -> Iterator[Notice]:
    yield from (Notice(place, stage.name, "skipped", late=False, now=now) for stage in word.skipped)
    if word.stage:
        NOTICES.labels(word.stage.name).inc()
        yield Notice(place, word.stage.name, "told", word.late, now)


def _say(work: UnitOfWork, speech: Speech, word: Word, before: Any) -> Iterator[Said]:  # noqa: ANN401
    if word.stage is None and not word.settled:
        return
    state = speech.state(before["revision"] + 1 if before else 1)
    stage = word.stage.name if word.stage else before["stage"]
    body = state.model_dump()
    event = (
        reminder(speech.obligation.mailing, body, word.stage, word.late)
        if word.stage
        else DeadlineSettled(**body, cause="fulfilled")
    )
    events.say(work, event, stage)
    yield state, stage


def reminder(mailing: Mailing, body: dict[str, Any], stage: Stage, late: bool) -> DeadlineApproaching | DeadlineMissed:  # noqa: FBT001
    """The event that tells a stage; `body` is the deadline's state."""
    kind = DeadlineMissed if stage.name == "missed" else DeadlineApproaching
    return kind(
        **body,
        stage=stage.name,
        stage_date=stage.day,
        late=late,
        mails=tuple(audiences(stage.name, mailing)),
        not_before=not_before(stage, mailing),
    )


def _settle(work: UnitOfWork, row: Any, cause: Literal["moved", "withdrawn"], now: datetime) -> Iterator[Said]:  # noqa: ANN401
    if row["awaited"]:
        before = DeadlineState.model_validate_json(row["state"])
        change = {"revision": before.revision + 1, "awaited": (), "occurred_at": now}
        state = before.model_copy(update=change)
        events.say(work, DeadlineSettled(**state.model_dump(), cause=cause), row["stage"])
        yield state, row["stage"]
