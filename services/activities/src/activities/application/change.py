"""Which revision a command makes of an activity that is known; decided on values alone."""

from dataclasses import replace
from datetime import datetime

from activities.domain.activity import Activity, confirmed, corrected, retracted
from activities.domain.authority import Copy, check, check_partner, check_validity, visibility
from activities.domain.commands import Command, check_personal
from activities.domain.refusal import RefusalError, unknown_activity


def change(command: Command, activity: Activity, copy: Copy, now: datetime) -> Activity:
    """The activity after the command.

    Raises:
        RefusalError: the sender may not, or the command does not fit the activity as it is now.
    """
    check_personal(command)
    if command.kind == "confirm":
        check_partner(copy, activity, command.organisation)
        return confirmed(activity, command.organisation, now)
    if activity.organisation != command.organisation:
        raise unknown_activity()
    if command.expected is not None and command.expected != activity.revision:
        raise RefusalError(
            "stale_revision",
            "If-Match",
            f"the activity is at revision {activity.revision}; read it again and correct that",
        )
    if command.kind == "retract":
        return retracted(activity, now)
    assert command.content is not None
    revision = check(copy, command.organisation, command.content)
    content = replace(command.content, visibility=visibility(copy, command.content))
    after = corrected(activity, content, now, revision)
    check_validity(copy, content, after.counted_on)
    return after
