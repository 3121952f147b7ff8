"""How an obligation stands in a period: phase, evidence and verdict kept apart, and when that can next change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from promises.domain.calendar import DAY, Period, Window, local_day, starts
from promises.domain.obligation import Obligation, Umbrella
from promises.domain.reasons import Reason, reasons_of
from promises.domain.reminders import stages
from promises.domain.tally import Need, Tally
from promises.domain.working_days import before

Phase = Literal["not_started", "open", "in_grace", "closed", "expired"]
Verdict = Literal["fulfilled", "partially_fulfilled", "not_fulfilled", "cannot_be_assessed"]
Pace = Literal["on_pace", "sparse", "no_logged_activity"]
SlotState = Literal["not_started", "open", "met", "overdue", "missed", "closed"]


@dataclass(frozen=True, slots=True)
class SlotStanding:
    """A slot as it is shown."""

    need: Need
    state: SlotState


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer for one obligation, period and audience at a moment; `wake_at` is when time alone may change it."""

    period: Period
    phase: Phase
    verdict: Verdict | None
    pace: Pace | None
    at_risk: bool
    overdue: bool
    tally: Tally
    slots: tuple[SlotStanding, ...]
    reasons: tuple[Reason, ...]
    next_date: date | None
    wake_at: datetime | None


def stand(obligation: Obligation, period: Period, tally: Tally, now: datetime, extra: Iterable[datetime]) -> Standing:
    """Judge a tally at a moment; `extra` are further instants at which the evidence itself changes."""
    today = local_day(now)
    phase = _phase(obligation, period, today)
    verdict = _verdict(obligation, period, tally, phase) if obligation.leaflet_basis else None
    late = any(not need.met and need.window.last < today for need in tally.slots)
    slots = tuple(SlotStanding(need, _slot_state(obligation, need, today)) for need in tally.slots)
    return Standing(
        period=period,
        phase=phase,
        verdict=verdict,
        pace=_pace(obligation, tally, phase),
        at_risk=phase == "open"
        and not tally.met
        and not tally.no_baseline
        and (late or any(_at_risk(n, today) for n in tally.deadlines)),
        overdue=_overdue(obligation, period, verdict) and (late or period.window.last < today),
        tally=tally,
        slots=slots,
        reasons=tuple(reasons_of(obligation, period, tally, phase=phase, verdict=verdict, today=today)),
        next_date=_next_date(tally, today),
        wake_at=_wake_at(obligation, period, tally, now, extra),
    )


def _phase(obligation: Obligation, period: Period, today: date) -> Phase:
    last = min(period.window.last, obligation.validity.last)
    if today < max(period.window.first, obligation.validity.first):
        return "not_started"
    if today <= last:
        return "open"
    if today <= last + timedelta(obligation.grace_days):
        return "in_grace"
    return "expired" if last < period.window.last else "closed"


def _verdict(obligation: Obligation, period: Period, tally: Tally, phase: Phase) -> Verdict | None:
    """Settled readings 2, 8 and 16: fulfilled at once; the rest after the grace, and never for a part of a period."""
    if tally.met:
        return "fulfilled"
    if tally.no_baseline and phase != "not_started":
        return "cannot_be_assessed"
    if phase not in {"closed", "expired"}:
        return None
    if not obligation.covers(period):
        return "cannot_be_assessed"
    return "partially_fulfilled" if tally.counted else "not_fulfilled"


def _overdue(obligation: Obligation, period: Period, verdict: Verdict | None) -> bool:
    """Settled readings 4 and 16: whether something unmet is overdue; never in a part of a period."""
    return obligation.leaflet_basis and verdict is None and obligation.covers(period)


def _pace(obligation: Obligation, tally: Tally, phase: Phase) -> Pace | None:
    if obligation.leaflet_basis or isinstance(obligation.rule, Umbrella):
        return None
    if tally.met:
        return "on_pace"
    if phase not in {"closed", "expired"}:
        return None
    return "sparse" if tally.counted else "no_logged_activity"


def _slot_state(obligation: Obligation, need: Need, today: date) -> SlotState:
    """Under an operator's rule nothing is ever overdue or missed (settled reading 7)."""
    if need.met:
        return "met"
    if today < need.window.first:
        return "not_started"
    if today in need.window:
        return "open"
    if not obligation.leaflet_basis:
        return "closed"
    return "overdue" if today <= need.window.last + timedelta(obligation.grace_days) else "missed"


def risk_day(window: Window) -> date:
    """From this day an unmet window is at risk: the later of half-time and 20 working days before it closes."""
    return max(window.first + timedelta(window.days // 2), before(window.last, 20))


def _at_risk(need: Need, today: date) -> bool:
    return not need.met and today in need.window and today >= risk_day(need.window)


def _next_date(tally: Tally, today: date) -> date | None:
    """The last day of the earliest unmet window that has not closed."""
    return min((n.window.last for n in tally.deadlines if not n.met and n.window.last >= today), default=None)


def _wake_at(
    obligation: Obligation, period: Period, tally: Tally, now: datetime, extra: Iterable[datetime]
) -> datetime | None:
    instants = {starts(day) for day in _days(obligation, period, tally)} | set(extra)
    return min((instant for instant in instants if instant > now), default=None)


def _days(obligation: Obligation, period: Period, tally: Tally) -> Iterator[date]:
    grace = timedelta(obligation.grace_days)
    last = min(period.window.last, obligation.validity.last)
    yield from (max(period.window.first, obligation.validity.first), last + DAY, last + grace + DAY)
    if period.window.last < obligation.validity.last:
        yield period.window.last + DAY
    for need in (*tally.slots, *tally.deadlines):
        window = need.window
        yield from (window.first, risk_day(window), window.last + DAY, window.last + grace + DAY)
        yield from (stage.day for stage in stages(window, obligation.grace_days, obligation.mailing))
        yield from (day + DAY for day in need.planned)
