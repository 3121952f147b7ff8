"""Catalogue revisions: every one that was ever in force, by municipality."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from chassis.database import Connection


class Revision(NamedTuple):
    """A stored revision; `document` is what the mapping of catalogues reads."""

    revision: int
    sha256: str
    document: dict[str, Any]


class Loaded(NamedTuple):
    """A stored revision and when it came into force."""

    revision: int
    loaded_at: datetime
    document: dict[str, Any]


async def loaded(sql: Connection, municipality: str, number: int) -> Loaded | None:
    """One revision, if there is one of that number."""
    row = await sql.fetchrow(
        "SELECT revision, loaded_at, document FROM catalogue_revision WHERE municipality = $1 AND revision = $2",
        municipality,
        number,
    )
    return Loaded(row["revision"], row["loaded_at"], json.loads(row["document"])) if row else None


async def revisions(sql: Connection, municipality: str) -> list[Any]:
    """The number and the time of every revision, the newest first."""
    rows: list[Any] = await sql.fetch(
        "SELECT revision, loaded_at FROM catalogue_revision WHERE municipality = $1 ORDER BY revision DESC",
        municipality,
    )
    return rows


async def latest(sql: Connection, municipality: str) -> Revision | None:
    """The revision in force."""
    row = await sql.fetchrow(
        """
        SELECT revision, sha256, document FROM catalogue_revision
        WHERE municipality = $1 ORDER BY revision DESC LIMIT 1
        """,
        municipality,
    )
    return Revision(row["revision"], row["sha256"], json.loads(row["document"])) if row else None


async def revision(sql: Connection, municipality: str, number: int) -> Revision:
    """One revision that is known to be there."""
    row = await sql.fetchrow(
        "SELECT revision, sha256, document FROM catalogue_revision WHERE municipality = $1 AND revision = $2",
        municipality,
        number,
    )
    assert row is not None
    return Revision(row["revision"], row["sha256"], json.loads(row["document"]))


async def lock(sql: Connection, municipality: str) -> None:
    """Let one load at a time decide about a municipality's revision."""
    await sql.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", f"catalogue/{municipality}")


async def add(sql: Connection, municipality: str, new: Revision, now: datetime) -> None:
    """Store a new revision."""
    await sql.execute(
        """
        INSERT INTO catalogue_revision (municipality, revision, sha256, document, loaded_at)
        VALUES ($1, $2, $3, $4::jsonb, $5)
        """,
        municipality,
        new.revision,
        new.sha256,
        json.dumps(new.document, ensure_ascii=False),
        now,
    )
