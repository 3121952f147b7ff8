"""Cadence: at least so many activities a period, where focuses or limbs are listed for each of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from annotated_types import Ge

from promises.domain.calendar import Period, PeriodKind
from promises.domain.evidence import Baseline, Occasion
from promises.domain.label import Label
from promises.domain.matching import Asked, Fit, fitting
from promises.domain.parameters import CLOSED, MAILED, Basis, Given, Mailing, Words, value, words
from promises.domain.period_names import name_of
from promises.domain.rules.hints import disagreements, done, plans, twice
from promises.domain.tally import Need, Tally

if TYPE_CHECKING:
    from promises.domain.obligation import Obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """At least `count` activities a period, or, where themes are listed, `count` for each of them."""

    __pydantic_config__: ClassVar = CLOSED
    SPEAKS: ClassVar = {"kinds": "kind", "each_of": "theme"}
    NAMES: ClassVar = {
        "kinds": Label("vilket slag av aktivitet som räknas", "the kind of activity that counts"),
        "each_of": Label("delarna", "the parts"),
    }
    ABOUT: ClassVar = Label(
        "Återkommande: minst så många aktiviteter varje period; finns det delar gäller det var och en av dem.",
        "Cadence: at least so many activities every period; where there are parts, for each of them.",
    )
    MEANS: ClassVar = {
        "count": Label(
            "så många aktiviteter krävs i varje period, eller för varje del",
            "so many activities are needed in every period, or for every part",
        ),
        "kinds": Label("bara detta slag av aktivitet räknas", "only this kind of activity counts"),
        "each_of": Label("delarna, som följs var för sig", "the parts, each followed by itself"),
        "mailing": MAILED,
    }
    kind: Literal["cadence"] = "cadence"
    count: Given[Annotated[int, Ge(1)]]
    kinds: Words | None = None
    each_of: Words | None = None
    mailing: Given[Mailing] | None = None

    @property
    def basis(self) -> Basis:
        """Where its number comes from."""
        return self.count.basis

    @property
    def number(self) -> str:
        """Its number as people read it."""
        return str(self.count.value)

    @property
    def shows(self) -> tuple[str, ...]:
        """It stands over no other obligations."""
        return ()

    @property
    def by_occasion(self) -> bool:
        """Its activities are occasions of their own."""
        return True

    @property
    def asked(self) -> Asked:
        """What it asks of an activity."""
        return Asked(kinds=frozenset(words(self.kinds)))

    def mails(self, period: PeriodKind) -> Mailing:
        """By month a summary, else the last stages, unless told otherwise."""
        return value(self.mailing, "monthly" if period == "month" else "last_stages")

    def complaints(self, _: Period) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What is wrong with it: nothing that its fields do not say."""
        yield from ()

    def tally(self, obligation: "Obligation", period: Period, found: Sequence[Occasion], _: Baseline | None) -> Tally:
        """Count the period's activities; the focuses share one deadline, since they share their days."""
        fits = fitting(obligation, period, found)
        every = done(fits)
        parts = frozenset(words(self.each_of))
        needs = tuple(self._of_theme(obligation, period, theme, every) for theme in words(self.each_of))
        lacking = tuple(need.id for need in needs if not need.met)
        met = not lacking if needs else len(every) >= self.count.value
        asked = self.count.value * (len(needs) or 1)
        filled = sum(need.filled for need in needs) if needs else len(every)
        whole = Need("", name_of(period), period.window, asked, lacking, "all", filled, met, what="period")
        awaited = () if met else tuple(owner.id for owner in obligation.owners)
        return Tally(
            counted=len(every),
            need=asked,
            met=met,
            slots=needs,
            deadlines=(replace(whole, awaited=awaited, planned=plans(fits)),),
            progress=(min(filled, asked), asked),
            stray=len([fit for fit in every if not fit.occasion.themes & parts]) if parts else 0,
            possible_duplicates=twice(every),
            disagreements=disagreements(fits),
        )

    def _of_theme(self, obligation: "Obligation", period: Period, theme: str, every: Sequence[Fit]) -> Need:
        count, need = sum(theme in fit.occasion.themes for fit in every), self.count.value
        name = obligation.words[theme]
        return Need(theme, name, period.window, need, (theme,), count=count, met=count >= need, what="focus")
