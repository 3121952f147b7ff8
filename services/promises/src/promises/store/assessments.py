"""Assessments by people: append-only, none is ever replaced."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from chassis.database import Connection, columns


class Row(NamedTuple):
    """An assessment as it is kept."""

    assessment_id: UUID
    municipality: str
    obligation: str
    period: str
    organisation: str
    role: str
    verdict: str
    reason_code: str | None
    text: str
    assessed_on: date
    recorded_at: datetime


async def add(sql: Connection, row: Row) -> bool:
    """Append an assessment; False, and nothing is added, when its id is known."""
    status: str = await sql.execute(
        """
        INSERT INTO assessment (assessment_id, municipality, obligation, period, organisation, role, verdict,
                                reason_code, text, assessed_on, recorded_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (assessment_id) DO NOTHING
        """,
        *row,
    )
    return status.endswith(" 1")


async def get(sql: Connection, assessment_id: UUID) -> Row:
    """An assessment that is known to be there; ask in a later statement than the one that met it."""
    found = await sql.fetchrow(
        """
        SELECT assessment_id, municipality, obligation, period, organisation, role, verdict, reason_code, text,
            assessed_on, recorded_at
        FROM assessment WHERE assessment_id = $1
        """,
        assessment_id,
    )
    assert found is not None
    return Row(*found)


async def latest(
    sql: Connection,
    periods: Sequence[tuple[str, str, str]],
    before: int | None,
    limit: int,
    known_by: datetime | None = None,
) -> list[Any]:
    """For each (municipality, obligation, period) at most so many, the latest first; `before` is a `seq`."""
    rows: list[Any] = await sql.fetch(
        """
        SELECT a.* FROM unnest($1::text[], $2::text[], $3::text[]) AS p(municipality, obligation, period)
        CROSS JOIN LATERAL (
            SELECT seq, assessment_id, municipality, obligation, period, organisation, role, verdict, reason_code,
                text, assessed_on, recorded_at
            FROM assessment AS b
            WHERE (b.municipality, b.obligation, b.period) = (p.municipality, p.obligation, p.period)
                AND ($4::bigint IS NULL OR seq < $4) AND ($6::timestamptz IS NULL OR recorded_at <= $6)
            ORDER BY seq DESC LIMIT $5
        ) AS a ORDER BY seq DESC
        """,
        *columns(periods, 3),
        before,
        limit,
        known_by,
    )
    return rows
