"""Obligations, all or one: their standings, and beside each what people judged."""

from collections.abc import Mapping, Sequence
from datetime import date

from chassis.database import Database

from promises import views
from promises.application.ask import Question, Sight, sight, valid_from
from promises.application.assess import beside
from promises.domain.calendar import Window, local_day
from promises.domain.obligation import Obligation
from promises.store import feeds, standings
from promises.views import View


async def promises_of(database: Database, asked: Question) -> View:
    """Every promise of a municipality with its obligations and their standings, each with its latest assessments."""
    async with sight(database, asked) as seen:
        promises = seen.document["catalogue"]["promises"]
        obligations = seen.promised.obligations
        found = await _standings(seen, list(obligations))
        heard = await feeds.of_municipality(seen.sql, asked.code)
        shown = [views.promise(promise, _by_entry(obligations, promise, found)) for promise in promises]
    fresh = {"freshness": views.freshness(heard)} if asked.audience == "internal" else {}
    return seen.head | {"promises": shown} | fresh


async def obligation_of(database: Database, asked: Question, name: str) -> View:
    """Every period's standing of one obligation, oldest first.

    Raises:
        UnknownError: no such obligation.
    """
    async with sight(database, asked) as seen:
        promise, entry = seen.entry(name, local_day(asked.now))
        found = await _standings(seen, [name])
    return seen.head | views.promised(promise) | views.obligation(entry, found[name])


def _by_entry(
    obligations: Mapping[str, Obligation], promise: View, found: Mapping[str, Sequence[View]]
) -> list[list[View]]:
    """The standings of each obligation of a promise, of the periods that its version rules."""
    return [
        [each for each in found[entry["id"]] if _begins(obligations[entry["id"]], each) == valid_from(promise, entry)]
        for entry in promise["obligations"]
    ]


def _begins(obligation: Obligation, shown: View) -> date:
    """The first day of the version that rules a standing's period; once that is promised no more, of the first."""
    days = Window(date.fromisoformat(shown["first_day"]), date.fromisoformat(shown["last_day"]))
    period = next(obligation.periods(days), None)
    return obligation.version_of(period) if period else (obligation.versions or (obligation,))[0].validity.first


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
