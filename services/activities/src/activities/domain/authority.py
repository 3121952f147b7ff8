"""Who may report what, by the catalogue's read copy: denied unless an obligation names the organisation."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from activities.domain.activity import Activity, Content, Visibility, first_day
from activities.domain.baseline import Baseline
from activities.domain.refusal import RefusalError, unknown_activity

Span = tuple[date | None, date | None]
"""From day to day, both included; of None and None nothing is known but that it was before all others."""


@dataclass(frozen=True, slots=True)
class Promised:
    """An obligation as reporters know it; `spans` are the days on which it was or is in force."""

    id: str
    owners: tuple[str, ...]
    may_report: tuple[str, ...]
    joint: bool
    themes: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()
    visibility: Visibility = "public"
    spans: tuple[Span, ...] = ()

    def in_force(self, day: date) -> bool:
        """Whether a report about the day can count, as far as is known."""
        known = [(first, last) for first, last in self.spans if first and last]
        if any(first <= day <= last for first, last in known):
            return True
        return not known or (len(known) < len(self.spans) and day < min(first for first, _ in known))


@dataclass(frozen=True, slots=True)
class Copy:
    """What is promised in each municipality (withdrawn promises left out), and the catalogue revision that says so."""

    obligations: Mapping[str, Mapping[str, Promised]]
    revisions: Mapping[str, int]

    def of(self, municipality: str) -> Mapping[str, Promised]:
        """The obligations of a municipality by id.

        Raises:
            RefusalError: `unknown_municipality`.
        """
        if municipality not in self.obligations:
            raise _unknown("municipality", "municipality", municipality, self.obligations)
        return self.obligations[municipality]

    def joint_with(self, organisation: str, municipality: str) -> list[str]:
        """The joint obligations that an organisation owns in a municipality."""
        known = self.obligations.get(municipality, {})
        return sorted(name for name, each in known.items() if each.joint and organisation in each.owners)


@contextmanager
def reading_the_catalogue() -> Iterator[None]:
    """What is refused within is refused by what the catalogue says."""
    try:
        yield
    except RefusalError as error:
        error.by_catalogue = True
        raise


@reading_the_catalogue()
def check(copy: Copy, organisation: str, content: Content) -> int:
    """Whether the organisation may report this; answers the catalogue revision by which it may.

    Raises:
        RefusalError: something named is unknown, or an obligation does not name the organisation.
    """
    known = copy.of(content.municipality)
    named = [may_report(known, organisation, name, f"obligations.{n}") for n, name in enumerate(content.obligations)]
    if content.period is not None and not all(each.quantities for each in named):
        raise RefusalError("period_not_asked", "period", "only a coverage is reported for a period; leave it out")
    for word, field, given, allowed in _words(content, named):
        for n, name in enumerate(given):
            if name not in allowed:
                raise _unknown(word, field if field == "kind" else f"{field}.{n}", name, allowed)
    return copy.revisions[content.municipality]


@reading_the_catalogue()
def check_validity(copy: Copy, content: Content, day: date) -> None:
    """Whether what is done counts for anything named; plans may run ahead of the catalogue.

    Raises:
        RefusalError: no obligation named is in force on the day on which the activity counts (settled reading 15).
    """
    known = copy.of(content.municipality)
    if content.status != "done" or any(known[name].in_force(day) for name in content.obligations):
        return
    field = "period" if content.period else "occasion_key" if content.occasion_key else "occurred_at"
    spans = sorted({span for name in content.obligations for span in known[name].spans if span[0]}, key=str)
    when = ", ".join(f"{first} to {last}" for first, last in spans)
    raise RefusalError(
        "outside_validity",
        field,
        f"it counts on {day}, what it names is in force {when}; name what was in force that day",
    )


def may_report(known: Mapping[str, Promised], organisation: str, name: str, field: str) -> Promised:
    """The obligation that a field names, if the organisation may report for it.

    Raises:
        RefusalError: there is none of this name, or it does not name the organisation.
    """
    if name not in known:
        raise _unknown("obligation", field, name, known)
    if organisation not in known[name].may_report:
        raise RefusalError(
            "foreign_authority",
            field,
            f"{organisation} may not report for {name}; its owners are named in the catalogue",
        )
    return known[name]


def visibility(copy: Copy, content: Content) -> Visibility:
    """What the sender says, or else the strictest of its obligations."""
    known = copy.of(content.municipality)
    held = any(known[name].visibility == "count_only" for name in content.obligations)
    return content.visibility or ("count_only" if held else "public")


@reading_the_catalogue()
def check_baseline(copy: Copy, organisation: str, baseline: Baseline) -> int:
    """Whether the organisation may say how many there are; answers the catalogue revision by which it may.

    Raises:
        RefusalError: something named is unknown, or nothing is measured there.
    """
    named = may_report(copy.of(baseline.municipality), organisation, baseline.obligation, "obligation")
    first_day(baseline.period)
    if not named.quantities:
        raise RefusalError(
            "not_measured", "obligation", f"{baseline.obligation} is measured against no baseline; report activities"
        )
    if baseline.quantity not in named.quantities:
        raise _unknown("quantity", "quantity", baseline.quantity, named.quantities)
    return copy.revisions[baseline.municipality]


def check_partner(copy: Copy, activity: Activity, organisation: str) -> None:
    """Whether the organisation may confirm: it owns a joint obligation of the activity that somebody else logged.

    Raises:
        RefusalError: `not_joint`; other organisations' activities answer as unknown.
    """
    shared = set(copy.joint_with(organisation, activity.content.municipality)) & set(activity.content.obligations)
    if activity.organisation == organisation:
        raise RefusalError(
            "not_joint", "activity_id", "an organisation takes part by its own report; only a partner confirms"
        )
    if not shared:
        raise unknown_activity()


def _words(content: Content, named: Iterable[Promised]) -> Iterable[tuple[str, str, Iterable[str], set[str]]]:
    """What a report names, in which field, and what its obligations know; kinds and quantities may be free."""
    obligations = list(named)
    yield "theme", "themes", content.themes, {word for each in obligations for word in each.themes}
    yield "audience", "audiences", content.audiences, {word for each in obligations for word in each.audiences}
    if all(each.kinds for each in obligations):
        given = (content.kind,) if content.kind else ()
        yield "kind", "kind", given, {word for each in obligations for word in each.kinds}
    if all(each.quantities for each in obligations):
        yield "quantity", "quantities", content.quantities, {word for each in obligations for word in each.quantities}


def _unknown(what: str, field: str, name: str, known: Iterable[str]) -> RefusalError:
    near = get_close_matches(name, list(known), n=3) or sorted(known)[:10]
    hint = f"; near are {', '.join(near)}" if near else "; there is none"
    return RefusalError(f"unknown_{what}", field, f"no {what} of this name is known here{hint}")
