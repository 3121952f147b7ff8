"""Occasions: at least so many in the period, and in every slot what the slot asks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from annotated_types import Ge

from promises.domain.calendar import Period, PeriodKind
from promises.domain.evidence import Baseline, Occasion
from promises.domain.label import Label, Line
from promises.domain.matching import Asked, Fit, fitting
from promises.domain.parameters import CLOSED, MAILED, Basis, Given, Mailing, Match, Words, YearlyWindow, value, words
from promises.domain.period_names import name_of
from promises.domain.rules.hints import disagreements, done, plans, twice
from promises.domain.rules.windows import misfits
from promises.domain.tally import NOBODY, Need, Tally, Waiting

if TYPE_CHECKING:
    from promises.domain.obligation import Obligation

EFFORT = Label("vad som är en särskild insats", "what a special operation is")
MATCH = Label("om en eller alla inriktningar krävs", "whether one or every theme is asked for")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A part of the period in which `count` occasions with one of the themes, or together all of them, are due."""

    __pydantic_config__: ClassVar = CLOSED
    SPEAKS: ClassVar = {"themes": "theme"}
    NAMES: ClassVar = {
        "count": Label("antalet i varje fönster", "the number in each window"),
        "window": Label("fönstrens datum", "the dates of the windows"),
        "themes": Label("fönstrens inriktningar", "the themes of the windows"),
        "match": MATCH,
    }
    MEANS: ClassVar = {
        "name": Label("vad fönstrets insats kallas", "what the window's operation is called"),
        "count": Label("så många tillfällen krävs i fönstret", "so many occasions are needed in the window"),
        "window": Label("första och sista dag, varje år", "first and last day, every year"),
        "themes": Label("inriktningar som räknas i fönstret", "the themes that count in the window"),
        "match": Label("om en av inriktningarna räcker, eller alla krävs", "whether one is enough, or all"),
    }
    id: Line
    name: Label
    count: Given[Annotated[int, Ge(1)]]
    window: YearlyWindow
    themes: Words | None = None
    match: Given[Match] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasions:
    """At least `count` occasions in the period and in each slot what the slot asks.

    `taking_part` are the kinds of organisation that must all take part; without it any owner is enough.
    """

    __pydantic_config__: ClassVar = CLOSED
    SPEAKS: ClassVar = {"taking_part": "kind of organisation", "audiences": "audience", "kinds": "kind"}
    NAMES: ClassVar = {
        "special_effort": EFFORT,
        "taking_part": Label("vilka som ska delta", "who must take part"),
        "audiences": Label("målgrupperna", "the target groups"),
        "audience_match": Label(
            "om en eller alla målgrupper krävs varje gång", "whether one or every target group is asked for each time"
        ),
        "kinds": Label("vilket slag av aktivitet som räknas", "the kind of activity that counts"),
    }
    ABOUT: ClassVar = Label(
        "Tillfällen: minst så många tillfällen under perioden, och i varje fönster vad fönstret kräver.",
        "Occasions: at least so many in the period, and in every window what the window asks for.",
    )
    MEANS: ClassVar = {
        "count": Label("så många tillfällen krävs under perioden", "so many occasions are needed in the period"),
        "special_effort": Label(
            "bara särskilda insatser räknas, utöver det dagliga arbetet",
            "only special operations count, beyond the daily work",
        ),
        "taking_part": Label(
            "alla dessa slags organisationer måste delta; annars räcker en av dem som gett löftet",
            "all these kinds of organisation must take part; without it any of those who made the promise is enough",
        ),
        "audiences": Label("tillfället ska rikta sig till dessa", "the occasion must be aimed at these"),
        "audience_match": Label("om en av målgrupperna räcker, eller alla krävs", "whether one is enough, or all"),
        "kinds": Label("bara detta slag av aktivitet räknas", "only this kind of activity counts"),
        "slots": Label("fönster inom perioden, vart och ett med sitt krav", "windows in it, each with its need"),
        "mailing": MAILED,
    }
    kind: Literal["occasions"] = "occasions"
    count: Given[Annotated[int, Ge(1)]]
    special_effort: Given[bool] | None = None
    taking_part: Words | None = None
    audiences: Words | None = None
    audience_match: Given[Match] | None = None
    kinds: Words | None = None
    slots: tuple[Slot, ...] = ()
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
        """What it asks of an occasion."""
        return Asked(
            kinds=frozenset(words(self.kinds)),
            audiences=frozenset(words(self.audiences)),
            audience_match=value(self.audience_match, "any"),
            special_effort=value(self.special_effort, default=False),
            partners=frozenset(words(self.taking_part)),
        )

    def mails(self, _: PeriodKind) -> Mailing:
        """Every stage, unless told otherwise."""
        return value(self.mailing, "every_stage")

    def complaints(self, period: Period) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What is wrong with it for periods such as this one: places in it, and sentences."""
        return misfits(self.slots, self.count.value, period)

    def tally(self, obligation: "Obligation", period: Period, found: Sequence[Occasion], _: Baseline | None) -> Tally:
        """Count the occasions of a period; each counts once, and joint ones only when all have taken part."""
        fits = fitting(obligation, period, found)
        every = done(fits)
        complete = sum(fit.complete for fit in every)
        held = [(_empty(slot, period), list(_held(slot, period, fits))) for slot in self.slots]
        filled = [(_filled(obligation, empty, within), within) for empty, within in held]
        slots = tuple(slot for slot, _ in filled)
        filling = {id(fit) for _, within in filled for fit in done(within) if fit.complete}
        need = Need("", name_of(period), period.window, self.count.value, what="period")
        whole = _filled(obligation, need, fits)
        elsewhere = _elsewhere(every, filled or [(whole, fits)])
        asked = sum(slot.count.value for slot in self.slots)
        return Tally(
            counted=complete,
            need=need.need,
            met=all(slot.met for slot in slots) and complete >= need.need,
            slots=slots,
            deadlines=slots if slots and need.need <= asked else (*slots, whole),
            progress=_progress(slots, complete, need.need),
            stray=complete - len(filling) if slots else 0,
            partner_missing=len(every) - complete,
            waiting=_waiting(obligation, elsewhere),
            possible_duplicates=twice(every),
            disagreements=disagreements(fits),
        )


def _held(slot: Slot, period: Period, fits: Sequence[Fit]) -> Iterator[Fit]:
    """The windows are those of the period's first day, the themes those of the version valid on the occasion's day."""
    window = slot.window.within(period)
    asked: dict[date, frozenset[str]] = {}
    for fit in fits:
        if window.first <= fit.occasion.counted_on <= window.last:
            begins = fit.version.validity.first
            if begins not in asked:
                asked[begins] = _themes(slot, fit.version.rule)
            if not asked[begins] or not asked[begins].isdisjoint(fit.occasion.themes):
                yield fit


def _themes(slot: Slot, rule: object) -> frozenset[str]:
    """The themes of the slot in a version's rule, or its own where that rule has no such slot."""
    slots = rule.slots if isinstance(rule, Occasions) else ()
    own = next((each for each in slots if each.id == slot.id), slot)
    return frozenset(words(own.themes))


def _empty(slot: Slot, period: Period) -> Need:
    themes = tuple(sorted(words(slot.themes)))
    return Need(
        slot.id, slot.name, slot.window.within(period), slot.count.value, themes, value(slot.match, "any"), what="slot"
    )


def _filled(obligation: "Obligation", need: Need, within: Sequence[Fit]) -> Need:
    every = done(within)
    found = replace(_with(need, [fit.occasion for fit in every if fit.complete]), planned=plans(within))
    if found.met:
        return found
    waiting = _waiting(obligation, [fit for fit in every if not fit.complete])
    enough = not waiting.apart and _with(need, [fit.occasion for fit in every]).met
    awaited = waiting.partners if enough else tuple(owner.id for owner in obligation.owners)
    return replace(found, awaited=awaited, waiting=waiting)


def _with(need: Need, found: Sequence[Occasion]) -> Need:
    """The need with these occasions; all themes may be brought by several of them together."""
    left = need.themes if need.match == "any" else _uncovered(need.themes, found)
    return replace(
        need, themes=left, count=len(found), met=len(found) >= need.need and (need.match == "any" or not left)
    )


def _uncovered(themes: Sequence[str], found: Sequence[Occasion]) -> tuple[str, ...]:
    covered = frozenset[str]().union(*(occasion.themes for occasion in found))
    return tuple(theme for theme in themes if theme not in covered)


def _elsewhere(every: Sequence[Fit], needs: Iterable[tuple[Need, Sequence[Fit]]]) -> list[Fit]:
    """What lacks a partner and is in no need that is unmet and says so."""
    partial = [fit for fit in every if not fit.complete]
    told = {id(fit) for need, within in needs if partial and not need.met for fit in within}
    return [fit for fit in partial if id(fit) not in told]


def _waiting(obligation: "Obligation", partial: Sequence[Fit]) -> Waiting:
    """Who did their part and who is missing, of each occasion by the version of its day (semantics 6)."""
    if not partial:
        return NOBODY
    unlike = {(id(fit.version), fit.occasion.taking_part): fit for fit in partial}.values()
    reported = {who: kind for fit in unlike for who, kind in fit.there.items()}
    partners = {who for fit in unlike for who in fit.awaited}
    named = obligation.owner_names
    return Waiting(
        count=len(partial),
        reported=tuple(who for who in named if who in reported),
        partners=tuple(who for who in named if who in partners),
        apart=all(fit.lacking <= {*reported.values()} for fit in unlike),
    )


def _progress(slots: Sequence[Need], counted: int, need: int) -> tuple[int, int]:
    """The least of slots filled and total, each capped (settled reading 9)."""
    shares = [(min(counted, need), need)]
    if slots:
        shares.append((sum(slot.filled for slot in slots), sum(slot.need for slot in slots)))
    return min(shares, key=lambda share: Fraction(*share))
