"""The SQL of activities: idempotent acceptance in bulk, revisions under the activity's lock."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.database import Connection, columns

from activities import document
from activities.document import Told
from activities.domain.activity import Activity
from activities.domain.commands import Command, Key

PATIENCE = timedelta(days=7)


async def answers(sql: Connection, keys: Sequence[Key]) -> dict[Key, Any]:
    """What was answered to these commands before; a winner of a race is seen by a new statement only."""
    rows = await sql.fetch(
        """
        SELECT a.organisation, a.source, a.event_id, a.sha256, a.revision, r.state
        FROM unnest($1::text[], $2::text[], $3::text[]) AS k(organisation, source, event_id)
        JOIN accepted a USING (organisation, source, event_id)
        LEFT JOIN activity_revision r ON r.activity_id = a.activity_id AND r.revision = a.revision
        """,
        *columns(keys, 3),
    )
    return {(row["organisation"], row["source"], row["event_id"]): row for row in rows}


async def claim(sql: Connection, commands: Sequence[tuple[Command, UUID | None, int | None]]) -> set[Key]:
    """Note commands as accepted with the revision they made; answers those that nobody had noted before."""
    rows = await sql.fetch(
        """
        INSERT INTO accepted (organisation, source, event_id, sha256, activity_id, revision)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::uuid[], $6::int[])
        ORDER BY 1, 2, 3
        ON CONFLICT DO NOTHING RETURNING organisation, source, event_id
        """,
        *columns([command.key for command, _, _ in commands], 3),
        [command.sha256 for command, _, _ in commands],
        [activity for _, activity, _ in commands],
        [revision for _, _, revision in commands],
    )
    return {(row["organisation"], row["source"], row["event_id"]) for row in rows}


async def disown(sql: Connection, keys: Sequence[Key]) -> None:
    """Forget commands noted in this transaction that turned out to be refused."""
    if keys:
        await sql.executemany("DELETE FROM accepted WHERE organisation = $1 AND source = $2 AND event_id = $3", keys)


async def settle(sql: Connection, command: Command, activity: Activity) -> None:
    """A command that waited has met its activity."""
    await sql.execute(
        """
        UPDATE accepted SET activity_id = $4, revision = $5
        WHERE organisation = $1 AND source = $2 AND event_id = $3
        """,
        *command.key,
        activity.activity_id,
        activity.revision,
    )


async def add(sql: Connection, told: Sequence[Told]) -> set[UUID]:
    """Store first revisions; answers those whose reference was free."""
    activities = [each.activity for each in told]
    rows = await sql.fetch(
        """
        WITH input AS (
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[],
                                 $7::timestamptz[]) WITH ORDINALITY
                AS i(activity_id, organisation, source, reference, municipality, state, recorded_at, n)
        ), added AS (
            INSERT INTO activity
                (activity_id, organisation, source, reference, municipality, revision, obligations, state)
            SELECT activity_id, organisation, source, reference, municipality, 1,
                ARRAY(SELECT jsonb_array_elements_text(state->'obligations')), state
            FROM input ORDER BY organisation, source, reference, n
            ON CONFLICT (organisation, source, reference) DO NOTHING RETURNING activity_id
        ), revised AS (
            INSERT INTO activity_revision (activity_id, revision, command, state, recorded_at)
            SELECT activity_id, 1, 'log', state, recorded_at FROM input JOIN added USING (activity_id)
        )
        SELECT activity_id FROM added
        """,
        [activity.activity_id for activity in activities],
        [activity.organisation for activity in activities],
        [activity.source for activity in activities],
        [activity.reference for activity in activities],
        [activity.content.municipality for activity in activities],
        [each.json for each in told],
        [activity.recorded_at for activity in activities],
    )
    return {row["activity_id"] for row in rows}


async def report(sql: Connection, organisations: Collection[str]) -> None:
    """Reports are under way until the transaction ends; they do not wait for each other."""
    await sql.execute(
        """
        SELECT pg_advisory_xact_lock_shared(hashtextextended('reports/' || organisation, 0))
        FROM (SELECT unnest($1::text[]) AS organisation ORDER BY 1) AS o
        """,
        list(organisations),
    )


async def await_reports(sql: Connection, organisation: str) -> None:
    """No report of the organisation is under way until the transaction ends."""
    await sql.execute("SELECT pg_advisory_xact_lock(hashtextextended('reports/' || $1, 0))", organisation)


async def locked(sql: Connection, command: Command) -> Activity | None:
    """The activity a command speaks of, locked; by its id, or by the sender's own reference."""
    if command.activity_id is not None:
        found = await sql.fetchval("SELECT state FROM activity WHERE activity_id = $1 FOR UPDATE", command.activity_id)
    else:
        found = await sql.fetchval(
            "SELECT state FROM activity WHERE organisation = $1 AND source = $2 AND reference = $3 FOR UPDATE",
            command.organisation,
            command.source,
            command.reference,
        )
    return document.activity(found) if found else None


async def revise(sql: Connection, command: str, told: Told) -> None:
    """Store the next revision of a locked activity."""
    activity = told.activity
    await sql.execute(
        """
        INSERT INTO activity_revision (activity_id, revision, command, state, recorded_at)
        VALUES ($1, $2, $3, $4::jsonb, $5)
        """,
        activity.activity_id,
        activity.revision,
        command,
        told.json,
        activity.recorded_at,
    )
    await sql.execute(
        "UPDATE activity SET revision = $2, obligations = $3, state = $4::jsonb WHERE activity_id = $1",
        activity.activity_id,
        activity.revision,
        list(activity.content.obligations),
        told.json,
    )


async def wait(sql: Connection, command: Command, now: datetime) -> None:
    """Keep a command whose activity is not known yet."""
    await sql.execute(
        """
        INSERT INTO early_bird (organisation, source, reference, activity_id, command, expires_at)
        VALUES ($1, $2, $3, $4, $5::jsonb, $6)
        """,
        command.organisation,
        command.source,
        command.reference,
        command.activity_id,
        document.command_json(command),
        now + PATIENCE,
    )


async def early_birds(sql: Connection, activities: Sequence[Activity], now: datetime) -> list[Command]:
    """Take out the commands that waited for these activities, in the order of their arrival."""
    rows = await sql.fetch(
        """
        WITH met AS (
            DELETE FROM early_bird e
            USING unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) AS a(organisation, source, reference, id)
            WHERE e.expires_at > $5 AND (
                (e.organisation, e.source, e.reference) = (a.organisation, a.source, a.reference)
                OR e.activity_id = a.id
            )
            RETURNING e.id, e.command
        )
        SELECT command FROM met ORDER BY id
        """,
        *columns([(a.organisation, a.source, a.reference) for a in activities], 3),
        [activity.activity_id for activity in activities],
        now,
    )
    return [document.command(row["command"]) for row in rows]


async def expired(sql: Connection, now: datetime) -> list[Command]:
    """Take out the commands that waited in vain."""
    rows = await sql.fetch("DELETE FROM early_bird WHERE expires_at <= $1 RETURNING command", now)
    return [document.command(row["command"]) for row in rows]
