"""Laws of a standing, for obligations and evidence at random: order, repetition, retraction, and time between wakes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from promises.domain.calendar import STOCKHOLM, Period, Window
from promises.domain.evaluate import evaluate_both
from promises.domain.evidence import Baseline, Evidence, Report
from promises.domain.obligation import Obligation
from promises.domain.standing import Standing

from services.promises.tests.driving import POLICE, TOWN
from services.promises.tests.promising import Entry, leaflet, occasions, operators, promised, report, slot

SECOND = timedelta(seconds=1)
KINDS = ("month", "quarter", "tertial", "year", "school_year")
WORDS = ("traffic_rules", "reflector", "lighting")
Told = dict[str, Standing]
chance = st.randoms(use_true_random=False)


def obligation(luck: Random) -> Obligation:
    """Any kind of rule, valid for up to three years."""
    kind, begins = luck.choice(KINDS), date(2026, 1, 1) + timedelta(luck.randrange(200))
    basis = luck.choice((leaflet, operators))
    rule: Entry = luck.choice((_occasions, _cadence, _coverage))(luck, kind)
    number = "percent" if rule["kind"] == "coverage" else "count"
    ends = begins + timedelta(luck.randrange(30, 1095))
    more = {"grace_days": operators(luck.randrange(30)), "visibility": operators(luck.choice(("public", "count_only")))}
    valid = (begins.isoformat(), ends.isoformat())
    return promised(rule | {number: basis(rule[number]["value"])}, period=kind, valid=valid, **more)


def _occasions(luck: Random, kind: str) -> Entry:
    match = luck.choice(("any", "all"))
    autumn = slot("autumn", "09-01", "11-30", "lighting", "reflector", match=match, least=luck.randrange(1, 3))
    seasons = [slot("spring", "03-01", "05-31", "traffic_rules"), autumn]
    slots = {"slots": seasons} if kind == "year" and luck.random() < 0.7 else {}
    joint = {"taking_part": leaflet(["police", "municipality"])} if luck.random() < 0.5 else {}
    return occasions(luck.randrange(1, 4), **slots, **joint)


def _cadence(luck: Random, _: str) -> Entry:
    focuses = {"each_of": leaflet(["traffic_rules", "reflector"])} if luck.random() < 0.5 else {}
    return {"kind": "cadence", "count": operators(luck.randrange(1, 3))} | focuses


def _coverage(_: Random, __: str) -> Entry:
    named = {"quantity": leaflet("pupils_offered"), "baseline": operators("pupils_enrolled")}
    return {"kind": "coverage", "percent": leaflet(100)} | named


def period(luck: Random, it: Obligation) -> Period:
    return luck.choice(list(it.periods(it.validity)))


def reports(luck: Random, window: Window) -> list[Report]:
    """Some activities in and about a period, logged up to four months late, some secret, some corrected."""
    found: list[Report] = []
    for _ in range(luck.randrange(6)):
        day = window.first + timedelta(luck.randrange(-10, window.days + 10))
        told = {
            "themes": frozenset(luck.sample(WORDS, luck.randrange(3))),
            "recorded_at": _at(luck, day, 120),
            "status": luck.choice(("done", "done", "planned", "cancelled")),
            "count_only": luck.random() < 0.4,
            "occasion_key": f"{day}/k" if luck.random() < 0.4 else None,
            "confirmed_by": frozenset({TOWN}) if luck.random() < 0.4 else frozenset(),
            "quantities": (("pupils_offered", luck.randrange(1, 60)),),
        }
        first = report(day.isoformat(), luck.choice((POLICE, TOWN)), **told)
        found.append(first)
        if luck.random() < 0.4:
            later = first.recorded_at + timedelta(luck.randrange(90))
            found.append(first._replace(revision=2, status=luck.choice(("done", "retracted")), recorded_at=later))
    return found


def _at(luck: Random, day: date, within: int) -> datetime:
    return datetime.combine(day + timedelta(luck.randrange(within)), time(luck.randrange(24)), UTC)


def told(it: Obligation, when: Period, evidence: Evidence, now: datetime) -> Told:
    """What both audiences are told; the next wake is no part of it."""
    both = evaluate_both(it, when, evidence, now)
    return {audience: replace(standing, wake_at=None) for audience, standing in both.items()}


def scene(luck: Random) -> tuple[Obligation, Period, Evidence, datetime]:
    it = obligation(luck)
    when = period(luck, it)
    known = (Baseline(1, datetime(2026, 1, 1, tzinfo=UTC), luck.randrange(0, 100)),) if luck.random() < 0.7 else ()
    evidence = Evidence(tuple(reports(luck, when.window)), known)
    return it, when, evidence, _at(luck, when.window.first, when.window.days + 200)


@settings(max_examples=150, deadline=None, database=None)
@given(luck=chance)
def test_any_order_and_repetition_of_what_arrives_gives_the_same_standing(luck: Random) -> None:
    it, when, evidence, now = scene(luck)
    again = [*evidence.reports, *(each for each in evidence.reports if luck.random() < 0.5)]
    luck.shuffle(again)
    assert told(it, when, replace(evidence, reports=tuple(again)), now) == told(it, when, evidence, now)


@settings(max_examples=150, deadline=None, database=None)
@given(luck=chance)
def test_a_report_that_was_taken_back_is_as_one_that_never_was(luck: Random) -> None:
    it, when, evidence, _ = scene(luck)
    now = datetime(2030, 6, 1, tzinfo=UTC)
    [extra] = (report(when.window.first.isoformat(), themes=frozenset(WORDS), count_only=luck.random() < 0.5),)
    gone = extra._replace(revision=2, status="retracted", recorded_at=extra.recorded_at + timedelta(1))
    more = replace(evidence, reports=(extra, *evidence.reports, gone))
    assert told(it, when, more, now) == told(it, when, evidence, now)


def dates(it: Obligation, when: Period, evidence: Evidence) -> Iterator[date]:
    """Every day that a rule about dates could mean, whatever the product makes of it."""
    year = when.window.first.year
    slots = [Window(date(year, 3, 1), date(year, 5, 31)), Window(date(year, 9, 1), date(year, 11, 30))]
    spans = [when.window, it.validity, *(slots if when.kind == "year" else ())]
    for span in spans:
        yield from (span.first, span.last, span.first + timedelta(span.days // 2))
        yield from (span.last + timedelta(n) for n in (1, it.grace_days, it.grace_days + 1))
        yield from (span.last - timedelta(n) for n in range(28, 34))
    yield from (date(y, month, 1) for y in (year, year + 1) for month in (1, 5, 9))
    yield from (each.counted_on + timedelta(1) for each in evidence.reports)


def probes(luck: Random, it: Obligation, when: Period, evidence: Evidence) -> list[datetime]:
    midnights = [datetime.combine(day, time(), STOCKHOLM).astimezone(UTC) for day in {*dates(it, when, evidence)}]
    edges = [*midnights, *(each.recorded_at for each in evidence.reports)]
    begins = when.window.first - timedelta(30)
    anywhen = [_at(luck, begins, when.window.days + 400) + SECOND * luck.randrange(3600) for _ in range(50)]
    return sorted({*anywhen, *(edge + n * SECOND for edge in edges for n in (-1, 1))})


@settings(max_examples=200, deadline=None, database=None)
@given(luck=chance)
def test_between_two_wakes_nothing_changes(luck: Random) -> None:
    """Walks the instants; a standing may differ from the one before only once its wake has come."""
    it, when, evidence, _ = scene(luck)
    known: dict[str, Standing] = {}
    for now in probes(luck, it, when, evidence):
        for audience, standing in evaluate_both(it, when, evidence, now).items():
            before = known.get(audience)
            if before is None or (before.wake_at is not None and before.wake_at <= now):
                known[audience] = standing
                continue
            assert standing == before, f"{audience} at {now}, to sleep until {before.wake_at}"
