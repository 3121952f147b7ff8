"""One file a kind of rule; each turns evidence into a tally, and the standing follows from the tally alone."""

from collections.abc import Callable, Sequence
from typing import Any

from promises.domain.calendar import Period
from promises.domain.evidence import Occasion
from promises.domain.obligation import Obligation, Occasions
from promises.domain.rules import occasions
from promises.domain.tally import Tally

COUNT: dict[type[Any], Callable[[Obligation, Period, Sequence[Occasion]], Tally]] = {Occasions: occasions.count}


def count(obligation: Obligation, period: Period, found: Sequence[Occasion]) -> Tally:
    """What the occasions amount to under the obligation's rule."""
    return COUNT[type(obligation.rule)](obligation, period, found)
