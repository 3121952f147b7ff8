"""The pure fold: an obligation, a period, the evidence and a moment give a standing, whatever the order of arrival."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from promises.domain.calendar import Period
from promises.domain.evidence import Evidence, Report, latest, occasions
from promises.domain.obligation import Obligation
from promises.domain.standing import Standing, stand
from promises.domain.tally import Tally
from promises.domain.visibility import Audience, published_at, seen_by


def evaluate(obligation: Obligation, period: Period, evidence: Evidence, now: datetime, audience: Audience) -> Standing:
    """How the obligation stands in the period for one audience."""
    version = obligation.ruling(period)
    tally = _tally(version, period, evidence, now, audience)
    return _stand(version, period, tally, now, audience=audience, withheld=_withheld(evidence, now))


def evaluate_both(
    obligation: Obligation, period: Period, evidence: Evidence, now: datetime
) -> dict[Audience, Standing]:
    """The same for both audiences; where nothing is withheld, what both see is counted once."""
    version, withheld = obligation.ruling(period), _withheld(evidence, now)
    internal = _tally(version, period, evidence, now, "internal")
    public = _tally(version, period, evidence, now, "public") if withheld else internal
    return {
        "public": _stand(version, period, public, now, audience="public", withheld=withheld),
        "internal": _stand(version, period, internal, now, audience="internal", withheld=withheld),
    }


def _withheld(evidence: Evidence, now: datetime) -> list[Report]:
    return [report for report in evidence.reports if report.count_only or report.recorded_at > now]


def _tally(version: Obligation, period: Period, evidence: Evidence, now: datetime, audience: Audience) -> Tally:
    seen = latest(seen_by(audience, evidence.reports, now))
    baseline = max(evidence.baselines, key=lambda each: each.revision, default=None)
    return version.rule.tally(version, period, occasions(seen), baseline)


def _stand(
    version: Obligation, period: Period, tally: Tally, now: datetime, *, audience: Audience, withheld: Iterable[Report]
) -> Standing:
    """Hints are for the owners alone: their day could be that of a secret report.

    So are the days of plans: one that was made secret since must not be told by them, at once.
    """
    if audience == "internal":
        return stand(version, period, tally, now)
    publications = [published_at(report) for report in withheld]
    slots, deadlines = ([replace(need, planned=()) for need in needs] for needs in (tally.slots, tally.deadlines))
    shown = replace(tally, slots=tuple(slots), deadlines=tuple(deadlines), possible_duplicates=(), disagreements=())
    return stand(version, period, shown, now, audience=audience, extra=publications)
