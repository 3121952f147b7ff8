"""Baselines and their revisions; the thing is locked by its name, since it may not be there yet."""

from chassis.database import Connection
from contracts.activities import BaselineReported


async def lock(sql: Connection, name: str) -> None:
    """Nobody else revises this thing until the transaction ends."""
    await sql.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"baseline/{name}")


async def latest(sql: Connection, name: str) -> BaselineReported | None:
    """The highest revision."""
    state = await sql.fetchval("SELECT state FROM baseline WHERE name = $1 ORDER BY revision DESC LIMIT 1", name)
    return BaselineReported.model_validate_json(state) if state else None


async def revision(sql: Connection, name: str, number: int) -> BaselineReported:
    """One revision."""
    state = await sql.fetchval("SELECT state FROM baseline WHERE name = $1 AND revision = $2", name, number)
    return BaselineReported.model_validate_json(state)


async def add(sql: Connection, name: str, event: BaselineReported) -> None:
    """Store the next revision."""
    await sql.execute(
        "INSERT INTO baseline (name, revision, state) VALUES ($1, $2, $3::jsonb)",
        name,
        event.revision,
        event.model_dump_json(),
    )
