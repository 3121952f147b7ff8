"""The pure fold: an obligation, a period, the evidence and a moment give a standing, whatever the order of arrival."""

from collections.abc import Sequence
from datetime import datetime

from promises.domain.calendar import Period
from promises.domain.evidence import Report, latest, occasions
from promises.domain.obligation import Obligation
from promises.domain.rules import count
from promises.domain.standing import Standing, stand
from promises.domain.visibility import Audience, published_at, seen_by


def evaluate(
    obligation: Obligation, period: Period, evidence: Sequence[Report], now: datetime, audience: Audience
) -> Standing:
    """How the obligation stands in the period; `evidence` holds every revision of the period's reports."""
    seen = latest(seen_by(audience, evidence, now))
    tally = count(obligation, period, occasions(seen))
    publications = (published_at(r) for r in evidence) if audience == "public" else ()
    return stand(obligation, period, tally, now, publications)
