"""What waits to be mailed, as an operator sees it: never an address."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chassis.database import Connection


async def mails(sql: "Connection") -> dict[str, list[dict[str, Any]]]:
    """The mails that are not ended, and the reminders that nobody in the recipients file is told of."""
    waiting = await sql.fetch(
        """
        SELECT mail_id, organisation, role, digest_day, state, attempt, next_try_at FROM mail
        WHERE state IN ('queued', 'attempting', 'deferred') ORDER BY next_try_at, mail_id
        """
    )
    unaddressed = await sql.fetch(
        """
        SELECT d.municipality, r.organisation, r.role, count(*) AS reminders, min(r.due_at) AS since
        FROM reminder AS r JOIN deadline AS d USING (deadline_id)
        WHERE r.state = 'unaddressed' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """
    )
    return {"mails": [dict(row) for row in waiting], "unaddressed": [dict(row) for row in unaddressed]}
