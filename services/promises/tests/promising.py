"""Obligations made of catalogue entries, what was reported of them, and how they stand: tests show only what matters.

Everything goes through the catalogue's own schema, so what a test promises a municipality could promise.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from promises import document, views
from promises.catalogue import mapping
from promises.domain.calendar import STOCKHOLM, Period, Window
from promises.domain.evaluate import evaluate
from promises.domain.evidence import Baseline, Evidence, Report
from promises.domain.obligation import Obligation
from promises.domain.visibility import Audience

from services.promises.tests.driving import POLICE, TOWN

Entry = dict[str, Any]
WORDS = ("lighting", "reflector", "traffic_rules", "prevention", "early_detection", "tuned_moped", "a_tractor")
_numbers = count(1)


def leaflet(value: object) -> Entry:
    """A parameter that is printed."""
    return {"value": value, "basis": "leaflet"}


def operators(value: object) -> Entry:
    """A parameter that those who follow up have set."""
    return {"value": value, "basis": "operator"}


def occasions(least: int, **more: object) -> Entry:
    """At least so many occasions, as the leaflet says."""
    return {"kind": "occasions", "count": leaflet(least)} | more


def slot(name: str, first: str, last: str, *themes: str, least: int = 1, match: str = "any") -> Entry:
    """A season with its dates and themes."""
    return {
        "id": name,
        "name": {"sv": f"{name}s insats", "en": f"the {name} operation"},
        "count": leaflet(least),
        "window": {"from": first, "to": last, "basis": "operator"},
        "themes": leaflet(themes),
        "match": operators(match),
    }


def version(
    rule: Entry,
    *,
    period: str | Entry = "year",
    valid: tuple[str, str] = ("2026-01-01", "2026-12-31"),
    owners: Sequence[str] = (POLICE, TOWN),
    **more: object,
) -> Entry:
    """A promise with one obligation, as it stands in a catalogue."""
    kind = operators(period) if isinstance(period, str) else operators("custom_year") | period
    entry = {"id": "it", "title": {"sv": "det", "en": "it"}, "owners": owners, "period": kind, "rule": rule}
    return {
        "id": "promise",
        "heading": "Löfte",
        "quote": "Vi lovar.",
        "validity": {"from": valid[0], "to": valid[1], "basis": "operator"},
        "obligations": [entry | {"grace_days": operators(14)} | more],
    }


def stored(*versions: Entry) -> Entry:
    """A catalogue's revision as it is kept."""
    head = {"municipality": "2480", "name": "Umeå", "organisations": "organisations.yaml"}
    kinds = {POLICE: "police", TOWN: "municipality"}
    return {
        "catalogue": head
        | {
            "leaflet": {"file": "leaflet.txt", "sha256": "0" * 64},
            "vocabulary": {word: {"sv": word, "en": word} for word in WORDS},
            "promises": list(versions),
        },
        "organisations": [{"id": i, "kind": kind, "name": {"sv": i, "en": i}} for i, kind in kinds.items()],
    }


def promised(rule: Entry, **more: Any) -> Obligation:  # noqa: ANN401
    """The obligation of a catalogue that promises this alone."""
    return in_versions(version(rule, **more))


def in_versions(*versions: Entry) -> Obligation:
    """The obligation of a catalogue that promises it in versions."""
    return mapping.promised(stored(*versions)).obligations["it"]


def report(day: str, organisation: str = POLICE, **changes: Any) -> Report:  # noqa: ANN401
    """A done special operation, logged at noon on its day."""
    counted = date.fromisoformat(day)
    values: Entry = {
        "activity_id": f"a{next(_numbers)}",
        "revision": 1,
        "organisation": organisation,
        "status": "done",
        "counted_on": counted,
        "recorded_at": datetime.combine(counted, time(12), UTC),
        "special_effort": True,
    }
    return revision(**(values | changes))


def revision(
    organisation: str,
    confirmed_by: Iterable[str] = (),
    kind: str | None = None,
    **told: Any,  # noqa: ANN401
) -> Report:
    """A revision as an organisation reported it and others confirmed it; it says no more than is told."""
    nothing = frozenset[str]()
    values: Entry = {
        "organisation": organisation,
        "taking_part": frozenset({organisation, *confirmed_by}),
        "kinds": frozenset({kind} if kind else ()),
        "quantities": (),
    }
    values |= dict.fromkeys(("themes", "audiences"), nothing) | dict.fromkeys(("unit", "period", "occasion_key"))
    values |= dict.fromkeys(("special_effort", "count_only", "released"), False)
    return Report(**(values | told))


def moment(text: str) -> datetime:
    """A local time in Sweden, midnight where only a day is given."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def holding(obligation: Obligation, day: str) -> Period:
    """The obligation's period that holds a day."""
    one = date.fromisoformat(day)
    [period] = obligation.periods(Window(one, one))
    return period


def stand(
    obligation: Obligation,
    now: str,
    *reports: Report,
    on: str | None = None,
    audience: Audience = "internal",
    baselines: Sequence[Baseline] = (),
) -> Entry:
    """The standing as the API shows it at a moment, in the period that holds `on` or else the obligation's first."""
    period = holding(obligation, on or obligation.validity.first.isoformat())
    found = evaluate(obligation, period, Evidence(reports, tuple(baselines)), moment(now), audience)
    row = {"standing": document.standing(obligation, found), "revision": 1, "changed_at": moment(now)}
    shown: Entry = views.standing(row, moment(now))
    assert json.dumps(shown), "what is shown is JSON"
    return shown | {"wake_at": found.wake_at}


def codes(shown: Entry) -> list[str]:
    """The codes of its reasons."""
    return [reason["code"] for reason in shown["reasons"]]


def sentences(shown: Entry, code: str, language: str = "sv") -> list[str]:
    """What is said under a code."""
    return [reason[language] for reason in shown["reasons"] if reason["code"] == code]
