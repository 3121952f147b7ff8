"""How an obligation stands in a period: phase, evidence and verdict kept apart, and when that can next change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from promises.domain.calendar import Period, Window, local_day
from promises.domain.obligation import Obligation
from promises.domain.reasons import Reason, published_until, reasons_of
from promises.domain.tally import Need, Tally
from promises.domain.visibility import Audience
from promises.domain.waking import held_back_in, risk_day, wake_at

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
    """The answer for one obligation, period and audience at a moment; `wake_at` is when time alone may change it.

    `obligation` is the version that ruled the period; `holds_back` that what it lacks cannot be told, since reports of
    the running period are not published yet.
    """

    obligation: Obligation
    period: Period
    phase: Phase
    verdict: Verdict | None
    pace: Pace | None
    at_risk: bool
    overdue: bool
    holds_back: bool
    tally: Tally
    slots: tuple[SlotStanding, ...]
    reasons: tuple[Reason, ...]
    next_date: date | None
    wake_at: datetime | None


def stand(
    obligation: Obligation,
    period: Period,
    tally: Tally,
    now: datetime,
    *,
    audience: Audience = "internal",
    extra: Iterable[datetime] = (),
) -> Standing:
    """Judge a tally at a moment by the ruling version; `extra` are instants at which the evidence itself changes."""
    today = local_day(now)
    slots, deadlines = (tuple(_within(obligation, need) for need in some) for some in (tally.slots, tally.deadlines))
    tally = replace(tally, slots=slots, deadlines=tuple(_promised(obligation, deadlines)))
    phase = _phase(obligation, period, today)
    verdict = _verdict(obligation, period, tally, phase) if obligation.leaflet_basis else None
    late = any(not need.met and need.window.last < today for need in _promised(obligation, tally.slots))
    told = reasons_of(obligation, period, tally, phase=phase, verdict=verdict, today=today)
    held_back = audience == "public" and obligation.count_only
    running = held_back and phase == "open"
    at_risk = not tally.met and not tally.no_baseline and (late or _any_at_risk(tally, today))
    shown = [published_until(today)] if held_back and today in held_back_in(obligation, period) else []
    return Standing(
        obligation=obligation,
        period=period,
        phase=phase,
        verdict=verdict,
        pace=None if running else _pace(obligation, tally, phase),
        at_risk=phase == "open" and at_risk and not running,
        overdue=_overdue(obligation, period, verdict) and (late or period.window.last < today),
        holds_back=running and not tally.no_baseline,
        tally=tally,
        slots=tuple(SlotStanding(need, _slot_state(obligation, need, today)) for need in tally.slots),
        reasons=(*(reason for reason in told if not (running and reason.of_a_lack)), *shown),
        next_date=_next_date(tally, today),
        wake_at=wake_at(obligation, period, tally, now, extra=extra, held_back=held_back),
    )


def _within(obligation: Obligation, need: Need) -> Need:
    """Where the promise begins after a window's first day or ends before its last, so does the window."""
    if not need.window.overlaps(obligation.validity):
        return need
    first = max(need.window.first, obligation.validity.first)
    return replace(need, window=Window(first, min(need.window.last, obligation.validity.last)))


def _promised(obligation: Obligation, needs: Iterable[Need]) -> Iterator[Need]:
    """The needs that lie within the time of the promise."""
    return (need for need in needs if need.window.overlaps(obligation.validity))


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
    if obligation.leaflet_basis or obligation.rule.shows:
        return None
    if tally.met:
        return "on_pace"
    if phase not in {"closed", "expired"}:
        return None
    return "sparse" if tally.counted else "no_logged_activity"


def _slot_state(obligation: Obligation, need: Need, today: date) -> SlotState:
    """Under an operator's rule, or where nothing was promised, nothing is overdue or missed (settled reading 7)."""
    if need.met:
        return "met"
    if not need.window.overlaps(obligation.validity):
        return "closed"
    if today < need.window.first:
        return "not_started"
    if today in need.window:
        return "open"
    if not obligation.leaflet_basis:
        return "closed"
    return "overdue" if today <= need.window.last + timedelta(obligation.grace_days) else "missed"


def _any_at_risk(tally: Tally, today: date) -> bool:
    return any(_at_risk(need, today) for need in tally.deadlines)


def _at_risk(need: Need, today: date) -> bool:
    return not need.met and today in need.window and today >= risk_day(need.window)


def _next_date(tally: Tally, today: date) -> date | None:
    """The last day of the earliest unmet window that has not closed."""
    return min((n.window.last for n in tally.deadlines if not n.met and n.window.last >= today), default=None)
