"""Takes the free text of an activity out of every row that holds it; nothing that is counted is touched."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.database import Connection, columns
from contracts.activities import FREE_TEXT, TextDisposed
from contracts.envelope import MalformedEventError, unopened
from contracts.topics import ACTIVITIES, ingress

from activities import document
from activities.domain.activity import Activity

SHORTEST = 4
"""A text below so many characters is not looked for in records: it would be found everywhere."""


async def locked(sql: Connection, activity_id: UUID) -> Activity | None:
    """The activity as it stands, locked."""
    state = await sql.fetchval("SELECT state FROM activity WHERE activity_id = $1 FOR UPDATE", activity_id)
    return document.activity(state) if state else None


async def texts(sql: Connection, activity_id: UUID) -> list[str]:
    """Every text that some revision holds."""
    rows = await sql.fetch(
        """
        SELECT DISTINCT state->>name AS text FROM activity_revision, unnest($2::text[]) AS name
        WHERE activity_id = $1 AND state->>name IS NOT NULL ORDER BY 1
        """,
        activity_id,
        FREE_TEXT,
    )
    return [row["text"] for row in rows]


async def blank_revisions(sql: Connection, event: TextDisposed) -> int:
    """Take the text out, and remember up to where; answers how many revisions held some."""
    await sql.execute(
        "UPDATE activity SET state = state - $3::text[] WHERE activity_id = $1 AND revision <= $2",
        event.activity_id,
        event.revision,
        FREE_TEXT,
    )
    blanked = await sql.fetch(
        """
        UPDATE activity_revision SET state = state - $3::text[]
        WHERE activity_id = $1 AND revision <= $2 AND state ?| $3::text[] RETURNING 1
        """,
        event.activity_id,
        event.revision,
        FREE_TEXT,
    )
    await sql.execute(
        """
        INSERT INTO disposed AS d (activity_id, revision, municipality, disposed_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (activity_id) DO UPDATE SET revision = EXCLUDED.revision, disposed_at = EXCLUDED.disposed_at
        WHERE d.revision < EXCLUDED.revision
        """,
        event.activity_id,
        event.revision,
        event.municipality,
        event.disposed_at,
    )
    return len(blanked)


async def every(sql: Connection) -> list[TextDisposed]:
    """What was disposed of, the oldest first."""
    rows = await sql.fetch(
        "SELECT activity_id, revision, municipality, disposed_at FROM disposed ORDER BY disposed_at, activity_id"
    )
    return [TextDisposed(**row) for row in rows]


async def until(sql: Connection, activity_id: UUID) -> int:
    """The revision up to which an activity's text was disposed of, 0 where it was not."""
    revision: int | None = await sql.fetchval("SELECT revision FROM disposed WHERE activity_id = $1", activity_id)
    return revision or 0


async def unknown(sql: Connection, said: Sequence[TextDisposed]) -> int:
    """How many of these are not known here."""
    count: int = await sql.fetchval(
        """
        SELECT count(*) FROM unnest($1::uuid[], $2::int[]) AS s(activity_id, revision)
        WHERE NOT EXISTS (SELECT FROM disposed d WHERE d.activity_id = s.activity_id AND d.revision >= s.revision)
        """,
        *columns([(event.activity_id, event.revision) for event in said], 2),
    )
    return count


async def blank_outbox(sql: Connection, activity_id: UUID) -> int:
    """Answers how many events that wait for the relay held text."""
    blanked = await sql.fetch(
        """
        UPDATE outbox SET value = convert_to((convert_from(value, 'UTF8')::jsonb - $3::text[])::text, 'UTF8')
        WHERE topic = $1 AND headers @> ARRAY['ce_subject', $2] AND convert_from(value, 'UTF8')::jsonb ?| $3::text[]
        RETURNING 1
        """,
        ACTIVITIES.name,
        str(activity_id),
        FREE_TEXT,
    )
    return len(blanked)


async def blank_early_birds(sql: Connection, activity: Activity) -> int:
    """Answers how many changes that wait for this activity held text."""
    blanked = await sql.fetch(
        """
        UPDATE early_bird SET command = jsonb_set(command - 'reason', '{content}',
            CASE jsonb_typeof(command->'content') WHEN 'object' THEN (command->'content') - $5::text[]
                ELSE 'null'::jsonb END)
        WHERE ((organisation, source, reference) = ($1, $2, $3) OR activity_id = $4)
            AND coalesce(command->>'reason', command->'content'->>'title', command->'content'->>'performed_by')
                IS NOT NULL
        RETURNING 1
        """,
        activity.organisation,
        activity.source,
        activity.reference,
        activity.activity_id,
        FREE_TEXT,
    )
    return len(blanked)


async def blank_dead_letters(sql: Connection, activity: Activity, wording: Sequence[str], now: datetime) -> int:
    """Give up the sender's records that speak of this activity or hold one of its texts; answers how many."""
    rows = await sql.fetch(
        "SELECT id, headers, value FROM dead_letter WHERE topic = $1 AND value IS NOT NULL FOR UPDATE",
        ingress(activity.organisation).name,
    )
    sought = [form for text in wording if len(text) >= SHORTEST for form in _written(text)]
    found = [
        row["id"]
        for row in rows
        if _speaks_of(activity, row["headers"], row["value"]) or any(form in row["value"] for form in sought)
    ]
    await sql.execute(
        """
        UPDATE dead_letter SET value = NULL, resolution = coalesce(resolution, 'discarded'),
            resolved_at = coalesce(resolved_at, $2)
        WHERE id = ANY($1)
        """,
        found,
        now,
    )
    return len(found)


def _written(text: str) -> tuple[bytes, bytes]:
    """A text as JSON may carry it."""
    return json.dumps(text, ensure_ascii=False)[1:-1].encode(), json.dumps(text)[1:-1].encode()


def _speaks_of(activity: Activity, headers: str, value: bytes) -> bool:
    pairs = [(name, None if text is None else text.encode()) for name, text in json.loads(headers)]
    try:
        envelope = unopened(pairs, value)
    except MalformedEventError:
        return False
    named = (activity.reference, str(activity.activity_id))
    return envelope.source == activity.source and (envelope.subject or "").strip() in named
