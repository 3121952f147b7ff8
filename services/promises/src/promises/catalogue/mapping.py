"""From a checked catalogue to what is stored and judged."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from contracts.model import YEARS

from promises.catalogue.check import printed
from promises.catalogue.model import Catalogue, ObligationEntry, Organisations, PromiseEntry
from promises.domain.calendar import MonthDay, Window
from promises.domain.label import Label
from promises.domain.obligation import Obligation, Owner
from promises.domain.parameters import set_by_operator, value

FAR = date(YEARS[-1], 12, 31)
"""A catalogue of 0.1.0 may hold a later day: what it promises is followed up until this one."""
GENERAL = {
    "validity": Label("giltighetstiden", "the validity"),
    "period": Label("perioden", "the period"),
    "grace_days": Label("tiden för sen rapportering", "the time for late reports"),
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
        """The umbrellas that show a child, in whichever of their versions."""
        return [
            name
            for name, each in self.obligations.items()
            if any(child in version.rule.shows for version in each.versions or (each,))
        ]


def promised(stored: dict[str, Any]) -> Promised:
    """A stored revision as it is judged; the versions of an obligation are one, in the order of their validities."""
    versions: dict[str, list[Obligation]] = defaultdict(list)
    for each in _obligations(stored):
        versions[each.id].append(each)
    return Promised(stored["catalogue"]["name"], {name: _joined(found) for name, found in versions.items()})


def _joined(versions: Sequence[Obligation]) -> Obligation:
    if len(versions) == 1:
        return versions[0]
    ordered = tuple(sorted(versions, key=lambda each: each.validity.first))
    validity = Window(ordered[0].validity.first, ordered[-1].validity.last)
    return replace(ordered[-1], validity=validity, versions=ordered)


def _obligations(stored: dict[str, Any]) -> Iterator[Obligation]:
    catalogue = Catalogue.model_validate(stored["catalogue"])
    organisations = Organisations.model_validate({"organisations": stored["organisations"]}).organisations
    owners = {entry.id: Owner(entry.id, entry.kind, entry.name) for entry in organisations}
    for promise in catalogue.promises:
        for entry in promise.obligations:
            yield _obligation(catalogue, promise, entry, owners)


def _obligation(
    catalogue: Catalogue, promise: PromiseEntry, entry: ObligationEntry, owners: dict[str, Owner]
) -> Obligation:
    validity = entry.validity or promise.validity
    general = {"validity": validity.basis, "period": entry.period.basis, "grace_days": entry.grace_days.basis}
    set_here = (GENERAL[name] for name, basis in general.items() if basis == "operator")
    first_day = entry.period.first_day
    return Obligation(
        municipality=catalogue.municipality,
        id=entry.id,
        promise=promise.id,
        title=entry.title,
        quote=printed(promise.quote),
        owners=tuple(owners[name] for name in entry.owners),
        validity=Window(validity.first, min(validity.last, FAR)),
        period_kind=entry.period.value,
        grace_days=entry.grace_days.value,
        rule=entry.rule,
        words=catalogue.vocabulary,
        operator_parameters=(*set_here, *set_by_operator(entry.rule)),
        year_starts=MonthDay.read(first_day) if first_day else None,
        count_only=value(entry.visibility, "public") == "count_only",
    )
