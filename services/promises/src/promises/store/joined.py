"""Occasions that several obligations are reported for: what their keys join (settled reading 12)."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from chassis.database import Connection, columns

from promises.store.dirty import Name


class Keyed(NamedTuple):
    """An obligation, and the keys under which something was reported for it."""

    municipality: str
    obligation: str
    keys: Collection[str]


async def rows(sql: Connection, asked: Sequence[Keyed], without: Sequence[str] = ()) -> list[list[Any]]:
    """For each of these what was reported for other obligations under its keys, whatever day it is counted on.

    A report comes with all revisions since the first that bore the key: a later one may bear another, or count no more.
    """
    found: list[list[Any]] = [[] for _ in asked]
    pairs = [(n, each.municipality, each.obligation, key) for n, each in enumerate(asked) for key in each.keys]
    if not pairs:
        return found
    told = await sql.fetch(
        """
        SELECT n, e.activity_id, e.revision, e.counted_on, e.state, e.recorded_at, e.facts - $5::text[] AS facts,
            false AS own, facts->>'occasion_key' AS occasion_key
        FROM (
            SELECT n, municipality, obligation, array_agg(key) AS keys
            FROM unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS k(n, municipality, obligation, key)
            GROUP BY n, municipality, obligation
        ) AS a
        CROSS JOIN LATERAL (
            SELECT activity_id, counted_on, min(revision) AS revision FROM evidence AS k
            WHERE k.municipality = a.municipality AND k.facts->>'occasion_key' = ANY (a.keys)
                AND k.obligation <> a.obligation
            GROUP BY activity_id, counted_on
        ) AS bore
        JOIN evidence AS e ON e.activity_id = bore.activity_id AND e.counted_on = bore.counted_on
            AND e.revision >= bore.revision AND e.obligation <> a.obligation
        """,
        *columns(pairs, 4),
        without,
    )
    for row in told:
        found[row["n"]].append(row)
    return found


async def days(
    sql: Connection, keys: Collection[tuple[str, str]], activities: Collection[UUID]
) -> dict[Name, tuple[date, date]]:
    """The first and last day of each obligation for which something was reported under one of these keys.

    To the keys, each in its municipality, come those that some revision of these activities bears.
    """
    found = await sql.fetch(
        """
        WITH keyed AS (
            SELECT municipality, key FROM unnest($1::text[], $2::text[]) AS k(municipality, key)
            UNION
            SELECT municipality, facts->>'occasion_key' FROM evidence
            WHERE activity_id = ANY($3::uuid[]) AND facts->>'occasion_key' IS NOT NULL
        )
        SELECT municipality, obligation, min(first) AS first, max(last) AS last FROM keyed CROSS JOIN LATERAL (
            SELECT obligation, min(counted_on) AS first, max(counted_on) AS last FROM evidence AS e
            WHERE e.municipality = keyed.municipality AND e.facts->>'occasion_key' = keyed.key
            GROUP BY obligation
        ) AS told GROUP BY municipality, obligation
        """,
        *columns(list(keys), 2),
        list(activities),
    )
    return {(row["municipality"], row["obligation"]): (row["first"], row["last"]) for row in found}
