"""Fulfilment as a figure for a municipality and a named period."""

import json
from collections.abc import Iterable, Sequence

from chassis.database import Database

from promises import views
from promises.application.ask import Question, Sight, UnknownError, sight
from promises.domain.calendar import Period
from promises.domain.evaluate import evaluate
from promises.domain.evidence import Evidence
from promises.domain.figures import Bucket, bucket, enters, figure, named
from promises.domain.obligation import Obligation
from promises.store import standings
from promises.views import View


async def fulfilment_of(database: Database, asked: Question, name: str) -> View:
    """A figure for each kind of period of this name.

    Raises:
        UnknownError: no obligation with a number from the leaflet has a period of this name.
    """
    async with sight(database, asked) as seen:
        obligations = seen.promised.obligations.values()
        concerned = named(obligations, name)
        if not concerned:
            raise UnknownError(
                "period", f"no obligation of {asked.code} has a period {name}; there are: {_there(obligations)}"
            )
        shown = [
            views.figure(name, kind, figure(await placed(seen, entering)))
            for kind, entering in sorted(concerned.items())
        ]
    return seen.head | {"period": name, "figures": shown}


async def placed(seen: Sight, entering: Sequence[tuple[Obligation, Period]]) -> list[tuple[str, Bucket]]:
    """Each obligation with its bucket; a period that nothing has called for yet is judged without evidence."""
    asked = seen.asked
    names = [obligation.id for obligation, _ in entering]
    rows = await standings.of_municipality(seen.sql, asked.code, asked.audience, names)
    kept = {(row["obligation"], row["period"]): json.loads(row["standing"]) for row in rows}
    found = []
    for obligation, period in entering:
        shown = kept.get((obligation.id, period.id))
        if shown is None:
            fresh = evaluate(obligation, period, Evidence(), asked.now, asked.audience)
            found.append((obligation.id, bucket(fresh.phase, fresh.verdict, overdue=fresh.overdue)))
        else:
            found.append((obligation.id, bucket(shown["phase"], shown["verdict"], overdue=shown["overdue"])))
    return found


def _there(obligations: Iterable[Obligation]) -> str:
    found = {period.id for each in obligations for period in each.periods(each.validity) if enters(each, period)}
    return ", ".join(sorted(found)) or "none"
