"""A standing and a report as JSON: what is stored, compared and rendered."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from contracts.activities import ActivityState
from pydantic_core import from_json

from promises.domain.evidence import Report
from promises.domain.missing import Missing, missing_of
from promises.domain.obligation import Obligation
from promises.domain.standing import SlotStanding, Standing

View = dict[str, Any]
SHOWN = (
    "organisation",
    "source",
    "reference",
    "status",
    "kind",
    "themes",
    "audiences",
    "special_effort",
    "quantities",
    "unit",
    "occasion_key",
    "period",
    "confirmed_by",
    "visibility",
    "public_from",
    "title",
    "performed_by",
    "occurred_at",
    "ended_at",
)


JUDGED = {
    "organisation",
    "status",
    "themes",
    "audiences",
    "kind",
    "special_effort",
    "quantities",
    "unit",
    "period",
    "confirmed_by",
    "visibility",
}
NOT_JUDGED = [name for name in ActivityState.model_fields if name not in JUDGED]
"""What of an activity no rule asks for; reading it costs more than judging does.

The key of an occasion is read beside the rest: without it, what reports say is much alike.
"""


def report(row: Any) -> Report:  # noqa: ANN401 - a row of `evidence`
    """A row of evidence as the domain reads it; `own` is whether it is a row of the obligation that asks."""
    return Report(
        activity_id=str(row["activity_id"]),
        revision=row["revision"],
        counted_on=row["counted_on"],
        recorded_at=row["recorded_at"],
        released=row["state"] == "released",
        own=row["own"],
        occasion_key=row["occasion_key"],
        **_judged(row["facts"]),
    )


@lru_cache(maxsize=4096)
def _judged(facts: str) -> dict[str, Any]:
    """What alike reports say is read once."""
    kept = from_json(facts)
    return {
        "organisation": kept["organisation"],
        "status": kept["status"],
        "taking_part": _words(kept["organisation"], *kept.get("confirmed_by", ())),
        "themes": _words(*kept.get("themes", ())),
        "audiences": _words(*kept.get("audiences", ())),
        "kinds": _words(*filter(None, (kept.get("kind"),))),
        "special_effort": kept.get("special_effort", False),
        "quantities": tuple(sorted(kept.get("quantities", {}).items())),
        "unit": kept.get("unit"),
        "period": kept.get("period"),
        "count_only": kept.get("visibility") == "count_only",
    }


@lru_cache(maxsize=4096)
def _words(*said: str) -> frozenset[str]:
    """Of alike sets one is kept: they take less room, and are soon seen to be the same."""
    return frozenset(said)


def child(row: Any) -> View:  # noqa: ANN401 - a row of `standing`
    """What an umbrella shows of a child."""
    kept = json.loads(row["standing"])
    shown = ("period", "phase", "verdict", "pace", "at_risk", "overdue", "counted", "need")
    return {"obligation": row["obligation"]} | {name: kept[name] for name in shown}


def standing(_: Obligation, found: Standing, children: Sequence[View] = ()) -> str:
    """A standing as canonical JSON, with the text it was judged by; `wake_at` is a column beside it."""
    tally, version = found.tally, found.obligation
    body = {
        "version": version.version_of(found.period).isoformat(),
        "title_sv": version.title.sv,
        "title_en": version.title.en,
        "quote": version.quote,
        "period": found.period.id,
        "first_day": found.period.window.first.isoformat(),
        "last_day": found.period.window.last.isoformat(),
        "phase": found.phase,
        "verdict": found.verdict,
        "pace": found.pace,
        "at_risk": found.at_risk,
        "overdue": found.overdue,
        "counted": tally.counted,
        "need": tally.need,
        "progress": f"{tally.progress[0]}/{tally.progress[1]}",
        "needs_assessment": tally.stray,
        "partner_missing": tally.partner_missing,
        "slots": [_slot(slot) for slot in found.slots],
        "by_unit": tally.by_unit,
        "possible_duplicates": [day.isoformat() for day in tally.possible_duplicates],
        "disagreements": [{"day": day.isoformat(), "facts": list(facts)} for day, facts in tally.disagreements],
        "missing": [] if found.holds_back else [_missing(item) for item in missing_of(version, tally)],
        "reasons": [{"code": reason.code, "parameters": reason.parameters} for reason in found.reasons],
        "next_date": found.next_date.isoformat() if found.next_date else None,
    }
    shown = {"children": list(children)} if children else {}
    return json.dumps(body | shown, sort_keys=True, ensure_ascii=False)


def _missing(item: Missing) -> View:
    return {
        "code": item.code,
        "of": item.of,
        "count": item.count,
        "need": item.need,
        "themes": list(item.themes),
        "sv": item.text.sv,
        "en": item.text.en,
    }


def _slot(slot: SlotStanding) -> dict[str, Any]:
    need = slot.need
    return {
        "slot": need.id,
        "name_sv": need.name.sv,
        "name_en": need.name.en,
        "state": slot.state,
        "first_day": need.window.first.isoformat(),
        "last_day": need.window.last.isoformat(),
        "count": need.count,
        "need": need.need,
        "themes": list(need.themes),
        "awaited": list(need.awaited),
        "reported": list(need.reported),
        "planned": [day.isoformat() for day in need.planned],
    }
