"""The queue of obligations to evaluate: marked by evidence, by the catalogue and by time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chassis.database import Connection, columns

ALL_DAYS = (date(1900, 1, 1), date(2999, 12, 31))
Name = tuple[str, str]


class Days(NamedTuple):
    """From the first to the last day that something concerns, and the trace it belongs to."""

    first: date
    last: date
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What is dirty of an obligation: `instant` when time marked it, a range of days when something else did.

    `catalogue` is the revision in force, `evaluated_at` the moment of the last evaluation, `traceparent` the trace of
    the record that marked it last.
    """

    mark: int
    instant: datetime | None
    from_day: date | None
    to_day: date | None
    evaluated_at: datetime | None
    catalogue: int | None
    traceparent: str | None


async def mark_all_days(sql: Connection, names: Sequence[Name]) -> None:
    """Mark obligations for every period they have."""
    await sql.execute(
        """
        INSERT INTO dirty (municipality, obligation, mark, from_day, to_day)
        SELECT municipality, obligation, nextval('mark'), $3, $4
        FROM unnest($1::text[], $2::text[]) AS n(municipality, obligation) ORDER BY 1, 2
        ON CONFLICT (municipality, obligation) DO UPDATE SET
            mark = EXCLUDED.mark, from_day = EXCLUDED.from_day, to_day = EXCLUDED.to_day, retry_at = '-infinity'
        """,
        *columns(names, 2),
        *ALL_DAYS,
    )


async def mark_days(sql: Connection, days: Mapping[Name, Days]) -> None:
    """Mark each obligation for the periods that hold some of its days; the latest trace stays with the mark."""
    ordered = sorted(days)
    if not ordered:
        return
    await sql.execute(
        """
        INSERT INTO dirty AS d (municipality, obligation, mark, from_day, to_day, traceparent)
        SELECT municipality, obligation, nextval('mark'), first, last, traceparent
        FROM unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::text[])
            AS n(municipality, obligation, first, last, traceparent)
        ORDER BY 1, 2
        ON CONFLICT (municipality, obligation) DO UPDATE SET mark = EXCLUDED.mark,
            from_day = least(d.from_day, EXCLUDED.from_day), to_day = greatest(d.to_day, EXCLUDED.to_day),
            traceparent = coalesce(EXCLUDED.traceparent, d.traceparent)
        """,
        *columns([(*name, *days[name]) for name in ordered], 5),
    )


async def mark_due(sql: Connection, now: datetime, limit: int = 1000) -> int:
    """Mark the obligations whose `wake_at` has come, the earliest first; answer how many."""
    marked: int = await sql.fetchval(
        """
        WITH due AS MATERIALIZED (
            SELECT municipality, obligation, max(wake_at) AS instant FROM standing s
            WHERE wake_at <= $1 AND NOT EXISTS (
                SELECT 1 FROM dirty d
                WHERE d.municipality = s.municipality AND d.obligation = s.obligation AND d.instant >= s.wake_at
            )
            GROUP BY municipality, obligation ORDER BY min(wake_at), municipality, obligation LIMIT $2
        ), marked AS (
            INSERT INTO dirty AS d (municipality, obligation, mark, instant)
            SELECT municipality, obligation, nextval('mark'), instant FROM due ORDER BY municipality, obligation
            ON CONFLICT (municipality, obligation) DO UPDATE SET
                mark = EXCLUDED.mark, instant = greatest(d.instant, EXCLUDED.instant)
            RETURNING 1
        )
        SELECT count(*) FROM marked
        """,
        now,
        limit,
    )
    return marked


async def waiting(sql: Connection, *, newest: bool = False, limit: int = 200) -> list[Name]:
    """The obligations that wait, the longest or the shortest first, those that failed only after their pause."""
    rows = await sql.fetch(
        """
        SELECT municipality, obligation FROM dirty WHERE retry_at <= clock_timestamp()
        ORDER BY CASE WHEN $2 THEN -mark ELSE mark END LIMIT $1
        """,
        limit,
        newest,
    )
    return [(row["municipality"], row["obligation"]) for row in rows]


async def depth(sql: Connection) -> int:
    """How many obligations wait, those that failed included."""
    count: int = await sql.fetchval("SELECT count(*) FROM dirty")
    return count


async def claim(sql: Connection, names: Sequence[Name]) -> dict[Name, Work]:
    """Take obligations for this transaction; left out is what another replica has and what has nothing left to do.

    The evidence must be loaded by a later statement: one that loads in the statement of the claim loses updates.
    """
    locked = await sql.fetch(
        """
        SELECT municipality, obligation FROM unnest($1::text[], $2::text[]) AS n(municipality, obligation)
        WHERE pg_try_advisory_xact_lock(hashtextextended(municipality || '/' || obligation, 0))
        """,
        *columns(names, 2),
    )
    rows = await sql.fetch(
        """
        SELECT municipality, obligation, d.mark, d.instant, d.from_day, d.to_day, e.at AS evaluated_at,
            (SELECT max(revision) FROM catalogue_revision c WHERE c.municipality = d.municipality) AS catalogue,
            d.traceparent
        FROM unnest($1::text[], $2::text[]) AS n(municipality, obligation)
        JOIN dirty d USING (municipality, obligation) LEFT JOIN evaluated e USING (municipality, obligation)
        """,
        *columns([tuple(row) for row in locked], 2),
    )
    return {(municipality, obligation): Work(*work) for municipality, obligation, *work in rows}


async def done(sql: Connection, evaluated: Mapping[Name, tuple[int, datetime]]) -> None:
    """Note each evaluation and forget the mark that was read; a newer mark stays.

    The rows are locked first, in the order in which every writer takes them.
    """
    names, marks = columns(sorted(evaluated), 2), [evaluated[name] for name in sorted(evaluated)]
    await sql.execute(
        """
        SELECT FROM dirty WHERE (municipality, obligation) IN (SELECT * FROM unnest($1::text[], $2::text[]))
        ORDER BY municipality, obligation FOR UPDATE
        """,
        *names,
    )
    await sql.execute(
        """
        WITH input AS (
            SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[])
                AS i(municipality, obligation, mark, at)
        ), noted AS (
            INSERT INTO evaluated (municipality, obligation, at) SELECT municipality, obligation, at FROM input
            ON CONFLICT (municipality, obligation) DO UPDATE SET at = EXCLUDED.at
        )
        DELETE FROM dirty d USING input i
        WHERE d.municipality = i.municipality AND d.obligation = i.obligation AND d.mark = i.mark
        """,
        *names,
        [mark for mark, _ in marks],
        [at for _, at in marks],
    )


async def failed(sql: Connection, name: Name, error: str) -> str | None:
    """Let an obligation that could not be evaluated wait alone, longer each time, up to a minute; answers its trace."""
    traceparent: str | None = await sql.fetchval(
        """
        UPDATE dirty SET attempts = attempts + 1, error = $3,
            retry_at = clock_timestamp() + least($4::interval * power(2, least(attempts, 20)), interval '1 minute')
        WHERE municipality = $1 AND obligation = $2 RETURNING traceparent
        """,
        *name,
        error[:2000],
        timedelta(milliseconds=200),
    )
    return traceparent
