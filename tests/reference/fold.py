"""The standings by the domain's own words: a slow, plain fold to compare the product with.

Written from the domain's description alone and sharing no code with the product. Numbers in brackets are its settled
readings. `standings` is the one door; everything is dicts, as read from YAML and JSON.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from tests.reference.calendar import Days, all_periods, local, next_tertial, window_in

Dict = dict[str, Any]
Key = tuple[str, str, str]


class Happened(NamedTuple):
    """One occasion, merged of the done reports about it (12)."""

    day: date
    obligations: set[str]
    themes: set[str]
    audiences: set[str]
    kinds: set[str]
    special: bool
    by: set[str]
    reports: list[Dict]


class Need(NamedTuple):
    """A slot, a focus or the total: how many are asked for and how many there are."""

    name: str
    asked: int
    found: int
    window: Days

    @property
    def lacks(self) -> int:
        return max(0, self.asked - self.found)


def standings(catalogue: Dict, events: Iterable[Dict], baselines: Iterable[Dict], now: datetime) -> dict[Key, Dict]:
    """Every standing of a municipality at a moment, by (obligation, period id, "internal" | "public").

    `catalogue` is the YAML file as a dict, its `organisations` replaced by {organisation: kind}. `events` are activity
    events and `baselines` baseline events as JSON dicts: every revision, in any order, repeated or not.

    A standing holds `phase`, `verdict`, `pace`, `overdue`, `counted` (whole occasions, or pupils for coverage),
    `progress` (a fraction, None without a denominator), `missing` ({slot, focus or "total": how many lack}, 0 left
    out) and `partner_missing` (how many occasions await a partner).
    """
    told = [each for each in events if each["municipality"] == catalogue["municipality"]]
    measured = list(baselines)
    found = {}
    for promise in catalogue["promises"]:
        for obligation in promise["obligations"]:
            valid = obligation.get("validity", promise["validity"])
            span = Days("", _day(valid["from"]), _day(valid["to"]))
            length = obligation["period"]
            for audience in ("internal", "public"):
                seen = occasions(rulings(told, audience, now))
                for period in all_periods(length["value"], length.get("first_day", ""), span.first, span.last):
                    reports = [each for each in seen if obligation["id"] in each.obligations]
                    base = _denominator(measured, obligation["id"], period)
                    found[obligation["id"], period.name, audience] = _judge(
                        catalogue,
                        obligation,
                        span,
                        period,
                        seen=reports,
                        base=base,
                        today=local(now),
                        audience=audience,
                    )
    return found


def rulings(events: Iterable[Dict], audience: str, now: datetime) -> list[Dict]:
    """The revision of each activity that an audience knows of: the highest one it may see by now (14, 22)."""
    highest: dict[str, Dict] = {}
    for event in events:
        shown = event["recorded_at"]
        if audience == "public" and event["visibility"] == "count_only":
            shown = next_tertial(shown).isoformat()
        before = highest.get(event["activity_id"])
        if datetime.fromisoformat(shown) <= now and (before is None or before["revision"] < event["revision"]):
            highest[event["activity_id"]] = event
    return list(highest.values())


def occasions(reports: Iterable[Dict]) -> list[Happened]:
    """What was done, each occasion once: by its key where it has one, else each report by itself (12, 14)."""
    together: dict[str, list[Dict]] = {}
    for report in reports:
        if report["status"] == "done":
            together.setdefault(report["occasion_key"] or report["activity_id"], []).append(report)
    return [_merged(each) for each in together.values()]


def _merged(reports: list[Dict]) -> Happened:
    key = reports[0]["occasion_key"]
    return Happened(
        day=_day(key[:10]) if key else local(reports[0]["occurred_at"]),
        obligations={word for each in reports for word in each["obligations"]},
        themes={word for each in reports for word in each["themes"]},
        audiences={word for each in reports for word in each["audiences"]},
        kinds={each["kind"] for each in reports if each["kind"]},
        special=any(each["special_effort"] for each in reports),
        by={who for each in reports for who in (each["organisation"], *each["confirmed_by"])},
        reports=reports,
    )


def _judge(
    catalogue: Dict,
    obligation: Dict,
    span: Days,
    period: Days,
    *,
    seen: list[Happened],
    base: Dict | None,
    today: date,
    audience: str,
) -> Dict:
    rule, grace = obligation["rule"], timedelta(obligation["grace_days"]["value"])
    first, last = max(period.first, span.first), min(period.last, span.last)
    cut = last < period.last
    phase = _phase(today, first, last, grace, cut=cut)
    if rule["kind"] == "umbrella":
        return {"phase": phase, "verdict": None, "pace": None}
    owned = [each for each in seen if each.by & set(obligation["owners"]) and _fits(rule, each)]
    if rule["kind"] == "coverage":
        inside = [each for each in owned if _cohort(each, period) and span.holds(each.day)]
        counted, needs, partial, waiting = *_covered(rule, inside, base, period), []
    else:
        inside = [each for each in owned if period.holds(each.day) and span.holds(each.day)]
        waiting = [each for each in inside if not _together(catalogue, obligation, each)]
        whole = [each for each in inside if each not in waiting]
        counted, needs = len(whole), list(_needs(rule, whole, period))
        partial = _progress(needs)
    ended = phase in {"closed", "expired"}
    met = bool(needs) and not any(need.lacks for need in needs)
    fully = span.first <= period.first and not cut
    leaflet = rule["percent" if rule["kind"] == "coverage" else "count"]["basis"] == "leaflet"
    none = rule["kind"] == "coverage" and base is None
    verdict = _verdict(met=met, none=none, ended=ended, fully=fully, some=counted > 0, begun=phase != "not_started")
    hidden = audience == "public" and phase == "open" and obligation.get("visibility", {}).get("value") == "count_only"
    pace = None if hidden else _pace(met=met, ended=ended, some=counted > 0)
    late = any(need.lacks and need.window.last < today for need in needs)
    return {
        "phase": phase,
        "verdict": verdict if leaflet else None,
        "pace": None if leaflet else pace,
        "overdue": leaflet and verdict is None and fully and late,
        "counted": counted,
        "progress": partial,
        "missing": {need.name: need.lacks for need in _told(needs) if need.lacks},
        "partner_missing": len(waiting),
    }


def _phase(today: date, first: date, last: date, grace: timedelta, *, cut: bool) -> str:
    """(1, 16)."""
    if today < first:
        return "not_started"
    if today <= last:
        return "open"
    if today <= last + grace:
        return "in_grace"
    return "expired" if cut else "closed"


def _verdict(*, met: bool, none: bool, ended: bool, fully: bool, some: bool, begun: bool) -> str | None:
    """(2, 8, 16)."""
    if met:
        return "fulfilled"
    if none and begun:
        return "cannot_be_assessed"
    if not ended:
        return None
    if not fully:
        return "cannot_be_assessed"
    return "partially_fulfilled" if some else "not_fulfilled"


def _pace(*, met: bool, ended: bool, some: bool) -> str | None:
    """(7)."""
    if met:
        return "on_pace"
    if not ended:
        return None
    return "sparse" if some else "no_logged_activity"


def _fits(rule: Dict, each: Happened) -> bool:
    """(10): what the rule asks of every occasion, whoever took part."""
    asked, kinds = set(_value(rule, "audiences", [])), set(_value(rule, "kinds", []))
    aimed = asked <= each.audiences if _value(rule, "audience_match", "any") == "all" else asked & each.audiences
    special = each.special or not _value(rule, "special_effort", False)
    return bool((aimed or not asked) and (kinds & each.kinds or not kinds) and special)


def _together(catalogue: Dict, obligation: Dict, each: Happened) -> bool:
    """(11): an owner of every kind that the rule asks for took part."""
    present = {catalogue["organisations"][who] for who in each.by & set(obligation["owners"])}
    return set(_value(obligation["rule"], "taking_part", [])) <= present


def _needs(rule: Dict, whole: list[Happened], period: Days) -> Iterator[Need]:
    """Semantics 3: slots or focuses, and the total where the rule is about one (5)."""
    asked = rule["count"]["value"]
    for focus in _value(rule, "each_of", []):
        yield Need(focus, asked, sum(focus in each.themes for each in whole), period)
    for slot in rule.get("slots", []):
        window = window_in(period, slot["window"])
        filled = [each for each in whole if window.holds(each.day) and _on_theme(slot, each)]
        yield Need(slot["id"], slot["count"]["value"], len(filled), window)
    if not _value(rule, "each_of", []):
        yield Need("total", asked, len(whole), period)


def _told(needs: list[Need]) -> Iterator[Need]:
    """(19): the slots speak; the total only where it asks for more than they do, or there are none."""
    parts = sum(need.asked for need in needs if need.name != "total")
    yield from (need for need in needs if need.name != "total" or need.asked > parts)


def _on_theme(slot: Dict, each: Happened) -> bool:
    asked = set(_value(slot, "themes", []))
    if _value(slot, "match", "any") == "all":
        return asked <= each.themes
    return not asked or bool(asked & each.themes)


def _progress(needs: list[Need]) -> Fraction:
    """(9): the least of the parts' and the total's, each capped at its need."""
    parts, total = ([n for n in needs if (n.name == "total") is whole] for whole in (False, True))
    return min(
        Fraction(sum(n.asked - n.lacks for n in some), sum(n.asked for n in some)) for some in (parts, total) if some
    )


def _denominator(baselines: list[Dict], obligation: str, period: Days) -> Dict | None:
    """(8): the highest revision; zero counts as none."""
    mine = [each for each in baselines if each["obligation"] == obligation and each["period"] == period.name]
    top = max(mine, key=lambda each: each["revision"], default=None)
    return top if top and top["total"] else None


def _cohort(each: Happened, period: Days) -> bool:
    named = next((report["period"] for report in each.reports if report["period"]), None)
    return named == period.name if named else period.holds(each.day)


def _covered(
    rule: Dict, reports: list[Happened], base: Dict | None, period: Days
) -> tuple[int, list[Need], Fraction | None]:
    """(8): least of offered and enrolled by unit; 541 of 542 is not all of them (semantics 11)."""
    offered: dict[str | None, int] = {}
    for each in reports:
        largest = max(report["quantities"].get(rule["quantity"]["value"], 0) for report in each.reports)
        unit = each.reports[0]["unit"]
        offered[unit] = offered.get(unit, 0) + largest
    units = base["units"] if base else {}
    covered = sum(min(n, units.get(unit or "", 0)) if units else n for unit, n in offered.items())
    if base is None:
        return covered, [], None
    asked = -(-base["total"] * rule["percent"]["value"] // 100)
    return covered, [Need("total", asked, covered, period)], Fraction(min(covered, asked), asked)


def _value(of: Dict, name: str, default: object) -> Any:  # noqa: ANN401
    return of[name]["value"] if name in of else default


def _day(said: str | date) -> date:
    return said if isinstance(said, date) else date.fromisoformat(said)
