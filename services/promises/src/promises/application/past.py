"""What was: an obligation's history, and how it stood at a moment by what was known then."""

import re
from dataclasses import replace
from datetime import datetime

from chassis.database import Database
from contracts.model import rfc3339

from promises import views
from promises.application.ask import Question, Sight, UnknownError, WrongError, sight
from promises.application.assess import beside
from promises.application.pages import WRONG_CURSOR, Page
from promises.application.recount import begun, rendered
from promises.domain.calendar import local_day, period_of
from promises.store import feeds, past
from promises.store.past import Line, Place
from promises.views import View

CURSOR = re.compile(r"(\d{4}-\d\d-\d\dT[\d:.]{8,15}Z)/(\d{1,9})/([\dTQ/-]{4,10})")


async def history_of(database: Database, asked: Question, name: str, period: str | None, page: Page) -> View:
    """Every change of the obligation's standings, the newest first.

    Raises:
        UnknownError: no such obligation.
        WrongError: the cursor is none of ours.
    """
    after = _place(page.after) if page.after else None
    async with sight(database, asked) as seen:
        seen.obligation(name)
        rows = await past.history(seen.sql, Line(asked.code, name, asked.audience, period), after, page.limit + 1)
    shown = [views.past(views.standing(row, row["changed_at"]), asked.audience) for row in rows[: page.limit]]
    last = rows[page.limit - 1] if len(rows) > page.limit else None
    following = f"{rfc3339(last['changed_at'])}/{last['revision']}/{last['period']}" if last else None
    return seen.head | {"obligation": name, "history": shown, "next": following}


async def as_of(database: Database, asked: Question, name: str, moment: datetime) -> View:
    """How the obligation stood at a moment by what had been recorded, judged by the catalogue then in force.

    Raises:
        UnknownError: no such obligation then.
        WrongError: the moment lies in the future.
    """
    if moment > asked.now:
        raise WrongError("as_of", f"{rfc3339(moment)} lies in the future; ask with `at` for a forecast")
    async with sight(database, asked) as seen:
        then = await past.catalogue_at(seen.sql, asked.code, moment)
        if then is None:
            raise UnknownError("as_of", f"no catalogue was loaded for municipality {asked.code} at {rfc3339(moment)}")
        seen_then = replace(seen, revision=then.revision, document=then.document)
        promise, entry = seen_then.entry(name, local_day(moment))
        obligation = seen_then.obligation(name)
        bodies = await rendered(seen_then, obligation, moment, moment)
        said = await beside(seen_then, list(begun(obligation, moment)), moment)
        provisional = await _provisional(seen, moment)
    shown = [views.said(body, moment) for body in bodies]
    judged = [each | {"assessments": said[name, each["period"]]} for each in shown]
    about = {"as_of": rfc3339(moment), "provisional": provisional}
    return seen_then.head | about | views.promised(promise) | views.obligation(entry, judged)


async def _provisional(seen: Sight, moment: datetime) -> bool:
    """Whether reports recorded by then may still be on their way here.

    To the public this is said of the whole running tertial: anything finer would move with a secret report.
    """
    if seen.asked.audience == "public":
        return local_day(moment) in period_of("tertial", local_day(seen.asked.now)).window
    heard = await feeds.of_municipality(seen.sql, seen.asked.code)
    return moment > max((row["last_recorded_at"] for row in heard), default=datetime.min.replace(tzinfo=moment.tzinfo))


def _place(cursor: str) -> Place:
    found = CURSOR.fullmatch(cursor)
    try:
        if found:
            return Place(datetime.fromisoformat(found[1]), int(found[2]), found[3])
    except ValueError:
        pass
    raise WrongError("cursor", WRONG_CURSOR)
