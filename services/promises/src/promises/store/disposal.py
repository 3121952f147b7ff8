"""Text that was disposed of: taken out of the evidence, and out of whatever brings it again."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from chassis.database import Connection, columns
from contracts.activities import FREE_TEXT, TextDisposed
from contracts.topics import ACTIVITIES

from promises.store.dirty import Name


async def note(sql: Connection, events: Sequence[TextDisposed]) -> None:
    """Remember up to which revision each activity's text is gone, and give up the records set aside that hold it."""
    if not events:
        return
    latest = {event.activity_id: event for event in sorted(events, key=lambda event: event.revision)}
    await sql.execute(
        """
        INSERT INTO disposed AS d (activity_id, revision, disposed_at)
        SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[])
        ON CONFLICT (activity_id) DO UPDATE SET revision = EXCLUDED.revision, disposed_at = EXCLUDED.disposed_at
        WHERE d.revision < EXCLUDED.revision
        """,
        *columns([(each.activity_id, each.revision, each.disposed_at) for each in latest.values()], 3),
    )
    await sql.execute(
        """
        UPDATE dead_letter AS l SET value = NULL, resolution = coalesce(l.resolution, 'discarded'),
            resolved_at = coalesce(l.resolved_at, d.disposed_at)
        FROM disposed AS d
        WHERE d.activity_id = ANY($1) AND l.topic = $2 AND l.type IS DISTINCT FROM $3 AND l.value IS NOT NULL
            AND l.headers @> jsonb_build_array(jsonb_build_array('ce_subject', d.activity_id::text))
        """,
        list(latest),
        ACTIVITIES.name,
        TextDisposed.TYPE,
    )


async def blank(sql: Connection, activities: Collection[UUID]) -> list[tuple[Name, date]]:
    """Take the text out of the evidence of those among these activities whose text was disposed of; answer whose."""
    rows = await sql.fetch(
        """
        UPDATE evidence AS e SET facts = facts - $2::text[] FROM disposed AS d
        WHERE d.activity_id = ANY($1) AND e.activity_id = d.activity_id AND e.revision <= d.revision
            AND facts ?| $2::text[]
        RETURNING e.municipality, e.obligation, e.counted_on
        """,
        list(activities),
        FREE_TEXT,
    )
    return [((row["municipality"], row["obligation"]), row["counted_on"]) for row in rows]


async def among(sql: Connection, activities: Collection[UUID]) -> set[UUID]:
    """Those of these activities whose text was disposed of; there are few, so all that are noted are asked for."""
    rows = await sql.fetch("SELECT activity_id FROM disposed")
    return {row["activity_id"] for row in rows if row["activity_id"] in activities}
