"""What changed in the catalogue from one loaded revision to another."""

from dataclasses import asdict

from chassis.database import Connection, Database
from contracts.model import rfc3339

from promises.application.ask import Question, UnknownError, sight
from promises.catalogue.diff import diff
from promises.store import catalogues
from promises.store.catalogues import Loaded
from promises.views import View


async def revisions_of(database: Database, asked: Question) -> View:
    """Every revision that was ever in force, the newest first, and when it was loaded."""
    async with sight(database, asked) as seen:
        rows = await catalogues.revisions(seen.sql, asked.code)
    return seen.head | {"revisions": [{"revision": r["revision"], "loaded_at": rfc3339(r["loaded_at"])} for r in rows]}


async def difference_of(database: Database, asked: Question, before: int | None, after: int | None) -> View:
    """Every promise, obligation and parameter that differs; by default what the revision in force changed.

    Revision 0 is the empty one, before anything was loaded.

    Raises:
        UnknownError: there is no such revision.
    """
    async with sight(database, asked) as seen:
        becomes = await _revision(seen.sql, asked.code, "to", seen.revision if after is None else after)
        earlier = becomes.revision - 1 if before is None else before
        was = await _revision(seen.sql, asked.code, "from", earlier) if earlier else None
    found = [asdict(each) for each in diff(was.document if was else None, becomes.document)]
    return seen.head | {"from": earlier, "to": becomes.revision, "differences": found}


async def _revision(sql: Connection, code: str, field: str, number: int) -> Loaded:
    found = await catalogues.loaded(sql, code, number)
    if found is None:
        raise UnknownError(field, f"municipality {code} has no catalogue revision {number}; /catalogue lists them")
    return found
