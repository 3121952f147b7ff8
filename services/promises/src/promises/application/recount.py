"""Standings worked out anew, for another moment or in another form: nothing is stored and nothing is said."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from promises import document
from promises.application.ask import Sight
from promises.domain.calendar import Period, Window, local_day
from promises.domain.evaluate import evaluate
from promises.domain.evidence import Evidence, Report
from promises.domain.obligation import Obligation
from promises.domain.standing import Standing
from promises.domain.visibility import seen_by
from promises.store import baselines, evidence
from promises.store.evidence import Span

Case = tuple[Obligation, Period]


async def reports(seen: Sight, cases: Sequence[Case], known_by: datetime | None = None) -> list[tuple[Report, ...]]:
    """For each case what was recorded by a moment, or is known, and the audience may see; every revision of it."""
    spans = [_span(seen, *case) for case in cases]
    rows = await evidence.load(seen.sql, spans, document.NOT_JUDGED)
    found = [[document.report(row) for row in rows[span] if _known(row["recorded_at"], known_by)] for span in spans]
    return [tuple(seen_by(seen.asked.audience, each, known_by or seen.asked.now)) for each in found]


async def recount(
    seen: Sight, cases: Sequence[Case], moment: datetime, known_by: datetime | None = None
) -> list[tuple[Obligation, Standing]]:
    """How each case stands at a moment by what was recorded by another one, or is known.

    What the public may not see now it does not see in a forecast either.
    """
    known = await baselines.load(seen.sql, [_span(seen, *case)[:3] for case in cases])
    judged = []
    for (obligation, period), found in zip(cases, await reports(seen, cases, known_by), strict=True):
        lines = known.get((seen.asked.code, obligation.id, period.id), [])
        told = Evidence(found, tuple(each for each in lines if _known(each.recorded_at, known_by)))
        judged.append((obligation, evaluate(obligation, period, told, moment, seen.asked.audience)))
    return judged


async def rendered(
    seen: Sight, obligation: Obligation, moment: datetime, known_by: datetime | None = None
) -> list[str]:
    """The obligation's standings at a moment as they would be stored, an umbrella with its children."""
    found = []
    for _, standing in await recount(seen, list(begun(obligation, moment)), moment, known_by):
        running = list(_below(seen, obligation, standing.period, local_day(moment)))
        children = [
            document.child({"obligation": child.id, "standing": document.standing(child, its)})
            for child, its in await recount(seen, running, moment, known_by)
        ]
        found.append(document.standing(obligation, standing, children))
    return found


def _below(seen: Sight, umbrella: Obligation, period: Period, today: date) -> Iterator[Case]:
    """What an umbrella's period shows: each child's period of today, or of the umbrella's last day."""
    day = min(today, period.window.last)
    for name in umbrella.ruling(period).rule.shows:
        child = seen.promised.obligations[name]
        yield from ((child, each) for each in list(child.periods(Window(child.validity.first, day)))[-1:])


def begun(obligation: Obligation, moment: datetime) -> Iterator[Case]:
    """The periods that have begun at a moment, or else the first."""
    until = max(local_day(moment), obligation.validity.first)
    yield from ((obligation, period) for period in obligation.periods(Window(obligation.validity.first, until)))


def _known(recorded_at: datetime, known_by: datetime | None) -> bool:
    return known_by is None or recorded_at <= known_by


def _span(seen: Sight, obligation: Obligation, period: Period) -> Span:
    return Span(seen.asked.code, obligation.id, period.id, period.window.first, period.window.last)
