"""Umbrella: shows its children; it has no verdict, no pace and no figure of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from promises.domain.calendar import Period, PeriodKind
from promises.domain.evidence import Baseline, Occasion
from promises.domain.label import Label
from promises.domain.matching import Asked
from promises.domain.parameters import CLOSED, Basis, Mailing, Words
from promises.domain.tally import NOTHING, Tally

if TYPE_CHECKING:
    from promises.domain.obligation import Obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class Umbrella:
    """Stands over other obligations and shows them."""

    __pydantic_config__: ClassVar = CLOSED
    SPEAKS: ClassVar = {"children": "obligation"}
    NAMES: ClassVar[dict[str, object]] = {}
    ABOUT: ClassVar = Label(
        "Paraply: visar andra åtaganden och har självt varken omdöme, takt eller andel.",
        "Umbrella: shows other obligations and has no verdict, pace or percentage of its own.",
    )
    MEANS: ClassVar = {"children": Label("de åtaganden som visas", "the obligations that are shown")}
    kind: Literal["umbrella"] = "umbrella"
    children: Words

    @property
    def basis(self) -> Basis:
        """It has no number, so none of the leaflet's."""
        return "operator"

    @property
    def number(self) -> str:
        """It has none."""
        return ""

    @property
    def shows(self) -> tuple[str, ...]:
        """The obligations it stands over."""
        return self.children.value

    @property
    def by_occasion(self) -> bool:
        """It has no occasions of its own."""
        return False

    @property
    def asked(self) -> Asked:
        """Nothing: nobody reports to it."""
        return Asked()

    def mails(self, _: PeriodKind) -> Mailing:
        """It has no deadlines."""
        return "every_stage"

    def complaints(self, _: Period) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What is wrong with it: nothing that its fields do not say."""
        yield from ()

    def tally(self, _: "Obligation", __: Period, ___: Sequence[Occasion], ____: Baseline | None) -> Tally:
        """It counts nothing."""
        return NOTHING
