"""Standings and evidence as the API shows them: verbatim quote, where each parameter comes from, sentences."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from contracts.model import rfc3339

from promises import document
from promises.domain.calendar import local_day
from promises.domain.evidence import Report, latest
from promises.domain.figures import BUCKETS, Figure
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


def promised(promise: View) -> View:
    """The promise an obligation belongs to, as printed."""
    return {"promise": promise["id"], "heading": promise["heading"], "quote": promise["quote"]}


def figure(period: str, kind: str, found: Figure) -> View:
    """The seven buckets beside the figure; no ratio of none, no percentage of fewer than ten."""
    ratio = found.ratio
    return {
        "period": period,
        "period_kind": kind,
        "fulfilled": found.fulfilled,
        "of": found.of,
        "ratio_sv": ratio.sv if ratio else None,
        "ratio_en": ratio.en if ratio else None,
        "percent": found.percent,
        "buckets": [
            {"bucket": each, "sv": label.sv, "en": label.en, "count": len(names), "obligations": list(names)}
            for each, label in BUCKETS.items()
            for names in [found.buckets[each]]
        ],
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


def freshness(feeds: Sequence[Any]) -> list[View]:
    """The last report of each organisation's sources, so that a dead feed is not taken for nothing done."""
    return [
        {"organisation": f["organisation"], "source": f["source"], "last_recorded_at": rfc3339(f["last_recorded_at"])}
        for f in feeds
    ]


def evidence(rows: Sequence[Any], audience: Audience, now: datetime) -> list[tuple[str, View]]:
    """The reports that rule, each with its place; a secret one shows the public that it counts, no more.

    Those withheld come last: a place among the days would tell theirs.
    """
    by_revision = {(str(row["activity_id"]), row["revision"], row["counted_on"]): row for row in rows}
    ruling = latest(seen_by(audience, [document.report(row) for row in rows], now))
    withheld = _withheld(rows, ruling, local_day(now)) if audience == "public" else frozenset[str]()
    shown = [
        (f"{report.counted_on}/{report.activity_id}", _report(by_revision[_revision(report)]))
        for report in ruling
        if report.activity_id not in withheld
    ]
    hidden = range(1, len(ruling) - len(shown) + 1)
    return sorted(shown, key=lambda each: each[0]) + [(f"withheld/{n:09}", {"details": "withheld"}) for n in hidden]


def _revision(report: Report) -> tuple[str, int, date]:
    return report.activity_id, report.revision, report.counted_on


def _withheld(rows: Sequence[Any], ruling: Sequence[Report], today: date) -> frozenset[str]:
    """The activities without details: by their newest revision, published or not, and by those under one key."""
    newest = {str(row["activity_id"]): row for row in sorted(rows, key=lambda row: row["revision"])}
    held = {name for name, row in newest.items() if _held(json.loads(row["facts"]), today)}
    keys = {report.occasion_key for report in ruling if report.activity_id in held} - {None}
    return frozenset(held | {report.activity_id for report in ruling if report.occasion_key in keys})


def _held(facts: View, today: date) -> bool:
    return facts.get("visibility") == "count_only" or facts.get("public_from", "") > today.isoformat()


def _report(row: Any) -> View:  # noqa: ANN401 - a row of `evidence`
    about: View = {"activity_id": str(row["activity_id"]), "revision": row["revision"]}
    kept: View = json.loads(row["facts"])
    facts = {name: kept[name] for name in document.SHOWN if name in kept}
    return about | facts | {"counted_on": row["counted_on"].isoformat(), "recorded_at": rfc3339(row["recorded_at"])}
