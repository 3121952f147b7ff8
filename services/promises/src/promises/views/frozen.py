"""Frozen reports: what is kept of one, and what it shows.

Details are not kept, only which revision of which activity they came from. Who reads a report is shown those that are
public now, so that what is removed is gone from every revision.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from promises import document
from promises.domain.figures import bucket, enters, figure
from promises.domain.frozen import left
from promises.domain.obligation import Obligation
from promises.domain.reasons import Reason
from promises.domain.sentences import sentence
from promises.domain.standing import Standing
from promises.views import View
from promises.views import evidence as reports
from promises.views import figure as figure_view

STANDING = (
    *("version", "title_sv", "title_en", "quote", "period", "first_day", "last_day", "phase", "verdict", "pace"),
    *("counted", "need", "progress", "needs_assessment", "partner_missing", "missing"),
)
DETAILS = ("counted_on", "status", "organisation", "confirmed_by", "performed_by", "title")
Judged = Sequence[tuple[Obligation, Standing]]
Rows = Sequence[Any]


def kept(name: str, judged: Judged, rows: Sequence[Rows], now: datetime) -> View:
    """What is kept of the report of a period: every word of it but the details; `rows` are each obligation's."""
    return {
        "first_day": min(standing.period.window.first for _, standing in judged).isoformat(),
        "figures": _figures(name, judged),
        "obligations": [_obligation(*each, found, now) for each, found in zip(judged, rows, strict=True)],
    }


def _figures(name: str, judged: Judged) -> list[View]:
    entering = [(obligation, standing) for obligation, standing in judged if enters(obligation, standing.period)]
    kinds = sorted({standing.period.kind for _, standing in entering})
    return [figure_view(name, kind, figure(_placed(entering, kind))) for kind in kinds]


def _placed(entering: Judged, kind: str) -> list[Any]:
    return [
        (obligation.id, bucket(found.phase, found.verdict, overdue=found.overdue))
        for obligation, found in entering
        if found.period.kind == kind
    ]


def _obligation(obligation: Obligation, standing: Standing, rows: Rows, now: datetime) -> View:
    stored = json.loads(document.standing(obligation, standing))
    shown = [view for _, view in reports.evidence(rows, "public", now)]
    named = [_line(view) for view in shown if "activity_id" in view]
    about = {"obligation": obligation.id, "promise": obligation.promise, "period_kind": standing.period.kind}
    return (
        about
        | {each: stored[each] for each in STANDING}
        | {
            "reasons": [_said(reason) for reason in standing.reasons],
            "reports": named,
            "withheld": len(shown) - len(named),
        }
    )


def _said(reason: Reason) -> View:
    return {"code": reason.code, "sv": sentence(reason, "sv"), "en": sentence(reason, "en")}


def _line(view: View) -> View:
    """A report by its name, with the names of the details it had: that one was disposed of is a change too."""
    name = {each: view[each] for each in ("activity_id", "revision", "counted_on")}
    return name | {"details": [each for each in DETAILS if each in view]}


def shown(report: View, rows: Mapping[str, Rows], now: datetime) -> View:
    """A kept report with the details that are public now; `rows` are the evidence of its period by obligation."""
    obligations = []
    for entry in report["obligations"]:
        standing = {name: value for name, value in entry.items() if name not in {"reports", "withheld"}}
        obligations.append(standing | {"evidence": _evidence(entry, rows[entry["obligation"]], now)})
    return {"figures": report["figures"], "obligations": obligations}


def _evidence(entry: View, rows: Rows, now: datetime) -> list[View]:
    """As many as were printed; those without details come last, since a place among the days would tell theirs."""
    public = {view["activity_id"]: view for _, view in reports.evidence(rows, "public", now) if "activity_id" in view}
    then = {(str(row["activity_id"]), row["revision"], row["counted_on"].isoformat()): row for row in rows}
    found = []
    for line in entry["reports"]:
        row = then.get((line["activity_id"], line["revision"], line["counted_on"]))
        if row is not None and line["activity_id"] in public:
            had = reports.as_reported(row)
            printed = {name: had[name] for name in ("activity_id", *DETAILS) if name in had}
            found.append(left(printed, public[line["activity_id"]]))
    hidden = len(entry["reports"]) + entry["withheld"] - len(found)
    return [*found, *({"details": "withheld"} for _ in range(hidden))]
