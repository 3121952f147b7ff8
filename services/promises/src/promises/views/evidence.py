"""Reports as the API shows them: what rules, and to the public no more of a secret one than that it counts."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from contracts.model import rfc3339

from promises import document
from promises.domain.calendar import local_day
from promises.domain.confirmations import Unconfirmed
from promises.domain.evidence import Report, latest
from promises.domain.visibility import Audience, seen_by
from promises.views import View


def evidence(rows: Sequence[Any], audience: Audience, now: datetime) -> list[tuple[str, View]]:
    """The reports that rule, each with its place; a secret one shows the public that it counts, no more.

    Those withheld come last: a place among the days would tell theirs.
    """
    by_revision = {(str(row["activity_id"]), row["revision"], row["counted_on"]): row for row in rows}
    ruling = latest(seen_by(audience, [document.report(row) for row in rows], now))
    withheld = _withheld(rows, ruling, local_day(now)) if audience == "public" else frozenset[str]()
    shown = [
        (f"{report.counted_on}/{report.activity_id}", as_reported(by_revision[_revision(report)]))
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


def as_reported(row: Any) -> View:  # noqa: ANN401 - a row of `evidence`
    """A revision with all its details, whoever may see them."""
    about: View = {"activity_id": str(row["activity_id"]), "revision": row["revision"]}
    kept: View = json.loads(row["facts"])
    facts = {name: kept[name] for name in document.SHOWN if name in kept}
    return about | facts | {"counted_on": row["counted_on"].isoformat(), "recorded_at": rfc3339(row["recorded_at"])}


def unconfirmed(found: Unconfirmed) -> View:
    """An occasion that waits for a partner, with the reports to confirm."""
    return {
        "obligation": found.obligation.id,
        "title_sv": found.obligation.title.sv,
        "title_en": found.obligation.title.en,
        "period": found.period,
        "day": found.day.isoformat(),
        "reported": list(found.reported),
        "awaited": list(found.awaited),
        "reports": [
            {
                "activity_id": report.activity_id,
                "organisation": report.organisation,
                "occasion_key": report.occasion_key,
                "recorded_at": rfc3339(report.recorded_at),
            }
            for report in found.reports
        ],
    }
