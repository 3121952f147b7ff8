"""The reports behind a standing, a page at a time."""

from chassis.database import Database

from promises.application.ask import Question, Sight, UnknownError, sight
from promises.application.pages import Page
from promises.domain.calendar import Period, local_day
from promises.domain.obligation import Obligation
from promises.store import evidence
from promises.store.evidence import Span
from promises.views import View
from promises.views.evidence import evidence as views_of


async def reports_of(database: Database, asked: Question, name: str, period: str | None, page: Page) -> View:
    """The reports that rule in a period, in the order of their days; without a period, in the running one.

    Raises:
        UnknownError: no such obligation or period.
    """
    async with sight(database, asked) as seen:
        obligation = seen.obligation(name)
        found = period_of(obligation, seen, period)
        span = Span(asked.code, name, found.id, found.window.first, found.window.last)
        rows = (await evidence.load(seen.sql, [span]))[span]
    shown = page.of("evidence", views_of(rows, asked.audience, asked.now))
    return seen.head | {"obligation": name, "period": found.id} | shown


def period_of(obligation: Obligation, seen: Sight, name: str | None) -> Period:
    """The period of this name, or the running one, or else the one next to today.

    Raises:
        UnknownError: the obligation has no such period.
    """
    periods = list(obligation.periods(obligation.validity))
    today = local_day(seen.asked.now)
    if name is None:
        begun = [each for each in periods if each.window.first <= today]
        return (begun or periods[:1])[-1]
    for each in periods:
        if each.id == name:
            return each
    known = ", ".join(each.id for each in periods)
    raise UnknownError("period", f"{obligation.id} of {seen.asked.code} has no period {name}; it has: {known}")
