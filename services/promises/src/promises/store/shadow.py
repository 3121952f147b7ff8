"""A second set of the first stage's tables beside the one in use, filled by the same statements, then put in its place.

It lies in a schema of its own that comes first in the connection's search path.
"""

from chassis.database import Connection

from promises.store.evidence import FREE_TEXT

SCHEMA = "shadow"
TABLES = ("evidence", "baseline", "feed")
"""What is put in place; every obligation is marked afterwards."""


async def make(sql: Connection) -> None:
    """Empty tables like those in use; the evidence has no index yet, which is made faster when it is full."""
    await sql.execute("DROP SCHEMA IF EXISTS shadow CASCADE; CREATE SCHEMA shadow")
    await sql.execute("CREATE TABLE shadow.evidence (LIKE public.evidence INCLUDING ALL EXCLUDING INDEXES)")
    for table in ("baseline", "feed"):
        await sql.execute(f"CREATE TABLE shadow.{table} (LIKE public.{table} INCLUDING ALL)")


async def finish(sql: Connection) -> None:
    """Keep of what came twice what came first, then index as the table in use is."""
    await sql.execute(
        """
        WITH first AS (
            SELECT DISTINCT ON (activity_id, revision) activity_id, revision, facts - $1::text[] AS facts
            FROM shadow.evidence ORDER BY activity_id, revision, seq
        ), numbered AS (
            SELECT e.seq, f.facts IS DISTINCT FROM e.facts - $1::text[] AS other,
                row_number() OVER (PARTITION BY activity_id, revision, obligation, counted_on ORDER BY e.seq) AS n
            FROM shadow.evidence AS e JOIN first AS f USING (activity_id, revision)
        )
        DELETE FROM shadow.evidence WHERE seq IN (SELECT seq FROM numbered WHERE other OR n > 1)
        """,
        FREE_TEXT,
    )
    keys = await sql.fetch(
        """
        SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
        WHERE conrelid = 'public.evidence'::regclass AND contype = 'p'
        """
    )
    for key in keys:
        await sql.execute(f'ALTER TABLE shadow.evidence ADD CONSTRAINT "{key["conname"]}" {key["definition"]}')
    indexes = await sql.fetch(
        """
        SELECT pg_get_indexdef(indexrelid) AS definition FROM pg_index
        WHERE indrelid = 'public.evidence'::regclass AND NOT indisprimary
        """
    )
    for index in indexes:
        await sql.execute(index["definition"].replace(" ON public.", " ON shadow."))
    await sql.execute("ANALYZE shadow.evidence")


async def swap(sql: Connection) -> None:
    """Put the tables in the place of those in use, which are dropped; indexes and sequences go with them."""
    for table in TABLES:
        await sql.execute(f"DROP TABLE public.{table}")
        await sql.execute(f"ALTER TABLE shadow.{table} SET SCHEMA public")
    await sql.execute("DROP SCHEMA shadow CASCADE")


async def drop(sql: Connection) -> None:
    """Leave nothing behind of a shadow that was not put in place."""
    await sql.execute("DROP SCHEMA IF EXISTS shadow CASCADE")
