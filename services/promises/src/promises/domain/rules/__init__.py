"""One file a kind of rule; each turns evidence into a tally, and the standing follows from the tally alone."""

from collections.abc import Sequence
from typing import assert_never

from promises.domain.calendar import Period
from promises.domain.evidence import Baseline, Occasion
from promises.domain.obligation import Cadence, Coverage, Obligation, Occasions, Umbrella
from promises.domain.rules import cadence, coverage, occasions
from promises.domain.tally import Tally

NOTHING = Tally(counted=0, need=0, met=False, slots=(), deadlines=(), progress=(0, 1))


def count(obligation: Obligation, period: Period, found: Sequence[Occasion], baseline: Baseline | None) -> Tally:
    """What the occasions amount to under the obligation's rule."""
    match obligation.rule:
        case Occasions() as rule:
            return occasions.count(obligation, rule, period, found)
        case Cadence() as rule:
            return cadence.count(obligation, rule, period, found)
        case Coverage() as rule:
            return coverage.count(obligation, rule, period, found, baseline)
        case Umbrella():
            return NOTHING
        case never:
            assert_never(never)
