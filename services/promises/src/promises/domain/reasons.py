"""Why a standing is as it is: stable codes with parameters; `sentences` makes the words of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from promises.domain.calendar import DAY, Period, period_of
from promises.domain.evidence import Fact
from promises.domain.label import Label, labels_listed
from promises.domain.missing import units_of
from promises.domain.obligation import Obligation
from promises.domain.period_names import name_of
from promises.domain.tally import Need, Tally, Waiting

Parameters = dict[str, str | int]
FACTS: Mapping[Fact, Label] = {
    "status": Label("om det blev av", "whether it took place"),
    "quantities": Label("antalet", "the number"),
    "unit": Label("enheten", "the unit"),
    "kind": Label("slaget av aktivitet", "the kind of activity"),
    "special_effort": Label("om det var en särskild insats", "whether it was a special operation"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` is stable; `parameters` are plain words, days (ISO) and numbers, so that a sentence can be made later."""

    code: str
    parameters: Parameters

    @property
    def of_a_lack(self) -> bool:
        """Whether it says that something is not there, which a report that is held back may refute."""
        return self.code.endswith(("_missing", "_closed")) or self.code == "reported_apart"


def reasons_of(
    obligation: Obligation, period: Period, tally: Tally, *, phase: str, verdict: str | None, today: date
) -> Iterator[Reason]:
    """Every reason that holds today, the most telling first; nothing in them moves between two `wake_at`s."""
    if obligation.rule.shows:
        yield Reason("umbrella", {})
    if tally.no_baseline and phase != "not_started":
        yield Reason("no_baseline", _period(period))
    elif verdict == "cannot_be_assessed":
        yield Reason("part_of_period", _period(period))
    for need in tally.slots or tally.deadlines:
        yield from _of_need(obligation, need, today)
    yield from _waiting(obligation, tally.waiting)
    yield from _of_tally(tally)
    if phase == "in_grace" and not tally.met and not obligation.rule.shows:
        last = min(period.window.last, obligation.validity.last) + timedelta(obligation.grace_days)
        yield Reason("grace", {"last_day": last.isoformat()})
    if verdict in {"fulfilled", "partially_fulfilled", "not_fulfilled"} and obligation.operator_parameters:
        yield Reason("rests_on_operator", _both("names", labels_listed(obligation.operator_parameters)))
    if not obligation.leaflet_basis and not obligation.rule.shows:
        yield Reason("operators_number", {"need": obligation.rule.number})


def published_until(today: date) -> Reason:
    """Which tertial's reports a `count_only` obligation shows in public: the last one before today's.

    The source is settled reading 22.
    """
    running = period_of("tertial", today)
    shown = period_of("tertial", running.window.first - DAY)
    about: Parameters = {"tertial": shown.id, "next_day": (running.window.last + DAY).isoformat()}
    return Reason("published_until", about | _both("name", name_of(shown)))


def _period(period: Period) -> Parameters:
    return _both("name", name_of(period)) | {"period": period.id}


def _both(name: str, label: Label) -> Parameters:
    return {f"{name}_sv": label.sv, f"{name}_en": label.en}


def _of_tally(tally: Tally) -> Iterator[Reason]:
    if tally.slots and not tally.met and tally.counted < tally.need and all(need.met for need in tally.slots):
        yield Reason("total_missing", {"count": tally.counted, "need": tally.need})
    if tally.stray:
        yield Reason("needs_assessment", {"count": tally.stray})
    if tally.by_unit is False:
        yield Reason("not_by_unit", {})
    if tally.unknown_units:
        yield Reason("unknown_units", {"count": tally.unknown_units})
    for day in tally.possible_duplicates:
        yield Reason("possible_duplicates", {"day": day.isoformat()})
    for day, facts in tally.disagreements:
        said = labels_listed([FACTS[fact] for fact in facts])
        yield Reason("reports_disagree", _both("facts", said) | {"day": day.isoformat(), "facts": ",".join(facts)})


def _of_need(obligation: Obligation, need: Need, today: date) -> Iterator[Reason]:
    about = _both("name", need.name) | {"slot": need.id}
    if not need.window.overlaps(obligation.validity):
        yield Reason(f"{need.what}_not_promised", about)
        return
    counts = about | {"count": need.count, "need": need.need}
    last: Parameters = {"last_day": need.window.last.isoformat()}
    if need.met:
        yield Reason(f"{need.what}_met", counts)
    elif today < need.window.first:
        yield Reason(f"{need.what}_not_started", about | {"first_day": need.window.first.isoformat()})
    elif need.need:
        ended = "closed" if need.window.last < today else "missing"
        if need.count < need.need:
            yield Reason(f"{need.what}_{ended}", counts | last)
        else:
            themes = labels_listed([obligation.words[theme] for theme in need.themes])
            yield Reason(f"{need.what}_themes_{ended}", about | _both("themes", themes) | last)
        yield from _waiting(obligation, need.waiting, need.name if need.id else None, need.id)
    if need.short:
        units = Label(units_of(need, "kvar", "av", "och {} till"), units_of(need, "left", "of", "and {} more"))
        yield Reason("units_missing", _both("units", units))
    if not need.met:
        yield from (Reason("planned", about | {"day": day.isoformat()}) for day in need.planned if day >= today)


def _waiting(obligation: Obligation, waiting: Waiting, name: Label | None = None, slot: str = "") -> Iterator[Reason]:
    """That occasions lack a partner, by the name of their slot or else by their number."""
    if not waiting.count:
        return
    labels, count = obligation.owner_names, waiting.count
    many = Label("ett tillfälle", "one occasion") if count == 1 else Label(f"{count} tillfällen", f"{count} occasions")
    about = _both("name", name or many) | {"slot": slot, "count": count}
    awaited = labels_listed([labels[owner] for owner in waiting.partners])
    yield Reason("reported_apart" if waiting.apart else "partner_missing", about | _both("awaited", awaited))
