"""A police unit's whole area, or a municipality itself, in one view (semantics 21)."""

from dataclasses import dataclass, field, replace

from chassis.database import Database
from contracts.model import rfc3339

from promises import views
from promises.application.ask import NotYoursError, Question, Sight, UnknownError, look, snapshot
from promises.application.fulfilment import placed
from promises.application.recount import reports
from promises.domain.areas import counted
from promises.domain.calendar import PeriodKind, Window
from promises.domain.evidence import latest
from promises.domain.figures import Bucket, figure, named
from promises.store import areas
from promises.views import View


@dataclass(slots=True)
class Total:
    """What the municipalities come to in periods of one kind; an occasion under one key is one."""

    placed: list[tuple[str, Bucket]] = field(default_factory=list)
    occasions: set[str] = field(default_factory=set)
    municipalities: list[View] = field(default_factory=list)


async def area_of(database: Database, asked: Question, organisation: str, name: str) -> View:
    """The figure of each municipality that the organisation made promises in, and their sum, for a named period.

    Raises:
        NotYoursError: the internal view of another organisation's area.
        UnknownError: the organisation owns no obligation, or there is no such period.
    """
    if asked.audience == "internal" and asked.caller != organisation:
        raise NotYoursError("audience", f"{asked.caller} sees its own area only; ask for public")
    totals: dict[PeriodKind, Total] = {}
    async with snapshot(database) as sql:
        codes = await areas.owned_by(sql, organisation)
        if not codes:
            raise UnknownError("organisation", f"no catalogue names {organisation} as an owner")
        for code in codes:
            seen = await look(sql, replace(asked, code=code))
            await _add(seen, organisation, name, totals)
    if not totals:
        raise UnknownError("period", f"no obligation in the area of {organisation} has a period {name}")
    head = {"organisation": organisation, "audience": asked.audience, "now": rfc3339(asked.now), "period": name}
    return head | {"figures": [_shown(name, kind, total) for kind, total in sorted(totals.items())]}


async def _add(seen: Sight, organisation: str, name: str, totals: dict[PeriodKind, Total]) -> None:
    code = seen.asked.code
    for kind, entering in named(seen.promised.obligations.values(), name).items():
        total = totals.setdefault(kind, Total())
        found = await placed(seen, entering)
        done = await _occasions(seen, organisation, entering[0][1].window)
        total.placed += [(f"{code}/{obligation}", bucket) for obligation, bucket in found]
        total.occasions |= done
        about = {"municipality": code, "name": seen.promised.name, "occasions": len(done)}
        total.municipalities.append(about | views.figure(name, kind, figure(found)))


async def _occasions(seen: Sight, organisation: str, days: Window) -> set[str]:
    """The occasions on these days that count for an obligation of the organisation."""
    cases = [
        (each, period)
        for each in seen.promised.obligations.values()
        for period in each.periods(days)
        if organisation in {owner.id for owner in each.ruling(period).owners}
    ]
    found = zip(cases, await reports(seen, cases), strict=True)
    return {name for case, told in found for name in counted(*case, latest(told), days)}


def _shown(name: str, kind: PeriodKind, total: Total) -> View:
    summed = views.figure(name, kind, figure(total.placed))
    return summed | {"occasions": len(total.occasions), "municipalities": total.municipalities}
