"""Answers what was reported: an organisation sees its own activities and those under obligations it shares."""

import json
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Database
from contracts.model import rfc3339
from contracts.topics import ingress

from activities import document
from activities.store import listing
from activities.store.catalogue import Copies

View = dict[str, Any]
CURSOR = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}Z)/(refusal|dead_letter)/([0-9]{1,18})")


class UnknownError(LookupError):
    """There is no such activity for this caller."""


async def activities(
    database: Database,
    copies: Copies,
    organisation: str,
    municipality: str,
    *,
    obligation: str | None,
    after: UUID | None,
    limit: int,
) -> list[View]:
    """A page of activities in the order of their acceptance, after the id given."""
    async with database.pool.acquire() as sql:
        shared = (await copies.latest(sql)).joint_with(organisation, municipality)
        states = await listing.activities(
            sql, municipality, organisation, shared=shared, obligation=obligation, after=after, limit=limit
        )
    return [document.view(state) for state in states]


async def activity(database: Database, copies: Copies, organisation: str, activity_id: UUID) -> View:
    """One activity as it stands.

    Raises:
        UnknownError: it is not there, or not for this organisation.
    """
    async with database.pool.acquire() as sql:
        state = await listing.activity(sql, activity_id)
        found = json.loads(state) if state else None
        if found is None:
            raise UnknownError(str(activity_id))
        if found["organisation"] != organisation:
            shared = (await copies.latest(sql)).joint_with(organisation, found["municipality"])
            if not set(shared) & set(found["obligations"]):
                raise UnknownError(str(activity_id))
    return document.view(str(state))


async def revisions(database: Database, copies: Copies, organisation: str, activity_id: UUID) -> list[View]:
    """Every revision of an activity, the first one first.

    Raises:
        UnknownError: as for the activity.
    """
    await activity(database, copies, organisation, activity_id)
    async with database.pool.acquire() as sql:
        rows = await listing.revisions(sql, activity_id)
    return [{"command": row["command"]} | document.view(row["state"]) for row in rows]


async def refusals(database: Database, organisation: str, before: str | None, limit: int) -> list[View]:
    """An organisation's refusals at both doors, the newest first; each carries the `cursor` of what follows it.

    Raises:
        ValueError: the cursor is none of ours.
    """
    topic = ingress(organisation).name
    async with database.pool.acquire() as sql:
        rows = await listing.refusals(sql, organisation, topic, _place(before) if before else None, limit)
    return [dict(row) | {"cursor": f"{rfc3339(row['recorded_at'])}/{row['kept']}/{row['id']}"} for row in rows]


def _place(cursor: str) -> tuple[datetime, str, int]:
    found = CURSOR.fullmatch(cursor)
    if found is None:
        raise ValueError(cursor)
    return datetime.fromisoformat(found[1]), found[2], int(found[3])
