"""What waits to be mailed, as an operator sees it: never an address."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chassis.database import Connection


async def mails(sql: "Connection") -> dict[str, list[dict[str, Any]]]:
    """The mails that are not ended, those of the last week that did not surely go, and who has no address.

    `reply` is the mail server's last one; by `message_id` its log knows a mail.
    """
    waiting = await sql.fetch(
        """
        SELECT m.message_id, m.organisation, m.role, m.digest_day, m.state, m.attempt, a.code AS reply, m.next_try_at
        FROM mail AS m LEFT JOIN mail_attempt AS a USING (mail_id, attempt)
        WHERE m.state IN ('queued', 'attempting', 'deferred') ORDER BY m.next_try_at, m.mail_id
        """
    )
    unsure = await sql.fetch(
        """
        SELECT m.message_id, m.organisation, m.role, m.digest_day, m.state, m.attempt, a.code AS reply
        FROM mail AS m LEFT JOIN mail_attempt AS a USING (mail_id, attempt)
        WHERE m.state IN ('failed', 'uncertain') AND m.digest_day > (SELECT max(digest_day) - 7 FROM mail)
        ORDER BY m.digest_day, m.mail_id
        """
    )
    unaddressed = await sql.fetch(
        """
        SELECT d.municipality, r.organisation, r.role, count(*) AS reminders, min(r.due_at) AS since
        FROM reminder AS r JOIN deadline AS d USING (deadline_id)
        WHERE r.state = 'unaddressed' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """
    )
    found = {"mails": waiting, "failed or uncertain": unsure, "unaddressed": unaddressed}
    return {what: [dict(row) for row in rows] for what, rows in found.items()}
