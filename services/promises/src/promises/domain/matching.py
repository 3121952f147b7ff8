"""Which occasions count for an obligation: each is matched by the version valid on its day (settled reading 15)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from promises.domain.calendar import DAY, Period
from promises.domain.evidence import Occasion
from promises.domain.parameters import Match

if TYPE_CHECKING:
    from promises.domain.obligation import Obligation

NO_WORDS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule asks of an occasion, and which kinds of organisation must all take part in it."""

    kinds: frozenset[str] = NO_WORDS
    audiences: frozenset[str] = NO_WORDS
    audience_match: Match = "any"
    special_effort: bool = False
    partners: frozenset[str] = NO_WORDS

    def admits(self, occasion: Occasion) -> bool:
        """Whether the occasion is what the rule means."""
        if self.special_effort and not occasion.special_effort:
            return False
        if self.kinds and not self.kinds & occasion.kinds:
            return False
        if self.audience_match == "all":
            return self.audiences <= occasion.audiences
        return not self.audiences or bool(self.audiences & occasion.audiences)


class Fit(NamedTuple):
    """An occasion that counts once all have taken part, and the version it was matched by."""

    occasion: Occasion
    version: "Obligation"
    complete: bool

    @property
    def there(self) -> dict[str, str]:
        """The owners who take part, each with its kind of organisation."""
        return {owner.id: owner.kind for owner in self.version.owners if owner.id in self.occasion.taking_part}

    @property
    def lacking(self) -> frozenset[str]:
        """The kinds of organisation that must take part and do not."""
        return self.version.rule.asked.partners - {*self.there.values()}

    @property
    def awaited(self) -> tuple[str, ...]:
        """The owners who could complete it."""
        lacking = self.lacking
        return tuple(owner.id for owner in self.version.owners if owner.kind in lacking)


def fitting(obligation: "Obligation", period: Period, found: Sequence[Occasion]) -> list[Fit]:
    """The occasions of a period that fit, with an owner among those who take part (settled reading 13).

    A report that names the period belongs to it, also where the promise began after the period did.
    """
    fits: list[Fit] = []
    after = period.window.first - DAY
    for version in obligation.versions_in(period):
        first, last = max(version.validity.first, period.window.first), min(version.validity.last, period.window.last)
        within = [o for o in found if first <= o.counted_on <= last or (o.period and after < o.counted_on < first)]
        fits += _fits(version, within)
        after = last
    return fits


def _fits(version: "Obligation", within: Iterable[Occasion]) -> list[Fit]:
    asked = version.rule.asked
    kinds = {owner.id: owner.kind for owner in version.owners}

    @cache
    def complete(taking_part: frozenset[str]) -> bool | None:
        """Whether all who must take part do; None where no owner does."""
        present = kinds.keys() & taking_part
        return asked.partners <= {kinds[owner] for owner in present} if present else None

    fits: list[Fit] = []
    for occasion in within:
        found = complete(occasion.taking_part)
        if found is not None and asked.admits(occasion):
            fits.append(Fit(occasion, version, found))
    return fits
