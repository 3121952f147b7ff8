"""What the owners should look at, whatever the rule: perhaps the same occasion twice, reports that contradict."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from promises.domain.evidence import Fact, Merged
from promises.domain.matching import Fit


def twice(done: Iterable[Fit], *, by_unit: bool = False) -> tuple[date, ...]:
    """The days with two reports without a key, or of one unit: perhaps the same occasion (settled reading 12)."""
    alone = (fit.occasion for fit in done if fit.occasion.occasion_key is None)
    alike = Counter((occasion.counted_on, occasion.unit if by_unit else None) for occasion in alone)
    return tuple(sorted({day for (day, _), times in alike.items() if times > 1}))


def disagreements(fits: Iterable[Fit]) -> tuple[tuple[date, tuple[Fact, ...]], ...]:
    """The occasions whose reports contradict each other, and in what."""
    merged = [fit.occasion for fit in fits if isinstance(fit.occasion, Merged)]
    return tuple(sorted((each.counted_on, each.disagreement) for each in merged if each.disagreement))


def plans(fits: Iterable[Fit]) -> tuple[date, ...]:
    """The days of what is planned; a plan never counts (semantics 7)."""
    return tuple(sorted({fit.occasion.counted_on for fit in fits if fit.occasion.status == "planned"}))


def done(fits: Iterable[Fit]) -> list[Fit]:
    """What was done."""
    return [fit for fit in fits if fit.occasion.status == "done"]
