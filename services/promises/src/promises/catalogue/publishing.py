"""What reporters learn of each promise: who may report, and with which words."""

from collections.abc import Iterator

from contracts.promises import PromisePublished, PublishedObligation

from promises.catalogue.check import printed
from promises.catalogue.model import CadenceEntry, Catalogue, ObligationEntry, OccasionsEntry, RuleEntry, Validity


def published(catalogue: Catalogue, revision: int) -> Iterator[PromisePublished]:
    """What reporters learn of each promise."""
    for promise in catalogue.promises:
        yield PromisePublished(
            municipality=catalogue.municipality,
            municipality_name=catalogue.name,
            promise=promise.id,
            revision=revision,
            heading=promise.heading,
            quote=printed(promise.quote),
            valid_from=promise.validity.first,
            valid_to=promise.validity.last,
            obligations=tuple(_published(entry, entry.validity or promise.validity) for entry in promise.obligations),
            catalogue_revision=revision,
        )


def _published(entry: ObligationEntry, validity: Validity) -> PublishedObligation:
    rule = entry.rule
    kinds = rule.kinds.value if isinstance(rule, OccasionsEntry | CadenceEntry) and rule.kinds else ()
    return PublishedObligation(
        id=entry.id,
        title_sv=entry.title.sv,
        title_en=entry.title.en,
        owners=entry.owners,
        may_report=() if rule.kind == "umbrella" else tuple(dict.fromkeys((*entry.owners, *entry.may_report))),
        joint=isinstance(rule, OccasionsEntry) and _joint(rule),
        themes=tuple(dict.fromkeys(themes_of(rule))),
        audiences=entry.audiences,
        kinds=kinds,
        quantities=quantities_of(rule),
        visibility=entry.visibility.value if entry.visibility else "public",
        valid_from=validity.first,
        valid_to=validity.last,
    )


def themes_of(rule: RuleEntry) -> Iterator[str]:
    """Every theme a rule knows."""
    if isinstance(rule, OccasionsEntry):
        for slot in rule.slots:
            yield from slot.themes.value
    elif rule.kind == "cadence" and rule.each_of:
        yield from rule.each_of.value


def quantities_of(rule: RuleEntry) -> tuple[str, ...]:
    """What a coverage counts and what it is measured against."""
    return (rule.quantity.value, rule.baseline.value) if rule.kind == "coverage" else ()


def _joint(rule: OccasionsEntry) -> bool:
    return rule.taking_part is not None and len(rule.taking_part.value) > 1
