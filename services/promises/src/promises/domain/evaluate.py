"""The pure fold: an obligation, a period, the evidence and a moment give a standing, whatever the order of arrival."""

from dataclasses import replace
from datetime import datetime

from promises.domain.calendar import Period
from promises.domain.evidence import Evidence, latest, occasions
from promises.domain.obligation import Obligation
from promises.domain.rules import count
from promises.domain.standing import Standing, stand
from promises.domain.visibility import Audience, published_at, seen_by


def evaluate(obligation: Obligation, period: Period, evidence: Evidence, now: datetime, audience: Audience) -> Standing:
    """How the obligation stands in the period."""
    seen = latest(seen_by(audience, evidence.reports, now))
    baseline = max(evidence.baselines, key=lambda each: each.revision, default=None)
    tally = count(obligation, period, occasions(seen), baseline)
    if audience == "public":
        tally = replace(tally, possible_duplicates=())  # a hint for the owners; its day could be a secret one's
    publications = (published_at(r) for r in evidence.reports) if audience == "public" else ()
    return stand(obligation, period, tally, now, publications)
