"""What comes: the agenda of the next days, and how an obligation will stand if nothing more happens."""

from datetime import datetime, timedelta

from chassis.database import Database
from contracts.model import rfc3339

from promises import views
from promises.application.ask import Question, WrongError, sight
from promises.application.recount import recount, rendered
from promises.domain.agenda import agenda
from promises.domain.calendar import Window, local_day
from promises.views import View
from promises.views.agenda import item as view


async def agenda_of(database: Database, asked: Question, days: int) -> View:
    """What falls on today and the days after it, with what is missing."""
    today = local_day(asked.now)
    ahead = Window(today, today + timedelta(days))
    async with sight(database, asked) as seen:
        cases = [
            (obligation, period)
            for obligation in seen.promised.obligations.values()
            for period in obligation.periods(Window(today - timedelta(obligation.grace_days + 1), ahead.last))
        ]
        judged = await recount(seen, cases, asked.now)
    shown = [view(item) for item in agenda(judged, ahead)]
    return seen.head | {"first_day": ahead.first.isoformat(), "last_day": ahead.last.isoformat(), "agenda": shown}


async def forecast(database: Database, asked: Question, name: str, moment: datetime) -> View:
    """How the obligation will stand at a later moment by what is known now.

    Raises:
        UnknownError: no such obligation.
        WrongError: the moment has passed.
    """
    if moment < asked.now:
        raise WrongError("at", f"{rfc3339(moment)} has passed; ask with `as_of` for how it stood")
    async with sight(database, asked) as seen:
        promise, entry = seen.entry(name, local_day(moment))
        bodies = await rendered(seen, seen.obligation(name), moment)
    judged = [views.said(body, moment) for body in bodies]
    return seen.head | {"at": rfc3339(moment)} | views.promised(promise) | views.obligation(entry, judged)
