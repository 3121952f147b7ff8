"""A command whose revision was taken back is known by what it asks, since its id was lost with the database."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chassis.database import UnitOfWork
from contracts.activities import BaselineReported

from activities import document
from activities.domain.activity import Activity, Content
from activities.domain.authority import Copy, visibility
from activities.domain.commands import Command
from activities.store import acceptance, disposal, recovered


async def reported(work: UnitOfWork, command: Command, draft: Activity) -> Activity | None:
    """The activity that this report made before the restore."""
    row = await recovered.first(work.sql, command)
    if row is None:
        return None
    gone = await disposal.until(work.sql, row["thing"])
    if document.activity(row["state"]).content != _kept(draft.content, row, gone):
        return None
    return await _again(work, command, row)


async def changed(work: UnitOfWork, command: Command, activity: Activity, copy: Copy) -> Activity | None:
    """The revision that this change made of the activity before the restore."""
    rows = await recovered.of_activity(work.sql, activity.activity_id)
    gone = await disposal.until(work.sql, activity.activity_id) if rows else 0
    row = next((row for row in rows if _made(command, activity, row, copy, gone)), None)
    return await _again(work, command, row) if row else None


async def baseline(work: UnitOfWork, command: Command) -> BaselineReported | None:
    """The revision that this baseline made before the restore."""
    assert command.baseline is not None
    for row in await recovered.of_baseline(work.sql, command.baseline.name):
        event = BaselineReported.model_validate_json(row["state"])
        said = (event.organisation, event.source, event.quantity, event.total, event.units)
        asked = command.baseline
        if said == (command.organisation, command.source, asked.quantity, asked.total, dict(asked.units)):
            await _note(work, command, row)
            return event
    return None


def _kept(content: Content, row: Any, gone: int) -> Content:  # noqa: ANN401 - a row
    """What a revision keeps of what was asked: not the text that was disposed of since."""
    return replace(content, title=None, performed_by=None) if row["revision"] <= gone else content


def _made(command: Command, activity: Activity, row: Any, copy: Copy, gone: int) -> bool:  # noqa: ANN401 - a row
    """Whether the command made this revision; one that names the revision it was made from made the next."""
    if row["command"] != command.kind or command.expected not in {None, row["revision"] - 1}:
        return False
    then = document.activity(row["state"])
    if command.kind == "confirm":
        return command.organisation in then.confirmed_by
    if activity.organisation != command.organisation:
        return False
    if command.content is None:
        return True
    asked = replace(command.content, visibility=visibility(copy, command.content))
    return then.content == _kept(asked, row, gone)


async def _again(work: UnitOfWork, command: Command, row: Any) -> Activity:  # noqa: ANN401 - a row
    await _note(work, command, row)
    return document.activity(row["state"])


async def _note(work: UnitOfWork, command: Command, row: Any) -> None:  # noqa: ANN401 - a row
    """Its id is known from now on."""
    await acceptance.claim(work.sql, [(command, row["thing"], row["revision"])])
    await recovered.known_again(work.sql, row["thing"], row["revision"])


async def reports(
    work: UnitOfWork, commands: Sequence[Command], drafts: dict[Any, Activity]
) -> dict[Any, tuple[Activity, bytes]]:
    """Of reports whose reference is taken, those that took it themselves before the restore."""
    found = {}
    for command in commands:
        if command.key not in found and (activity := await reported(work, command, drafts[command.key])):
            found[command.key] = (activity, command.sha256)
    return found
