"""Answers questions about standings; who may see the internal ones is decided from the catalogue."""

from datetime import date, datetime

from chassis.database import Connection, Database
from contracts.model import rfc3339

from promises import views
from promises.domain.visibility import Audience
from promises.store import catalogues, evidence, feeds, standings
from promises.store.evidence import Span
from promises.views import View


class UnknownError(LookupError):
    """There is no such municipality or obligation here."""


class NotYoursError(PermissionError):
    """The internal standing is for the organisations that the catalogue names."""


async def promises_of(database: Database, code: str, caller: str, audience: Audience, now: datetime) -> View:
    """Every promise of a municipality with its obligations and their standings.

    Raises:
        UnknownError: no catalogue is loaded for the code.
        NotYoursError: the internal view, asked for by an organisation that the catalogue does not name.
    """
    async with database.pool.acquire() as sql, sql.transaction(isolation="repeatable_read", readonly=True):
        stored = await _in_force(sql, code, caller, audience)
        promises = stored["catalogue"]["promises"]
        names = [entry["id"] for promise in promises for entry in promise["obligations"]]
        rows = await standings.of_municipality(sql, code, audience, names)
        heard = await feeds.of_municipality(sql, code)
    found = {name: [views.standing(row, now) for row in rows if row["obligation"] == name] for name in names}
    shown = [views.promise(promise, found) for promise in promises]
    fresh = {"freshness": views.freshness(heard)} if audience == "internal" else {}
    return _head(stored, audience, now) | {"promises": shown} | fresh


async def obligation_of(
    database: Database, code: str, name: str, *, caller: str, audience: Audience, now: datetime
) -> View:
    """One obligation with its standings and, in each, the evidence it rests on.

    Raises:
        UnknownError: no such municipality or obligation.
        NotYoursError: as for the municipality.
    """
    async with database.pool.acquire() as sql, sql.transaction(isolation="repeatable_read", readonly=True):
        stored = await _in_force(sql, code, caller, audience)
        promise = next((p for p in stored["catalogue"]["promises"] if _entry(p, name)), None)
        if promise is None:
            raise UnknownError(f"municipality {code} has no obligation {name}")
        judged = []
        for row in await standings.of_municipality(sql, code, audience, [name]):
            view = views.standing(row, now)
            days = (date.fromisoformat(view["first_day"]), date.fromisoformat(view["last_day"]))
            (rows,) = (await evidence.load(sql, [Span(code, name, view["period"], *days)])).values()
            judged.append(view | {"evidence": views.evidence(rows, audience, now)})
    about = {"promise": promise["id"], "heading": promise["heading"], "quote": promise["quote"]}
    return _head(stored, audience, now) | about | views.obligation(_entry(promise, name), judged)


async def _in_force(sql: Connection, code: str, caller: str, audience: Audience) -> View:
    stored = await catalogues.latest(sql, code)
    if stored is None:
        raise UnknownError(f"no catalogue is loaded for municipality {code}")
    named = {entry["id"] for entry in stored.document["organisations"]}
    if audience == "internal" and caller not in named:
        raise NotYoursError(f"{caller} has no part in the promises of {code}; ask for audience=public")
    return stored.document | {"revision": stored.revision}


def _entry(promise: View, name: str) -> View:
    return next((entry for entry in promise["obligations"] if entry["id"] == name), {})


def _head(stored: View, audience: Audience, now: datetime) -> View:
    return {
        "municipality": stored["catalogue"]["municipality"],
        "name": stored["catalogue"]["name"],
        "catalogue_revision": stored["revision"],
        "audience": audience,
        "now": rfc3339(now),
        "organisations": stored["organisations"],
    }
