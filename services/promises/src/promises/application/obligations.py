"""Obligations, all or one: their standings, and beside each what people judged."""

from collections.abc import Sequence

from chassis.database import Database

from promises import views
from promises.application.ask import Question, Sight, sight
from promises.application.assess import beside
from promises.store import feeds, standings
from promises.views import View


async def promises_of(database: Database, asked: Question) -> View:
    """Every promise of a municipality with its obligations and their standings, each with its latest assessments."""
    async with sight(database, asked) as seen:
        promises = seen.document["catalogue"]["promises"]
        names = [entry["id"] for promise in promises for entry in promise["obligations"]]
        found = await _standings(seen, names)
        heard = await feeds.of_municipality(seen.sql, asked.code)
    shown = [views.promise(promise, found) for promise in promises]
    fresh = {"freshness": views.freshness(heard)} if asked.audience == "internal" else {}
    return seen.head | {"promises": shown} | fresh


async def obligation_of(database: Database, asked: Question, name: str) -> View:
    """Every period's standing of one obligation, oldest first.

    Raises:
        UnknownError: no such obligation.
    """
    async with sight(database, asked) as seen:
        promise, entry = seen.entry(name)
        found = await _standings(seen, [name])
    return seen.head | views.promised(promise) | views.obligation(entry, found[name])


async def _standings(seen: Sight, names: Sequence[str]) -> dict[str, list[View]]:
    asked, promised = seen.asked, seen.promised.obligations
    rows = await standings.of_municipality(seen.sql, asked.code, asked.audience, names)
    kept = {(row["obligation"], row["period"]) for row in rows}
    each = [(promised[name], period) for name in names for period in promised[name].periods(promised[name].validity)]
    judged = await beside(seen, [case for case in each if (case[0].id, case[1].id) in kept])
    found: dict[str, list[View]] = {name: [] for name in names}
    for row in rows:
        said = judged.get((row["obligation"], row["period"]), [])
        found[row["obligation"]].append(views.standing(row, asked.now) | {"assessments": said})
    return found
