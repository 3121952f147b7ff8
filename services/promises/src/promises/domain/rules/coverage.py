"""Coverage: the sum of a quantity against a reported baseline, unrounded: 541 of 542 is not all."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from annotated_types import Ge, Le

from promises.domain.calendar import Period, PeriodKind
from promises.domain.evidence import Baseline, Occasion
from promises.domain.label import Label
from promises.domain.matching import Asked, Fit, fitting
from promises.domain.parameters import CLOSED, MAILED, Basis, Given, Mailing, value
from promises.domain.period_names import name_of
from promises.domain.rules.hints import disagreements, done, plans, twice
from promises.domain.tally import Need, Tally

if TYPE_CHECKING:
    from promises.domain.obligation import Obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`percent` of a reported baseline must be reached by the sum of `quantity`; a declined offer was an offer."""

    __pydantic_config__: ClassVar = CLOSED
    SPEAKS: ClassVar = {"quantity": "quantity", "baseline": "quantity"}
    NAMES: ClassVar = {
        "quantity": Label("vad som räknas", "what is counted"),
        "baseline": Label("underlaget för hur många det gäller", "the source of how many there are"),
    }
    ABOUT: ClassVar = Label(
        "Täckning: hur många som nåtts av dem det gäller, utan avrundning: 541 av 542 är inte alla. "
        "Är underlaget uppdelat på enheter (till exempel skolor) räknas var och en högst till sitt eget antal. "
        "Ett erbjudande som någon tackar nej till är ändå ett erbjudande. "
        "Utan underlag, eller med noll, kan det inte bedömas.",
        "Coverage: how many were reached of those it is about, unrounded: 541 of 542 is not all. "
        "Where the baseline is broken down by unit (by school, for example) each counts up to its own number at most. "
        "An offer that was declined was still an offer. Without a baseline, or with zero, it cannot be assessed.",
    )
    MEANS: ClassVar = {
        "quantity": Label("det som räknas ihop ur rapporterna", "what is added up from the reports"),
        "baseline": Label(
            "det rapporterade underlaget: hur många det gäller; det senaste gäller",
            "the reported baseline: how many there are; the latest one rules",
        ),
        "percent": Label("så stor andel måste nås", "so large a share must be reached"),
        "mailing": MAILED,
    }
    kind: Literal["coverage"] = "coverage"
    quantity: Given[str]
    baseline: Given[str]
    percent: Given[Annotated[int, Ge(1), Le(100)]]
    mailing: Given[Mailing] | None = None

    @property
    def basis(self) -> Basis:
        """Where its number comes from."""
        return self.percent.basis

    @property
    def number(self) -> str:
        """Its number as people read it."""
        return f"{self.percent.value} %"

    @property
    def shows(self) -> tuple[str, ...]:
        """It stands over no other obligations."""
        return ()

    @property
    def by_occasion(self) -> bool:
        """What is measured against a baseline is no occasion."""
        return False

    @property
    def asked(self) -> Asked:
        """It asks nothing but the quantity."""
        return Asked()

    def mails(self, _: PeriodKind) -> Mailing:
        """Every stage, unless told otherwise."""
        return value(self.mailing, "every_stage")

    def complaints(self, period: Period) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """A cohort is named by its period, and whoever reports must know when that begins."""
        if period.kind == "custom_year":
            yield (), "a coverage is followed up by month, quarter, tertial, year or school_year, not by custom_year"

    def tally(
        self, obligation: "Obligation", period: Period, found: Sequence[Occasion], baseline: Baseline | None
    ) -> Tally:
        """Measure the period; nothing can be said without a baseline, and zero counts as none (settled reading 8)."""
        fits = fitting(obligation, period, found)
        every = done(fits)
        reached = self._reached(every)
        units = dict(baseline.units) if baseline else {}
        total = baseline.total if baseline else 0
        counted = sum(min(reached[unit], size) for unit, size in units.items()) if units else reached.total()
        need = -(-total * self.percent.value // 100)
        met = bool(total) and counted >= need
        whole = Need(
            "",
            name_of(period),
            period.window,
            need,
            count=counted,
            met=met,
            awaited=() if met else tuple(owner.id for owner in obligation.owners),
            planned=plans(fits),
            short=() if met else tuple((u, reached[u], n) for u, n in sorted(units.items()) if reached[u] < n),
            what="period",
        )
        return Tally(
            counted=counted,
            need=need,
            met=met,
            slots=(),
            deadlines=(whole,),
            progress=(min(counted, need), need or 1),
            possible_duplicates=twice(every, by_unit=True),
            disagreements=disagreements(fits),
            no_baseline=not total,
            by_unit=bool(units) if total else None,
            unknown_units=sum((fit.occasion.unit or "") not in units for fit in every) if units else 0,
        )

    def _reached(self, every: Sequence[Fit]) -> Counter[str]:
        """The quantity by unit; a report that names none stands under the empty one."""
        reached = Counter[str]()
        for fit in every:
            reached[fit.occasion.unit or ""] += dict(fit.occasion.quantities).get(self.quantity.value, 0)
        return reached
