"""One use case behind every door: each command of a list is accepted whole or refused whole, alone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from chassis.database import UnitOfWork
from uuid_utils.compat import uuid7

from activities import document
from activities.application import baseline, recovered
from activities.application.change import change
from activities.application.revisions import publish, revise
from activities.domain.activity import Activity, first
from activities.domain.authority import Copy, check, check_validity, visibility
from activities.domain.commands import (
    Accepted,
    Command,
    Key,
    Outcome,
    Refused,
    Waiting,
    check_personal,
    other_content,
    refused_as,
)
from activities.domain.refusal import RefusalError, unknown_activity
from activities.store import acceptance, listing
from activities.store.listing import Refusal


async def accept(work: UnitOfWork, commands: Sequence[Command], copy: Copy, now: datetime) -> list[Outcome]:
    """Take commands in their order, in the unit of work given; answers one outcome for each.

    The same id with the same content gets the answer it got before; with other content it is refused.
    """
    outcomes: list[Outcome] = []
    for run in _runs(commands):
        if run[0].kind == "log":
            outcomes += await _log(work, run, copy, now)
        else:
            outcomes.append(await _one(work, run[0], copy, now))
    return outcomes


def _runs(commands: Iterable[Command]) -> Iterable[list[Command]]:
    """Reports are taken together, until an id comes again with another content: what became of the first decides."""
    run: list[Command] = []
    said: dict[Key, Command] = {}
    for command in commands:
        if run and not (command.kind == run[0].kind == "log" and said.get(command.key, command) == command):
            yield run
            run, said = [], {}
        run.append(command)
        said[command.key] = command
    if run:
        yield run


async def _one(work: UnitOfWork, command: Command, copy: Copy, now: datetime) -> Outcome:
    take = baseline.report if command.kind == "baseline" else _change
    return await take(work, command, copy, now)


async def _log(work: UnitOfWork, commands: Sequence[Command], copy: Copy, now: datetime) -> list[Outcome]:
    """Most reports are new: what came before is looked up only for those that cannot be taken."""
    drafts: dict[Key, Activity] = {}
    refused: dict[Key, Refused] = {}
    for command in _distinct(commands):
        try:
            drafts[command.key] = _draft(command, copy, now)
        except RefusalError as error:
            refused[command.key] = refused_as(error)
    won = await _claim(work, [c for c in _distinct(commands) if c.key in drafts], drafts)
    made = {key: drafts[key] for key in won}
    answered = await _repeated(work, [c for c in commands if c.key not in made])
    left = [command for command in commands if command.key in drafts and command.key not in {*made, *answered}]
    again = await recovered.reports(work, left, drafts)
    answered |= {key: (accepted(activity), sha256) for key, (activity, sha256) in again.items()}
    taken = [key for key in drafts if key not in made and key not in answered]
    refused = {key: each for key, each in refused.items() if key not in answered}
    refused |= {key: _reference_taken() for key in taken}
    await _meet(work, list(made.values()), copy, now)
    return [_answer(command, answered, made, refused) for command in commands]


async def _claim(work: UnitOfWork, commands: Sequence[Command], drafts: dict[Key, Activity]) -> set[Key]:
    """Store what nobody stored before; answers the keys that are new, references included."""
    if not commands:
        return set()
    await acceptance.report(work.sql, {command.organisation for command in commands})
    claimed = await acceptance.claim(work.sql, [(c, drafts[c.key].activity_id, 1) for c in commands])
    told = {key: document.told("log", drafts[key]) for key in claimed}
    added = await acceptance.add(work.sql, [told[c.key] for c in commands if c.key in claimed]) if claimed else set()
    won = {key for key in claimed if drafts[key].activity_id in added}
    await acceptance.disown(work.sql, sorted(claimed - won))
    for command in commands:
        if command.key in won:
            publish(work, told[command.key], command.traceparent)
    return won


async def _meet(work: UnitOfWork, activities: Sequence[Activity], copy: Copy, now: datetime) -> None:
    """Apply what waited for these activities; what does not fit is kept as a refusal."""
    if not activities:
        return
    for command in await acceptance.early_birds(work.sql, activities, now):
        activity = await acceptance.locked(work.sql, command)
        assert activity is not None
        try:
            await revise(work, command, activity, change(command, activity, copy, now))
        except RefusalError as error:
            await acceptance.disown(work.sql, [command.key])
            await listing.refuse(work.sql, [Refusal(command, "kafka", refused_as(error))], now)


async def _change(work: UnitOfWork, command: Command, copy: Copy, now: datetime) -> Outcome:
    activity = await _found(work, command)
    known = await _repeated(work, [command])
    if command.key in known:
        return _answer(command, known, {}, {})
    if activity is None:
        return await _unmet(work, command, now)
    if again := await recovered.changed(work, command, activity, copy):
        return accepted(again)
    try:
        revised = change(command, activity, copy, now)
    except RefusalError as error:
        return refused_as(error)
    if not await acceptance.claim(work.sql, [(command, revised.activity_id, revised.revision)]):
        return _answer(command, await _repeated(work, [command]), {}, {})
    await revise(work, command, activity, revised)
    return accepted(revised)


async def _found(work: UnitOfWork, command: Command) -> Activity | None:
    """The activity, locked. Before it is called unknown, reports under way end: they could not see what waits."""
    activity = await acceptance.locked(work.sql, command)
    if activity is None and command.patient:
        await acceptance.await_reports(work.sql, command.organisation)
        activity = await acceptance.locked(work.sql, command)
    return activity


async def _unmet(work: UnitOfWork, command: Command, now: datetime) -> Outcome:
    """The activity is not known: whoever may wait does; a repetition that won meanwhile waits already."""
    if not command.patient:
        return refused_as(unknown_activity())
    try:
        check_personal(command)
    except RefusalError as error:
        return refused_as(error)
    if not await acceptance.claim(work.sql, [(command, None, None)]):
        return _answer(command, await _repeated(work, [command]), {}, {})
    await acceptance.wait(work.sql, command, now)
    return Waiting()


async def _repeated(work: UnitOfWork, commands: Sequence[Command]) -> dict[Key, tuple[Outcome, bytes]]:
    rows = await acceptance.answers(work.sql, [command.key for command in commands]) if commands else {}
    return {
        key: (accepted(document.activity(row["state"])) if row["state"] else Waiting(), row["sha256"])
        for key, row in rows.items()
    }


def _draft(command: Command, copy: Copy, now: datetime) -> Activity:
    assert command.content is not None
    assert command.reference is not None
    check_personal(command)
    revision = check(copy, command.organisation, command.content)
    sender = (command.organisation, command.source, command.reference)
    content = replace(command.content, visibility=visibility(copy, command.content))
    draft = first(uuid7(), content, sender=sender, now=now, catalogue_revision=revision)
    check_validity(copy, content, draft.counted_on)
    return draft


def _answer(
    command: Command,
    answered: dict[Key, tuple[Outcome, bytes]],
    made: dict[Key, Activity],
    refused: dict[Key, Refused],
) -> Outcome:
    if command.key in refused:
        return refused[command.key]
    if command.key in made:
        return accepted(made[command.key])
    outcome, sha256 = answered[command.key]
    if sha256 != command.sha256:
        return other_content()
    return outcome


def accepted(activity: Activity) -> Accepted:
    """The answer for a revision."""
    return Accepted(
        activity_id=activity.activity_id,
        revision=activity.revision,
        reference=activity.reference,
        status=activity.content.status,
        counted_on=activity.counted_on,
        recorded_at=activity.recorded_at,
    )


def _reference_taken() -> Refused:
    return Refused("reference_taken", "reference", "another activity has it; correct that one, or use a new reference")


def _distinct(commands: Iterable[Command]) -> Iterable[Command]:
    found: dict[Key, Command] = {}
    for command in commands:
        found.setdefault(command.key, command)
    return found.values()
