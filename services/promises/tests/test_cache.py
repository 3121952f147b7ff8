"""What is kept of the evidence is what lies in the database, whatever happened to that since."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from chassis.database import Connection
from promises import document
from promises.application.cache import Cache
from promises.store import evidence
from promises.store.evidence import Row, Span

from services.promises.tests.driving import Projector

YEAR = Span("2480", "cykel-gang", "2026", date(2026, 1, 1), date(2026, 12, 31))
NEXT = Span("2480", "cykel-gang", "2027", date(2027, 1, 1), date(2027, 12, 31))
FACTS = '{"organisation": "umea-kommun", "status": "done"}'


def row(day: date = date(2026, 4, 14)) -> Row:
    return Row(uuid4(), 1, "cykel-gang", day, "2480", "counted", datetime(2026, 4, 15, tzinfo=UTC), FACTS)


async def kept_is_true(cache: Cache, sql: Connection, spans: Sequence[Span] = (YEAR,)) -> set[UUID]:
    """What the cache answers is compared with the database; answered is which activities there are."""
    told = await cache.reports(sql, spans)
    there = await evidence.load(sql, spans, document.NOT_JUDGED)
    assert {span: set(each) for span, each in told.items()} == {
        span: {document.report(each) for each in rows} for span, rows in there.items()
    }
    assert all(len(told[span]) == len(there[span]) for span in spans)
    return {UUID(report.activity_id) for reports in told.values() for report in reports}


async def test_what_was_added_is_added(projector: Projector) -> None:
    cache, rows = Cache(), [row(), row(), row(date(2027, 3, 1))]
    async with projector.database.pool.acquire() as sql:
        for n, each in enumerate(rows, 1):
            await evidence.add(sql, [each])
            assert len(await kept_is_true(cache, sql, [YEAR, NEXT])) == n


async def test_a_row_of_lower_seq_that_is_committed_later_is_seen(projector: Projector) -> None:
    cache, slow, quick = Cache(), row(), row()
    async with projector.database.pool.acquire() as sql, projector.database.pool.acquire() as other:
        late = other.transaction()
        await late.start()
        await evidence.add(other, [slow])
        await evidence.add(sql, [quick])
        assert await kept_is_true(cache, sql) == {quick.activity_id}
        await late.commit()
        assert await kept_is_true(cache, sql) == {quick.activity_id, slow.activity_id}


async def test_a_row_that_was_rewritten_is_read_anew(projector: Projector) -> None:
    cache = Cache()
    async with projector.database.pool.acquire() as sql:
        await evidence.add(sql, [row(), row()])
        await kept_is_true(cache, sql)
        await sql.execute("""UPDATE evidence SET facts = facts || '{"status": "cancelled"}' WHERE seq = 1""")
        await kept_is_true(cache, sql)


async def test_other_rows_under_the_same_numbers_are_read_anew(projector: Projector) -> None:
    """A database put back in time gives the same `seq` to others."""
    cache, before, after = Cache(), [row(), row()], [row(), row()]
    async with projector.database.pool.acquire() as sql:
        await evidence.add(sql, before)
        await kept_is_true(cache, sql)
        await sql.execute("TRUNCATE evidence RESTART IDENTITY")
        await evidence.add(sql, after)
        assert await kept_is_true(cache, sql) == {each.activity_id for each in after}


async def test_a_span_that_lost_everything_has_nothing(projector: Projector) -> None:
    cache = Cache()
    async with projector.database.pool.acquire() as sql:
        await evidence.add(sql, [row()])
        await kept_is_true(cache, sql)
        await sql.execute("DELETE FROM evidence")
        assert await kept_is_true(cache, sql) == set()


async def test_what_was_judged_longest_ago_makes_room(projector: Projector) -> None:
    cache = Cache(most=2)
    async with projector.database.pool.acquire() as sql:
        await evidence.add(sql, [row(), row(), row(date(2027, 3, 1)), row(date(2027, 3, 1)), row(date(2027, 3, 1))])
        for span in (YEAR, NEXT, YEAR, NEXT):
            await kept_is_true(cache, sql, [span])
            assert cache.rows <= 2
        assert len(await kept_is_true(cache, sql, [YEAR, NEXT])) == 5
