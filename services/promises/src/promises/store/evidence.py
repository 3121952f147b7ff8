"""Evidence: one row for each revision of an activity and day it counts on, append-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.database import Connection

FREE_TEXT = ["title", "performed_by"]


@dataclass(frozen=True, slots=True)
class Row:
    """One (obligation, counted day) pair of an activity's revision; `facts` is the event's JSON as it came."""

    activity_id: UUID
    revision: int
    obligation: str
    counted_on: date
    municipality: str
    state: str
    recorded_at: datetime
    facts: str


async def ingest(sql: Connection, rows: Sequence[Row]) -> int:
    """Add the rows and mark their obligations dirty, from the input, in one statement; answer how many were new."""
    added: int = await sql.fetchval(
        """
        WITH input AS (
            SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::date[], $5::text[], $6::text[],
                                 $7::timestamptz[], $8::jsonb[]) WITH ORDINALITY
                AS i(activity_id, revision, obligation, counted_on, municipality, state, recorded_at, facts, n)
        ), added AS (
            INSERT INTO evidence
                (activity_id, revision, obligation, counted_on, municipality, state, recorded_at, facts)
            SELECT activity_id, revision, obligation, counted_on, municipality, state, recorded_at, facts
            FROM (
                SELECT DISTINCT ON (activity_id, revision, obligation, counted_on) * FROM input
                ORDER BY activity_id, revision, obligation, counted_on, n
            ) AS first ORDER BY n -- `seq` follows the order of arrival: of two contents the first is kept
            ON CONFLICT DO NOTHING RETURNING 1
        ), marked AS (
            INSERT INTO dirty AS d (municipality, obligation, mark, from_day, to_day)
            SELECT municipality, obligation, nextval('mark'), first, last FROM (
                SELECT municipality, obligation, min(counted_on) AS first, max(counted_on) AS last
                FROM input GROUP BY municipality, obligation ORDER BY municipality, obligation
            ) AS touched
            ON CONFLICT (municipality, obligation) DO UPDATE SET
                mark = EXCLUDED.mark,
                from_day = least(d.from_day, EXCLUDED.from_day),
                to_day = greatest(d.to_day, EXCLUDED.to_day)
        )
        SELECT count(*) FROM added
        """,
        [row.activity_id for row in rows],
        [row.revision for row in rows],
        [row.obligation for row in rows],
        [row.counted_on for row in rows],
        [row.municipality for row in rows],
        [row.state for row in rows],
        [row.recorded_at for row in rows],
        [row.facts for row in rows],
    )
    return added


async def conflicting(sql: Connection, rows: Sequence[Row]) -> set[tuple[UUID, int, str]]:
    """Of these rows, the revisions whose content is not the one kept; what they added is taken out again.

    Free text is left out of the comparison: its disposal is no other content.
    """
    found = await sql.fetch(
        """
        SELECT DISTINCT i.activity_id, i.revision, i.facts
        FROM unnest($1::uuid[], $2::int[], $3::text[]) AS i(activity_id, revision, facts)
        JOIN LATERAL (
            SELECT facts FROM evidence e WHERE e.activity_id = i.activity_id AND e.revision = i.revision
            ORDER BY seq LIMIT 1
        ) AS kept ON kept.facts - $4::text[] <> i.facts::jsonb - $4::text[]
        """,
        [row.activity_id for row in rows],
        [row.revision for row in rows],
        [row.facts for row in rows],
        FREE_TEXT,
    )
    refused = {(row["activity_id"], row["revision"], row["facts"]) for row in found}
    await sql.executemany(
        "DELETE FROM evidence WHERE activity_id = $1 AND revision = $2 AND facts = $3::jsonb", sorted(refused)
    )
    return refused


async def load(sql: Connection, municipality: str, obligation: str, first: date, last: date) -> list[Any]:
    """Every revision that touches these days."""
    rows: list[Any] = await sql.fetch(
        """
        SELECT activity_id, revision, counted_on, state, recorded_at, facts FROM evidence
        WHERE municipality = $1 AND obligation = $2 AND counted_on BETWEEN $3 AND $4
        """,
        municipality,
        obligation,
        first,
        last,
    )
    return rows
