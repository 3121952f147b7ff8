"""Standings and evidence as the API shows them: verbatim quote, where each parameter comes from, sentences."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from contracts.model import rfc3339

from promises import document
from promises.domain.calendar import local_day
from promises.domain.evidence import latest
from promises.domain.reasons import Reason, sentence
from promises.domain.visibility import Audience, seen_by

View = dict[str, Any]


def promise(entry: View, standings: Mapping[str, Sequence[View]]) -> View:
    """A promise of the catalogue with the standings of its obligations, by obligation id."""
    return {
        "promise": entry["id"],
        "heading": entry["heading"],
        "quote": entry["quote"],
        "valid_from": entry["validity"]["from"],
        "valid_to": entry["validity"]["to"],
        "obligations": [obligation(each, standings.get(each["id"], ())) for each in entry["obligations"]],
    }


def obligation(entry: View, standings: Sequence[View]) -> View:
    """An obligation with its rule as the catalogue gives it, every parameter with its basis."""
    number = entry["rule"].get("count") or entry["rule"].get("percent") or {"basis": "operator"}
    return {
        "obligation": entry["id"],
        "title_sv": entry["title"]["sv"],
        "title_en": entry["title"]["en"],
        "basis": number["basis"],
        "owners": entry["owners"],
        "rule": entry["rule"] | {"period": entry["period"], "grace_days": entry["grace_days"]},
        "standings": list(standings),
    }


def standing(row: Any, now: datetime) -> View:  # noqa: ANN401 - a row of `standing`
    """A standing with its reasons as sentences; only here "in 14 working days" is counted."""
    kept: View = json.loads(row["standing"])
    reasons = [Reason(each["code"], each["parameters"]) for each in kept["reasons"]]
    today = local_day(now)
    return kept | {
        "revision": row["revision"],
        "changed_at": rfc3339(row["changed_at"]),
        "reasons": [
            {
                "code": reason.code,
                "parameters": reason.parameters,
                "sv": sentence(reason, "sv", today),
                "en": sentence(reason, "en", today),
            }
            for reason in reasons
        ],
    }


def evidence(rows: Sequence[Any], audience: Audience, now: datetime) -> list[View]:
    """The reports that rule, in the order of their days; a secret one shows the public that it counts, no more."""
    by_revision = {(str(row["activity_id"]), row["revision"], row["counted_on"]): row for row in rows}
    ruling = latest(seen_by(audience, [document.report(row) for row in rows], now))
    shown = []
    for report in sorted(ruling, key=lambda each: (each.counted_on, each.activity_id)):
        row = by_revision[report.activity_id, report.revision, report.counted_on]
        shown.append(_report(row, json.loads(row["facts"]), audience, local_day(now)))
    return shown


def _report(row: Any, facts: View, audience: Audience, today: date) -> View:  # noqa: ANN401 - a row of `evidence`
    held = facts.get("visibility") == "count_only" or facts.get("public_from", "") > today.isoformat()
    if audience == "public" and held:
        return {"details": "withheld"}
    about: View = {"activity_id": str(row["activity_id"]), "revision": row["revision"]}
    return about | facts | {"counted_on": row["counted_on"].isoformat(), "recorded_at": rfc3339(row["recorded_at"])}
