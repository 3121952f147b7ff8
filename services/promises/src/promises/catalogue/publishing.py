"""What reporters learn of each promise: who may report, and with which words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from contracts.promises import PromisePublished, PublishedObligation

from promises.catalogue.check import printed
from promises.catalogue.model import Catalogue, ObligationEntry, PromiseEntry, Validity
from promises.domain.parameters import names, value


def published(catalogue: Catalogue, revision: int) -> Iterator[PromisePublished]:
    """What reporters learn of each promise.

    One that stands in several versions is published once, in its last wording and with the words and organisations of
    all: what is reported for a day is judged by that day's version.
    """
    versions: dict[str, list[PromiseEntry]] = defaultdict(list)
    for promise in sorted(catalogue.promises, key=lambda each: each.validity.first):
        versions[promise.id].append(promise)
    for name in dict.fromkeys(promise.id for promise in catalogue.promises):
        first, last = versions[name][0], versions[name][-1]
        yield PromisePublished(
            municipality=catalogue.municipality,
            municipality_name=catalogue.name,
            promise=name,
            revision=revision,
            heading=last.heading,
            quote=printed(last.quote),
            valid_from=first.validity.first,
            valid_to=last.validity.last,
            obligations=tuple(_obligations(versions[name])),
            catalogue_revision=revision,
        )


def _obligations(versions: Sequence[PromiseEntry]) -> Iterator[PublishedObligation]:
    entries: dict[str, list[ObligationEntry]] = defaultdict(list)
    validities: dict[str, list[Validity]] = defaultdict(list)
    for promise in versions:
        for entry in promise.obligations:
            entries[entry.id].append(entry)
            validities[entry.id].append(entry.validity or promise.validity)
    yield from (_published(entries[name], validities[name]) for name in entries)


def _published(versions: Sequence[ObligationEntry], validities: Sequence[Validity]) -> PublishedObligation:
    last = versions[-1]
    rules = [entry.rule for entry in versions if not entry.rule.shows]
    reporters = [slug for entry in versions if not entry.rule.shows for slug in (*entry.owners, *entry.may_report)]
    aimed_at = [*(word for entry in versions for word in entry.audiences), *_all(names(r, "audience") for r in rules)]
    return PublishedObligation(
        id=last.id,
        title_sv=last.title.sv,
        title_en=last.title.en,
        owners=_all(entry.owners for entry in versions),
        may_report=_all([reporters]),
        joint=any(len(rule.asked.partners) > 1 for rule in rules),
        themes=_all(names(rule, "theme") for rule in rules),
        audiences=_all([aimed_at]),
        kinds=_all(names(rule, "kind") for rule in rules),
        quantities=_all(names(rule, "quantity") for rule in rules),
        visibility=value(last.visibility, "public"),
        valid_from=validities[0].first,
        valid_to=validities[-1].last,
    )


def _all(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Each word once, in the order in which they come."""
    return tuple(dict.fromkeys(word for words in lists for word in words))
