"""Evidence: one row for each revision of an activity and day it counts on, append-only."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from chassis.database import Connection, columns

from contracts import activities
from promises.store import joined
from promises.store.joined import Keyed

FREE_TEXT = list(activities.FREE_TEXT)


class Row(NamedTuple):
    """One (obligation, counted day) pair of an activity's revision; `facts` is the event's JSON as it came."""

    activity_id: UUID
    revision: int
    obligation: str
    counted_on: date
    municipality: str
    state: str
    recorded_at: datetime
    facts: str


async def add(sql: Connection, rows: Iterable[Row]) -> bool:
    """Copy the rows in while they are read; False, and nothing is added, when one of them is known already."""
    try:
        async with sql.transaction():
            await sql.copy_records_to_table("evidence", records=rows, columns=Row._fields)
    except asyncpg.UniqueViolationError:
        return False
    return True


async def add_missing(sql: Connection, rows: Sequence[Row]) -> None:
    """Add those rows that are not known; of two contents of one revision the first is kept."""
    await sql.execute(
        """
        INSERT INTO evidence
            (activity_id, revision, obligation, counted_on, municipality, state, recorded_at, facts)
        SELECT activity_id, revision, obligation, counted_on, municipality, state, recorded_at, facts
        FROM (
            SELECT DISTINCT ON (activity_id, revision, obligation, counted_on) *
            FROM unnest($1::uuid[], $2::int[], $3::text[], $4::date[], $5::text[], $6::text[],
                        $7::timestamptz[], $8::jsonb[]) WITH ORDINALITY
                AS i(activity_id, revision, obligation, counted_on, municipality, state, recorded_at, facts, n)
            ORDER BY activity_id, revision, obligation, counted_on, n
        ) AS first ORDER BY n -- `seq` follows the order of arrival
        ON CONFLICT DO NOTHING
        """,
        *columns(rows, 8),
    )


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


class Span(NamedTuple):
    """A period of an obligation, and its days."""

    municipality: str
    obligation: str
    period: str
    first: date
    last: date


async def load(sql: Connection, spans: Sequence[Span], without: Sequence[str] = ()) -> dict[Span, list[Any]]:
    """Every revision that touches a span's days, its facts `without` some of them; a span may have none.

    To its own come those of other obligations under its keys, which are not.
    """
    rows = await sql.fetch(
        """
        SELECT n, activity_id, revision, counted_on, state, recorded_at, facts - $6::text[] AS facts,
            true AS own, facts->>'occasion_key' AS occasion_key
        FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[]) WITH ORDINALITY
            AS s(municipality, obligation, period, first, last, n)
        JOIN evidence AS e ON e.municipality = s.municipality AND e.obligation = s.obligation
            AND counted_on BETWEEN s.first AND s.last
        """,
        *columns(spans, 5),
        without,
    )
    found: list[list[Any]] = [[] for _ in spans]
    for row in rows:
        found[row["n"] - 1].append(row)
    keyed = [
        Keyed(span.municipality, span.obligation, {row["occasion_key"] for row in own} - {None})
        for span, own in zip(spans, found, strict=True)
    ]
    others = await joined.rows(sql, keyed, without)
    return {span: [*own, *other] for span, own, other in zip(spans, found, others, strict=True)}


class Added(NamedTuple):
    """The rows of a span behind a `seq`, and how the rows up to it hash together."""

    before: int
    rows: list[Any]


async def since(sql: Connection, read: Mapping[Span, int], without: Sequence[str] = ()) -> dict[Span, Added]:
    """What came to each span itself after the `seq` it was read up to, and a hash of what it held until then.

    Hashes of rows are joined by exclusive or. A row that was written anew, restored or rebuilt hashes anew, since
    `xmin` and `tableoid` count. It is one statement, so that nothing comes between the two halves.
    """
    found = await sql.fetch(
        """
        SELECT n, up_to.hash AS before, e.*
        FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[], $6::bigint[]) WITH ORDINALITY
            AS s(municipality, obligation, period, first, last, read, n)
        CROSS JOIN LATERAL (
            SELECT coalesce(bit_xor(hash_record_extended((tableoid, xmin, activity_id, revision, counted_on), 0)), 0)
                AS hash
            FROM evidence AS k
            WHERE s.read > 0 AND k.municipality = s.municipality AND k.obligation = s.obligation
                AND k.counted_on BETWEEN s.first AND s.last AND k.seq <= s.read
        ) AS up_to
        LEFT JOIN LATERAL (
            SELECT seq, activity_id, revision, counted_on, state, recorded_at, facts - $7::text[] AS facts, true AS own,
                facts->>'occasion_key' AS occasion_key,
                hash_record_extended((tableoid, xmin, activity_id, revision, counted_on), 0) AS hash
            FROM evidence AS k
            WHERE k.municipality = s.municipality AND k.obligation = s.obligation
                AND k.counted_on BETWEEN s.first AND s.last AND k.seq > s.read
        ) AS e ON true
        """,
        *columns([(*span, seq) for span, seq in read.items()], 6),
        without,
    )
    spans = list(read)
    added: dict[Span, Added] = {}
    for row in found:
        rows = added.setdefault(spans[row["n"] - 1], Added(row["before"], [])).rows
        if row["seq"] is not None:
            rows.append(row)
    return added
