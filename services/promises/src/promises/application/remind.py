"""Enters the stages that were reached and says what the owners need to hear, in the evaluation's transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from chassis.database import UnitOfWork
from contracts.promises import DeadlineApproaching, DeadlineMissed, DeadlineSettled, DeadlineState

from promises.application import events
from promises.application.events import Speech
from promises.domain.calendar import local_day
from promises.domain.obligation import Mailing, Obligation
from promises.domain.reminders import Stage, Told, Word, audiences, decide, not_before, stages
from promises.domain.standing import Standing
from promises.domain.tally import Need
from promises.metrics import NOTICES
from promises.store import deadlines
from promises.store.deadlines import Notice
from promises.store.dirty import Name


async def remind(
    work: UnitOfWork, obligation: Obligation, municipality: str, judged: Sequence[Standing], now: datetime
) -> None:
    """Decide for every deadline of the judged periods; those that are no longer there are settled as moved."""
    name = (obligation.municipality, obligation.id)
    periods = [standing.period.id for standing in judged]
    ledger = await deadlines.ledger(work.sql, name, periods)
    told = await deadlines.told(work.sql, name, periods)
    current: set[UUID] = set()
    for standing in judged:
        for need in standing.tally.deadlines:
            if need.window.last < obligation.validity.first:
                continue
            speech = Speech(obligation, municipality, standing.period.id, need, now)
            current.add(speech.deadline_id)
            entered = ledger.get((speech.period, need.id, need.window.last), set())
            before = told.get(speech.deadline_id)
            word = decide(need, _reached(obligation, need, now), local_day(now), entered, _told(before))
            await _enter(work, speech, word)
            await _say(work, speech, word, before)
    gone = [row for key, row in told.items() if key not in current]
    await _settle(work, gone, "moved", now)


async def withdraw(work: UnitOfWork, name: Name, now: datetime) -> None:
    """Settle every deadline of an obligation that is no longer promised."""
    told = await deadlines.told(work.sql, name)
    await _settle(work, told.values(), "withdrawn", now)


def _reached(obligation: Obligation, need: Need, now: datetime) -> list[Stage]:
    every = stages(need.window, obligation.grace_days, obligation.mailing)
    return [stage for stage in every if stage.day <= local_day(now)]


def _told(row: Any) -> Told | None:  # noqa: ANN401 - a row of `deadline`
    return Told(row["revision"], tuple(row["awaited"]), row["stage"]) if row else None


async def _enter(work: UnitOfWork, speech: Speech, word: Word) -> None:
    slot, last = speech.need.id, speech.need.window.last
    notices = [Notice(slot, stage.name, last, "skipped", late=False) for stage in word.skipped]
    if word.stage:
        notices.append(Notice(slot, word.stage.name, last, "told", word.late))
        NOTICES.labels(word.stage.name).inc()
    await deadlines.enter(work.sql, speech.name, speech.period, notices, speech.now)


async def _say(work: UnitOfWork, speech: Speech, word: Word, before: Any) -> None:  # noqa: ANN401
    if word.stage is None and not word.settled:
        return
    state = speech.state(before["revision"] + 1 if before else 1)
    stage = word.stage.name if word.stage else before["stage"]
    body = state.model_dump()
    event = (
        _reminder(speech.obligation.mailing, body, word.stage, word.late)
        if word.stage
        else DeadlineSettled(**body, cause="fulfilled")
    )
    events.say(work, event, stage)
    await deadlines.tell(work.sql, state, stage)


def _reminder(mailing: Mailing, body: dict[str, Any], stage: Stage, late: bool) -> DeadlineApproaching | DeadlineMissed:  # noqa: FBT001
    kind = DeadlineMissed if stage.name == "missed" else DeadlineApproaching
    return kind(
        **body,
        stage=stage.name,
        stage_date=stage.day,
        late=late,
        mails=tuple(audiences(stage.name, mailing)),
        not_before=not_before(stage, mailing),
    )


async def _settle(work: UnitOfWork, rows: Collection[Any], cause: Literal["moved", "withdrawn"], now: datetime) -> None:
    for row in rows:
        if row["awaited"]:
            before = DeadlineState.model_validate_json(row["state"])
            change = {"revision": before.revision + 1, "awaited": (), "occurred_at": now}
            state = before.model_copy(update=change)
            events.say(work, DeadlineSettled(**state.model_dump(), cause=cause), row["stage"])
            await deadlines.tell(work.sql, state, row["stage"])
