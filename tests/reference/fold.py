"""The standings by the domain's own words: a slow, plain fold to compare the product with, sharing no code with it.

Numbers in brackets are settled readings. `standings` is the one door; everything is dicts, as read from YAML and JSON.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from tests.reference.calendar import Days, alarm, all_periods, local, next_tertial, window_in

Dict = dict[str, Any]
Key = tuple[str, str, str]
REASONS = {"no_baseline", "part_of_period", "grace", "needs_assessment", "operators_number"}


class Happened(NamedTuple):
    """One occasion, merged of the done reports about it (12)."""

    day: date
    obligations: set[str]
    themes: set[str]
    audiences: set[str]
    kinds: set[str]
    special: bool
    by: set[str]
    cohort: str | None
    reports: list[Dict]


class Version(NamedTuple):
    """An obligation as it is promised for a time."""

    valid: Days
    said: Dict
    rule: Dict


class Asked(NamedTuple):
    """An obligation in a period: all its versions, the one that rules and the promised days of the period (15)."""

    versions: list[Version]
    ruling: Version
    period: Days
    span: Days
    kinds: dict[str, str]

    @property
    def whole(self) -> bool:
        return self.span[1:] == self.period[1:]

    def cohort(self, each: Happened) -> bool:
        """A coverage report names its period, the day being the default (8)."""
        return each.cohort == self.period.name if each.cohort else self.period.holds(each.day)

    def own(self, each: Happened) -> Version | None:
        """The version by which an activity is matched: that of its cohort, or of its day (8, 15)."""
        if each.cohort == self.period.name:
            return self.ruling
        return next((version for version in self.versions if version.valid.holds(each.day)), None)


class Need(NamedTuple):
    """A slot, focus or the total: how many are asked for, how many there are, and `unseen` themes of a slot of all."""

    name: str
    asked: int
    found: int
    window: Days
    unseen: frozenset[str] = frozenset()

    @property
    def lacks(self) -> int:
        return max(bool(self.unseen), self.asked - self.found)

    def state(self, today: date, grace: timedelta, *, leaflet: bool) -> str:
        """(1, 7): under an operator's rule nothing is overdue or missed, nor where nothing was promised."""
        if not self.lacks or not self.window.some:
            return "closed" if self.lacks else "met"
        state = _phase(today, self.window, grace, cut=False)
        late = {"in_grace": "overdue", "closed": "missed"} if leaflet else {"in_grace": "closed"}
        return late.get(state, state)


class Tally(NamedTuple):
    """What there is in a period; `stray` are counted and fill no slot (5), `waiting` lack a partner (11)."""

    counted: int
    needs: list[Need]
    progress: Fraction | None
    stray: int = 0
    waiting: int = 0

    @property
    def met(self) -> bool:
        return bool(self.needs) and not any(need.lacks for need in self.needs)

    @property
    def told(self) -> list[Need]:
        """(19): the slots speak; the total only where it asks for more than they do, or there are none."""
        parts = sum(need.asked for need in self.needs if need.name != "total")
        return [need for need in self.needs if need.name != "total" or need.asked > parts]


def standings(catalogue: Dict, events: Iterable[Dict], baselines: Iterable[Dict], now: datetime) -> dict[Key, Dict]:
    """Every standing of a municipality at a moment, by (obligation, period id, "internal" | "public").

    `catalogue` is the YAML file as a dict, its `organisations` replaced by {organisation: kind}. `events` and
    `baselines` are JSON dicts without what is None: every revision, in any order, repeated. `counted` are whole
    occasions, or pupils; `progress` is None without a denominator; `missing` is {part or "total": how many lack},
    `slots` {slot or focus: (state, count, need)}, `reasons` those of `REASONS` that hold.
    """
    here = catalogue["municipality"]
    told, measured = ([each for each in some if each["municipality"] == here] for some in (events, baselines))
    seen = {audience: occasions(rulings(told, audience, now)) for audience in ("internal", "public")}
    found = {}
    for name, versions in promised(catalogue).items():
        for asked in _periods(versions, catalogue["organisations"]):
            bases = [each for each in measured if (each["obligation"], each["period"]) == (name, asked.period.name)]
            base = max(bases, key=lambda each: each["revision"], default=None)
            for audience, every in seen.items():
                tally = _tally(asked, [each for each in every if name in each.obligations], base)
                found[name, asked.period.name, audience] = _judge(asked, tally, local(now), public=audience == "public")
    return found


def promised(catalogue: Dict) -> dict[str, list[Version]]:
    """Every obligation's versions, oldest first (15)."""
    found: dict[str, list[Version]] = {}
    for promise in catalogue["promises"]:
        for said in promise["obligations"]:
            valid = said.get("validity", promise["validity"])
            days = Days("", *(date.fromisoformat(str(valid[end])) for end in ("from", "to")))
            found.setdefault(said["id"], []).append(Version(days, said, said["rule"]))
    return {name: sorted(versions, key=lambda each: each.valid.first) for name, versions in found.items()}


def _periods(versions: list[Version], kinds: dict[str, str]) -> Iterator[Asked]:
    """Each period once: the version of its first promised day rules it (10, 15)."""
    done = set()
    for version in versions:
        length = version.said["period"]
        for period in all_periods(length["value"], length.get("first_day", ""), version.valid):
            if period.name not in done:
                cover = [each for each in (version.valid.within(period) for version in versions) if each.some]
                yield Asked(versions, version, period, Days("", cover[0].first, cover[-1].last), kinds)
            done.add(period.name)


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
            together.setdefault(report.get("occasion_key") or report["activity_id"], []).append(report)
    return [_merged(each, each[0].get("occasion_key")) for each in together.values()]


def _merged(reports: list[Dict], key: str | None) -> Happened:
    return Happened(
        day=date.fromisoformat(key[:10]) if key else local(reports[0]["occurred_at"]),
        obligations={word for each in reports for word in each["obligations"]},
        themes={word for each in reports for word in each["themes"]},
        audiences={word for each in reports for word in each["audiences"]},
        kinds={each["kind"] for each in reports if each.get("kind")},
        special=any(each["special_effort"] for each in reports),
        by={who for each in reports for who in (each["organisation"], *each["confirmed_by"])},
        cohort=next((each["period"] for each in reports if each.get("period")), None),
        reports=reports,
    )


def _tally(asked: Asked, seen: list[Happened], base: Dict | None) -> Tally:
    rule = asked.ruling.rule
    if rule["kind"] == "umbrella":
        return Tally(0, [], None)
    counts = [each for each in seen if _counts(asked, each)]
    if rule["kind"] == "coverage":
        return _covered(asked, [each for each in counts if asked.cohort(each)], base)
    inside = [each for each in counts if asked.period.holds(each.day)]
    whole = [each for each in inside if _counts(asked, each, together=True)]
    needs = list(_needs(asked, whole))
    slots, focuses = rule.get("slots", []), _value(rule, "each_of", [])
    free = [each for each in whole if not (each.themes & {*focuses} or any(_fills(asked, one, each) for one in slots))]
    return Tally(len(whole), needs, _progress(needs), len(free) if slots or focuses else 0, len(inside) - len(whole))


def _judge(asked: Asked, tally: Tally, today: date, *, public: bool) -> Dict:
    said, rule = asked.ruling.said, asked.ruling.rule
    grace = timedelta(said["grace_days"]["value"])
    phase = _phase(today, asked.span, grace, cut=asked.span.last < asked.period.last)
    if rule["kind"] == "umbrella":
        return {"phase": phase, "verdict": None, "pace": None}
    leaflet = rule["percent" if rule["kind"] == "coverage" else "count"]["basis"] == "leaflet"
    verdict = _verdict(asked, tally, phase)
    hidden = public and phase == "open" and said.get("visibility", {}).get("value") == "count_only"
    lacking = [need for need in tally.told if need.lacks and need.window.some]
    late = any(need.window.last < today for need in lacking)
    near = any(need.window.holds(today) and alarm(need.window) <= today for need in lacking)
    parts = [need for need in tally.needs if need.name != "total"]
    reasons = {
        "no_baseline": not tally.needs and phase != "not_started",
        "part_of_period": leaflet and bool(tally.needs) and verdict == "cannot_be_assessed",
        "grace": phase == "in_grace" and not tally.met,
        "needs_assessment": tally.stray > 0,
        "operators_number": not leaflet,
    }
    return {
        "phase": phase,
        "verdict": verdict if leaflet else None,
        "pace": None if leaflet or hidden else _pace(tally, phase),
        "at_risk": not hidden and (near or (phase == "open" and late)),
        "overdue": leaflet and verdict is None and asked.whole and late,
        "counted": tally.counted,
        "progress": tally.progress,
        "missing": {need.name: need.lacks for need in tally.told if need.lacks and not hidden},
        "slots": {part.name: (part.state(today, grace, leaflet=leaflet), part.found, part.asked) for part in parts},
        "needs_assessment": tally.stray,
        "partner_missing": tally.waiting,
        "reasons": {code for code, holds in reasons.items() if holds},
    }


def _phase(today: date, span: Days, grace: timedelta, *, cut: bool) -> str:
    """(1, 16)."""
    if today < span.first:
        return "not_started"
    if today <= span.last + grace:
        return "open" if today <= span.last else "in_grace"
    return "expired" if cut else "closed"


def _verdict(asked: Asked, tally: Tally, phase: str) -> str | None:
    """(2, 8, 16)."""
    ended = phase in {"closed", "expired"}
    if tally.met:
        return "fulfilled"
    if ended and asked.whole and tally.needs:
        return "partially_fulfilled" if tally.counted else "not_fulfilled"
    return "cannot_be_assessed" if ended or not (tally.needs or phase == "not_started") else None


def _pace(tally: Tally, phase: str) -> str | None:
    """(7)."""
    said = "on_pace" if tally.met else "sparse" if tally.counted else "no_logged_activity"
    return said if tally.met or phase in {"closed", "expired"} else None


def _counts(asked: Asked, each: Happened, *, together: bool = False) -> bool:
    """(10, 13): what the version of its day asks of every occasion, an owner behind it or `together` all kinds (11)."""
    version = asked.own(each)
    if version is None or not (owners := each.by & set(version.said["owners"])):
        return False
    if together:
        return set(_value(version.rule, "taking_part", [])) <= {asked.kinds[who] for who in owners}
    wanted, kinds = (set(_value(version.rule, name, [])) for name in ("audiences", "kinds"))
    every = _value(version.rule, "audience_match", "any") == "all"
    aimed = wanted <= each.audiences if every else not wanted or wanted & each.audiences
    special = each.special or not _value(version.rule, "special_effort", False)
    return bool(aimed and (kinds & each.kinds or not kinds) and special)


def _needs(asked: Asked, whole: list[Happened]) -> Iterator[Need]:
    """Semantics 3: slots or focuses, and the total where the rule is about one (5)."""
    rule = asked.ruling.rule
    for focus in _value(rule, "each_of", []):
        yield Need(focus, rule["count"]["value"], sum(focus in each.themes for each in whole), asked.span)
    for slot in rule.get("slots", []):
        window = window_in(asked.period, slot["window"]).within(asked.span)
        fill = [each for each in whole if _fills(asked, slot, each)]
        every = _value(slot, "themes", []) if _value(slot, "match", "any") == "all" else []
        unseen = frozenset(every).difference(*(each.themes for each in fill))
        yield Need(slot["id"], slot["count"]["value"], len(fill), window, unseen)
    if not _value(rule, "each_of", []):
        yield Need("total", rule["count"]["value"], len(whole), asked.span)


def _fills(asked: Asked, slot: Dict, each: Happened) -> bool:
    """The window is that of the period's version, the themes those of the occasion's own (15)."""
    slots = [*own.rule.get("slots", []), slot] if (own := asked.own(each)) else [slot]
    wanted = set(_value(next(said for said in slots if said["id"] == slot["id"]), "themes", []))
    return window_in(asked.period, slot["window"]).holds(each.day) and (not wanted or bool(wanted & each.themes))


def _progress(needs: list[Need]) -> Fraction:
    """(9): the least of the parts' and the total's, each capped at its need."""
    shares = ([each for each in needs if (each.name == "total") is whole] for whole in (False, True))
    return min(Fraction(sum(n.asked - n.lacks for n in some), sum(n.asked for n in some)) for some in shares if some)


def _covered(asked: Asked, reports: list[Happened], base: Dict | None) -> Tally:
    """(8): least of offered and enrolled by unit; zero counts as none; 541 of 542 is not all (semantics 11)."""
    rule = asked.ruling.rule
    offered: Counter[str | None] = Counter()
    for each in reports:
        told = (report["quantities"].get(rule["quantity"]["value"], 0) for report in each.reports)
        offered[each.reports[0].get("unit")] += max(told)
    if base is None or not base["total"]:
        return Tally(offered.total(), [], None)
    covered = sum(min(n, base["units"].get(unit, 0)) if base["units"] else n for unit, n in offered.items())
    least = -(-base["total"] * rule["percent"]["value"] // 100)
    return Tally(covered, [Need("total", least, covered, asked.span)], Fraction(min(covered, least), least))


def _value(of: Dict, name: str, default: object) -> Any:  # noqa: ANN401
    return of[name]["value"] if name in of else default
