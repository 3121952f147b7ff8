"""Coverage: the sum of a quantity against a reported baseline, unrounded: 541 of 542 is not all."""

from collections import Counter
from collections.abc import Sequence

from promises.domain.calendar import Period
from promises.domain.evidence import Baseline, Occasion, owners_taking_part
from promises.domain.obligation import Coverage, Obligation
from promises.domain.period_names import name_of
from promises.domain.tally import Need, Tally


def count(
    obligation: Obligation, rule: Coverage, period: Period, found: Sequence[Occasion], baseline: Baseline | None
) -> Tally:
    """Measure the period; nothing can be said without a baseline, and zero counts as none (settled reading 8)."""
    within = [o for o in found if o.day in period.window and owners_taking_part(obligation, o)]
    reached = _reached(rule, within)
    units = dict(baseline.units) if baseline else {}
    total = baseline.total if baseline else 0
    counted = sum(min(reached[unit], size) for unit, size in units.items()) if units else reached.total()
    need = -(-total * rule.percent // 100)
    met = bool(total) and counted >= need
    whole = Need(
        "",
        name_of(period),
        period.window,
        need,
        count=counted,
        met=met,
        awaited=() if met else tuple(owner.id for owner in obligation.owners),
        planned=tuple(sorted({o.day for o in within if o.status == "planned"})),
        short=tuple((unit, reached[unit], size) for unit, size in sorted(units.items()) if reached[unit] < size),
    )
    return Tally(
        counted=counted,
        need=need,
        met=met,
        slots=(),
        deadlines=(whole,),
        progress=(min(counted, need), need or 1),
        no_baseline=not total,
        by_unit=bool(units) if total else None,
    )


def _reached(rule: Coverage, within: Sequence[Occasion]) -> Counter[str]:
    """The quantity by unit; a report that names none stands under the empty one."""
    reached = Counter[str]()
    for occasion in within:
        if occasion.status == "done":
            reached[occasion.unit or ""] += dict(occasion.quantities).get(rule.quantity, 0)
    return reached
