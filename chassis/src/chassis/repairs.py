"""The book of repairs: what was done by hand, by whom, why, and what came of it; kept in the repaired database."""

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from chassis.database import Connection


class Deed(NamedTuple):
    """`done_by` names a person or a function, `action` is the command, `subject` what it was done to."""

    done_by: str
    action: str
    subject: str
    reason: str | None = None


async def note(sql: "Connection", deed: Deed, outcome: str) -> None:
    """Enter what was done, in the transaction that did it."""
    await end(sql, await begin(sql, deed), outcome)


async def begin(sql: "Connection", deed: Deed) -> int:
    """Enter a work of many transactions before its first; answers the entry's number."""
    number: int = await sql.fetchval(
        "INSERT INTO repair (done_by, action, subject, reason) VALUES ($1, $2, $3, $4) RETURNING id", *deed
    )
    return number


async def end(sql: "Connection", number: int, outcome: str) -> None:
    """Enter how it ended."""
    await sql.execute(
        "UPDATE repair SET ended_at = clock_timestamp(), outcome = $2 WHERE id = $1", number, outcome[:2000]
    )


async def latest(sql: "Connection", limit: int = 10) -> list[dict[str, Any]]:
    """The latest entries, newest first."""
    rows = await sql.fetch("SELECT * FROM repair ORDER BY id DESC LIMIT $1", limit)
    return [dict(row) for row in rows]


async def unfinished(sql: "Connection", action: str) -> int:
    """How many works of this kind were begun and not ended."""
    count: int = await sql.fetchval("SELECT count(*) FROM repair WHERE action = $1 AND ended_at IS NULL", action)
    return count


async def close(sql: "Connection", action: str) -> None:
    """Those that were begun and not ended are done by the one that begins now."""
    await sql.execute(
        """
        UPDATE repair SET ended_at = clock_timestamp(), outcome = 'begun again'
        WHERE action = $1 AND ended_at IS NULL
        """,
        action,
    )
