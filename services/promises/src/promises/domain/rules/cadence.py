"""Cadence: at least so many activities a period, where themes are listed for each of them."""

from collections.abc import Sequence
from dataclasses import replace

from promises.domain.calendar import Period
from promises.domain.evidence import Occasion, owners_taking_part
from promises.domain.obligation import Cadence, Obligation
from promises.domain.period_names import name_of
from promises.domain.tally import Need, Tally


def count(obligation: Obligation, rule: Cadence, period: Period, found: Sequence[Occasion]) -> Tally:
    """Count the period's activities; the themes share one deadline, since they share their days."""
    fitting = [o for o in found if o.day in period.window and _asked_for(rule, o) and owners_taking_part(obligation, o)]
    done = [o for o in fitting if o.status == "done"]
    needs = tuple(_of_theme(obligation, rule, period, theme, done) for theme in rule.each_of)
    lacking = tuple(need.id for need in needs if not need.met)
    met = not lacking if needs else len(done) >= rule.need
    asked = rule.need * (len(needs) or 1)
    filled = sum(min(need.count, need.need) for need in needs) if needs else min(len(done), rule.need)
    awaited = () if met else tuple(owner.id for owner in obligation.owners)
    planned = tuple(sorted({o.day for o in fitting if o.status == "planned"}))
    whole = Need("", name_of(period), period.window, asked, themes=lacking, match="all", count=filled, met=met)
    return Tally(
        counted=len(done),
        need=asked,
        met=met,
        slots=needs,
        deadlines=(replace(whole, awaited=awaited, planned=planned),),
        progress=(filled, asked),
    )


def _of_theme(obligation: Obligation, rule: Cadence, period: Period, theme: str, done: Sequence[Occasion]) -> Need:
    count = sum(theme in occasion.themes for occasion in done)
    name = obligation.words[theme]
    return Need(theme, name, period.window, rule.need, themes=(theme,), count=count, met=count >= rule.need)


def _asked_for(rule: Cadence, occasion: Occasion) -> bool:
    return not rule.kinds or bool(rule.kinds & occasion.kinds)
