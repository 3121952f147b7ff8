"""Who has not confirmed: joint occasions that wait for a partner; for the owners alone."""

from chassis.database import Database

from promises.application.ask import Question, sight
from promises.application.pages import Page
from promises.application.recount import begun, reports
from promises.domain.confirmations import unconfirmed
from promises.domain.evidence import latest
from promises.views import View
from promises.views.evidence import unconfirmed as view


async def unconfirmed_of(database: Database, asked: Question, page: Page) -> View:
    """The occasions in the order of their days, each with the reports that the partner can confirm."""
    async with sight(database, asked) as seen:
        cases = [case for each in seen.promised.obligations.values() for case in begun(each, asked.now)]
        found = await reports(seen, cases)
    waiting = [
        (f"{each.day}/{each.obligation.id}/{each.reports[0].activity_id}", view(each))
        for case, told in zip(cases, found, strict=True)
        for each in unconfirmed(*case, latest(told))
    ]
    return seen.head | page.of("occasions", waiting)
