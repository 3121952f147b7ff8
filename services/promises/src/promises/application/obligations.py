"""One obligation: its standings, and beside each what people judged."""

from chassis.database import Database

from promises import views
from promises.application.ask import Question, sight
from promises.application.assess import beside
from promises.store import standings
from promises.views import View


async def obligation_of(database: Database, asked: Question, name: str) -> View:
    """Every period's standing, oldest first, each with its latest assessments.

    Raises:
        UnknownError: no such obligation.
    """
    async with sight(database, asked) as seen:
        promise, entry = seen.entry(name)
        obligation = seen.obligation(name)
        rows = await standings.of_municipality(seen.sql, asked.code, asked.audience, [name])
        kept = {row["period"] for row in rows}
        cases = [(obligation, each) for each in obligation.periods(obligation.validity) if each.id in kept]
        judged = await beside(seen, cases)
    shown = [views.standing(row, asked.now) | {"assessments": judged.get(row["period"], [])} for row in rows]
    return seen.head | views.promised(promise) | views.obligation(entry, shown)
