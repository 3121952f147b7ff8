"""Everything the topics of this service must hold, from its own tables."""

import json
from collections.abc import AsyncIterator
from typing import Any

from chassis.database import Connection
from chassis.past import Say
from contracts.promises import DeadlineSettled, DeadlineState, PromiseStatusChanged

from promises.application import events
from promises.application.load import publish
from promises.application.remind import reminder
from promises.catalogue import mapping
from promises.catalogue.mapping import Promised
from promises.catalogue.model import Catalogue
from promises.domain.calendar import Window
from promises.domain.obligation import Obligation
from promises.domain.reasons import Reason
from promises.domain.reminders import Stage, stages
from promises.domain.sentences import sentence
from promises.store import recovery
from promises.store.catalogues import Revision


async def everything(sql: Connection) -> AsyncIterator[Say]:
    """Every catalogue revision, the latest public standings, the last word about each deadline."""
    in_force: dict[str, Promised] = {}
    before: dict[str, Revision] = {}
    async for row in recovery.catalogues(sql):
        revision = Revision(row["revision"], row["sha256"], json.loads(row["document"]))
        yield _catalogue(revision, before.get(row["municipality"]), row["loaded_at"])
        before[row["municipality"]] = revision
        in_force[row["municipality"]] = mapping.promised(revision.document)
    async for row in recovery.standings(sql):
        if promise := _obligation(in_force, row):
            yield _standing(promise.promise, row)
    async for row in recovery.deadlines(sql):
        yield _deadline(in_force, row)


def _obligation(in_force: dict[str, Promised], row: Any) -> Obligation | None:  # noqa: ANN401 - a row or a state
    promised = in_force.get(row["municipality"])
    return promised.obligations.get(row["obligation"]) if promised else None


def _catalogue(revision: Revision, before: Revision | None, loaded_at: Any) -> Say:  # noqa: ANN401 - a moment
    catalogue = Catalogue.model_validate(revision.document["catalogue"])
    return lambda work: publish(work, catalogue, before, revision.revision, loaded_at)


def _standing(promise: str, row: Any) -> Say:  # noqa: ANN401 - a row
    kept = json.loads(row["standing"])
    reasons = [Reason(each["code"], each["parameters"]) for each in kept["reasons"]]
    shown = ("period", "phase", "verdict", "pace", "at_risk", "overdue", "progress")
    event = PromiseStatusChanged(
        municipality=row["municipality"],
        obligation=row["obligation"],
        promise=promise,
        revision=row["revision"],
        reasons_sv=tuple(sentence(reason, "sv") for reason in reasons),
        reasons_en=tuple(sentence(reason, "en") for reason in reasons),
        changed_at=row["changed_at"],
        **{name: kept[name] for name in shown},
    )
    return lambda work: events.say_status(work, event)


def _deadline(in_force: dict[str, Promised], row: Any) -> Say:  # noqa: ANN401 - a row
    """Who is awaited is told the stage again, in the same revision; a deadline that awaits nobody is settled."""
    state = DeadlineState.model_validate_json(row["state"])
    obligation = _obligation(in_force, state.model_dump())
    if not state.awaited or obligation is None:
        settled = DeadlineSettled(**state.model_dump(), cause="fulfilled" if obligation else "withdrawn")
        return lambda work: events.say(work, settled, row["stage"])
    every = stages(Window(state.first_day, state.last_day), obligation.grace_days, obligation.mailing)
    stage = next((each for each in every if each.name == row["stage"]), Stage(row["stage"], state.last_day))
    event = reminder(obligation.mailing, state.model_dump(), stage, row["late"])
    return lambda work: events.say(work, event, stage.name)
