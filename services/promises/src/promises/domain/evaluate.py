"""The pure fold: an obligation, a period, the evidence and a moment give a standing, whatever the order of arrival."""

from dataclasses import replace
from datetime import datetime

from promises.domain.calendar import Period
from promises.domain.evidence import Evidence, latest, occasions
from promises.domain.obligation import Obligation
from promises.domain.rules import count
from promises.domain.standing import Standing, stand
from promises.domain.tally import Tally
from promises.domain.visibility import Audience, published_at, seen_by


def evaluate(obligation: Obligation, period: Period, evidence: Evidence, now: datetime, audience: Audience) -> Standing:
    """How the obligation stands in the period for one audience."""
    return evaluate_both(obligation, period, evidence, now)[audience]


def evaluate_both(
    obligation: Obligation, period: Period, evidence: Evidence, now: datetime
) -> dict[Audience, Standing]:
    """The same for both audiences; where nothing is withheld, what both see is counted once."""
    withheld = [report for report in evidence.reports if report.count_only or report.recorded_at > now]
    internal = _tally(obligation, period, evidence, now, "internal")
    public = _tally(obligation, period, evidence, now, "public") if withheld else internal
    shown = replace(public, possible_duplicates=())  # a hint for the owners; its day could be a secret one's
    publications = [published_at(report) for report in withheld]
    return {
        "public": stand(obligation, period, shown, now, publications),
        "internal": stand(obligation, period, internal, now, ()),
    }


def _tally(obligation: Obligation, period: Period, evidence: Evidence, now: datetime, audience: Audience) -> Tally:
    seen = latest(seen_by(audience, evidence.reports, now))
    baseline = max(evidence.baselines, key=lambda each: each.revision, default=None)
    return count(obligation, period, occasions(seen), baseline)
