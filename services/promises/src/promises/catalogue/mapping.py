"""From a checked catalogue to what is stored, published and judged."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple, assert_never

from promises.catalogue.check import month_day, printed
from promises.catalogue.model import (
    Catalogue,
    Given,
    Named,
    ObligationEntry,
    OccasionsEntry,
    Organisations,
    PromiseEntry,
)
from promises.domain.calendar import Window
from promises.domain.obligation import (
    Cadence,
    Coverage,
    Label,
    Obligation,
    Occasions,
    Owner,
    Rule,
    Slot,
    Umbrella,
)

PARAMETERS = {
    "period": Label("perioden", "the period"),
    "grace_days": Label("tiden för sen rapportering", "the time for late reports"),
    "validity": Label("giltighetstiden", "the validity"),
    "window": Label("årstidernas datum", "the dates of the seasons"),
    "match": Label("om en eller alla inriktningar krävs", "whether one or every theme is asked for"),
}


def document(catalogue: Catalogue, organisations: Organisations) -> dict[str, Any]:
    """The revision as stored: the catalogue and the organisations it names, canonical JSON types."""
    named = {slug for p in catalogue.promises for o in p.obligations for slug in (*o.owners, *o.may_report)}
    kept = [o.model_dump(mode="json") for o in organisations.organisations if o.id in named]
    return {"catalogue": catalogue.model_dump(mode="json", by_alias=True, exclude_none=True), "organisations": kept}


def fingerprint(stored: dict[str, Any]) -> str:
    """SHA-256 of a document's canonical JSON; equal content is equal whatever its comments and its spacing."""
    return hashlib.sha256(json.dumps(stored, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Promised(NamedTuple):
    """A stored revision as it is judged: the municipality's name and its obligations by id."""

    name: str
    obligations: dict[str, Obligation]

    def above(self, child: str) -> list[str]:
        """The umbrellas that show a child."""
        return [
            name
            for name, each in self.obligations.items()
            if isinstance(each.rule, Umbrella) and child in each.rule.children
        ]


def promised(stored: dict[str, Any]) -> Promised:
    """A stored revision as it is judged."""
    return Promised(stored["catalogue"]["name"], {found.id: found for found in _obligations(stored)})


def _obligations(stored: dict[str, Any]) -> Iterator[Obligation]:
    catalogue = Catalogue.model_validate(stored["catalogue"])
    owners = Organisations.model_validate({"organisations": stored["organisations"]})
    labels = {entry.id: Owner(entry.id, entry.kind, _label(entry.name)) for entry in owners.organisations}
    for promise in catalogue.promises:
        for entry in promise.obligations:
            yield _obligation(catalogue, promise, entry, _rule(entry), labels)


def _obligation(
    catalogue: Catalogue, promise: PromiseEntry, entry: ObligationEntry, rule: Rule, owners: dict[str, Owner]
) -> Obligation:
    validity = entry.validity or promise.validity
    return Obligation(
        municipality=catalogue.municipality,
        id=entry.id,
        promise=promise.id,
        title=_label(entry.title),
        quote=printed(promise.quote),
        owners=tuple(owners[name] for name in entry.owners),
        validity=Window(validity.first, validity.last),
        period_kind=entry.period.value,
        grace_days=entry.grace_days.value,
        leaflet_basis=_number_basis(entry) == "leaflet",
        rule=rule,
        words={word: _label(name) for word, name in catalogue.vocabulary.items()},
        operator_parameters=tuple(PARAMETERS[name] for name in _set_by_operator(entry, validity.basis)),
    )


def _rule(entry: ObligationEntry) -> Rule:
    rule = entry.rule
    match rule.kind:
        case "occasions":
            return Occasions(
                need=rule.count.value,
                slots=tuple(_slots(rule)),
                special_effort=bool(rule.special_effort and rule.special_effort.value),
                taking_part=_words(rule.taking_part),
                audiences=frozenset(),
                kinds=_words(rule.kinds),
            )
        case "cadence":
            themes = rule.each_of.value if rule.each_of else ()
            return Cadence(need=rule.count.value, each_of=themes, kinds=_words(rule.kinds))
        case "coverage":
            return Coverage(quantity=rule.quantity.value, percent=rule.percent.value)
        case "umbrella":
            return Umbrella(rule.children.value)
        case never:
            assert_never(never)


def _slots(rule: OccasionsEntry) -> Iterator[Slot]:
    for slot in rule.slots:
        yield Slot(
            id=slot.id,
            name=_label(slot.name),
            first=month_day(slot.window.first),
            last=month_day(slot.window.last),
            need=slot.count.value,
            themes=frozenset(slot.themes.value),
            match=slot.match.value,
        )


def _number_basis(entry: ObligationEntry) -> str:
    """The basis of a rule is the basis of its number (settled reading 6)."""
    match entry.rule.kind:
        case "occasions" | "cadence":
            return entry.rule.count.basis
        case "coverage":
            return entry.rule.percent.basis
        case "umbrella":
            return "operator"
        case never:
            assert_never(never)


def _set_by_operator(entry: ObligationEntry, validity_basis: str) -> Iterator[str]:
    if validity_basis == "operator":
        yield "validity"
    yield from (name for name in ("period", "grace_days") if getattr(entry, name).basis == "operator")
    if isinstance(entry.rule, OccasionsEntry):
        for name in ("window", "match"):
            if any(getattr(slot, name).basis == "operator" for slot in entry.rule.slots):
                yield name


def _words(given: Given[tuple[str, ...]] | None) -> frozenset[str]:
    return frozenset(given.value) if given else frozenset()


def _label(name: Named) -> Label:
    return Label(name.sv, name.en)
