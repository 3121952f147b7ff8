"""What may happen in a municipality, at random: activities and baselines as JSON dicts, by what its catalogue asks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tests.reference.calendar import Days, all_periods, local

Dict = dict[str, Any]


KINDS = st.sampled_from(("campaign", "contact", "safety_walk", None))
AUDIENCES = st.sampled_from(("cyclist", "tuned_moped", "a_tractor"))
AMENDED = (
    *(("themes",), ("kind",), ("special_effort",), ("audiences",), ("quantities", "unit"), ("visibility",)),
    *(("occurred_at", "occasion_key"), ("obligations", "themes", "quantities", "unit", "period")),
)
"""What is corrected together, so that what is said still belongs together."""


def obligations(catalogue: Dict) -> list[Dict]:
    """Those that something can be reported for."""
    every = [each for promise in catalogue["promises"] for each in promise["obligations"]]
    return [each for each in every if each["rule"]["kind"] != "umbrella"]


def covering(catalogue: Dict) -> bool:
    """Whether anything of it is measured against a baseline."""
    return any(each["rule"]["kind"] == "coverage" for each in obligations(catalogue))


@st.composite
def activities(draw: st.DrawFn, catalogue: Dict, near: date) -> Dict:
    """What an organisation may say of one activity, close to a day."""
    every = obligations(catalogue)
    joint = [each for each in every if "taking_part" in each["rule"]]
    about = draw(st.sampled_from(every) | st.sampled_from(joint or every))
    others = [each["id"] for each in every if each["rule"]["kind"] != "coverage"]
    covers = about["rule"]["kind"] == "coverage"
    more = draw(st.lists(st.sampled_from(others), max_size=1)) if others and not covers else []
    day = near + timedelta(draw(st.integers(-130, 0)))
    occurred = datetime.combine(day, draw(st.sampled_from((time(8), time(22, 30), time(23, 30)))), UTC)
    key = draw(st.none() | st.sampled_from("ab")) if not covers else None
    kept = local(occurred) + timedelta(draw(st.sampled_from((0, 0, 0, -1, -3))))
    secret = about.get("visibility") or draw(st.integers(0, 4)) == 0
    return {
        "municipality": catalogue["municipality"],
        "organisation": draw(st.sampled_from(sorted(catalogue["organisations"]))),
        "status": draw(st.sampled_from(("done", "done", "done", "planned", "cancelled"))),
        "occurred_at": occurred.isoformat(),
        "obligations": sorted({about["id"], *more}),
        "kind": draw(st.sampled_from(_asked(about, "kinds") or (None,)) | KINDS),
        "themes": draw(st.lists(st.sampled_from(sorted(_words(about))), max_size=3, unique=True)),
        "audiences": draw(st.just(_asked(about, "audiences")) | st.lists(AUDIENCES, max_size=2, unique=True)),
        "special_effort": draw(st.integers(0, 5)) > 0,
        "quantities": {"pupils_offered": draw(st.integers(1, 60))} if covers else {},
        "unit": draw(st.sampled_from(("a", "b", "other", None))) if covers else None,
        "period": draw(st.none() | st.sampled_from(_periods(about, near))) if covers else None,
        "occasion_key": f"{kept}/{key}" if key else None,
        "visibility": "count_only" if secret else "public",
        "public_from": draw(st.none() | st.just((near + timedelta(30)).isoformat())),
    }


def of_the_occasion(said: Dict, before: Dict) -> Dict:
    """What is said, told of the occasion that was told of before, for whatever obligations; lessons have no key."""
    return said if said["quantities"] else said | {name: before[name] for name in ("occurred_at", "occasion_key")}


@st.composite
def amendments(draw: st.DrawFn, before: Dict, fresh: Dict) -> Dict:
    """What its organisation said, with one thing or two put right from `fresh`; who confirmed is not theirs to say."""
    changed = draw(st.lists(st.sampled_from(AMENDED), min_size=1, max_size=2))
    said = {name: before[name] for name in fresh}
    for names in changed:
        said |= {name: fresh[name] for name in names}
    return said


@st.composite
def baselines(draw: st.DrawFn, catalogue: Dict, near: date) -> Dict:
    """How many there are, by school or not."""
    about = draw(st.sampled_from([each for each in obligations(catalogue) if each["rule"]["kind"] == "coverage"]))
    units = draw(st.just({}) | st.fixed_dictionaries({"a": st.integers(1, 40), "b": st.integers(0, 40)}))
    return {
        "municipality": catalogue["municipality"],
        "obligation": about["id"],
        "period": draw(st.sampled_from(_periods(about, near))),
        "units": units,
        "total": sum(units.values()) or draw(st.integers(0, 80)),
    }


def _periods(obligation: Dict, near: date) -> list[str]:
    """The periods about a day, by name."""
    length = obligation["period"]
    about = Days("", near - timedelta(200), near + timedelta(200))
    return [each.name for each in all_periods(length["value"], length.get("first_day", ""), about)]


def revised(before: Dict | None, said: Dict, *, now: datetime, number: int) -> Dict:
    """The next revision of an activity, as the service that takes reports would publish it."""
    day = _counted_on(said).isoformat()
    pairs = {(name, day) for name in said["obligations"]}
    if before:
        pairs |= {(pair["obligation"], pair["counted_on"]) for pair in before["footprint"]}
    same = before and (before["counted_on"], before["obligations"]) == (day, said["obligations"])
    return (
        {"confirmed_by": before["confirmed_by"] if before and same else []}
        | said
        | {
            "activity_id": before["activity_id"] if before else str(UUID(int=number)),
            "revision": before["revision"] + 1 if before else 1,
            "source": f"/organisations/{said['organisation']}",
            "reference": f"r{number}",
            "counted_on": day,
            "footprint": [{"obligation": name, "counted_on": each} for name, each in sorted(pairs)],
            "recorded_at": now.isoformat(),
            "catalogue_revision": 1,
        }
    )


def _counted_on(said: Dict) -> date:
    """The first day of the period it names, the key's day, or the day on which it was."""
    if said["period"]:
        years = Days("", date(2024, 1, 1), date(2030, 1, 1))
        every = (each for kind in ("year", "school_year", "tertial") for each in all_periods(kind, "", years))
        return next(each.first for each in every if each.name == said["period"])
    return date.fromisoformat(said["occasion_key"][:10]) if said["occasion_key"] else local(said["occurred_at"])


def _asked(obligation: Dict, parameter: str) -> list[str]:
    """What the rule asks for, so that much of what is said fits."""
    asked: list[str] = obligation["rule"].get(parameter, {}).get("value", [])
    return asked


def _words(obligation: Dict) -> Iterator[str]:
    rule = obligation["rule"]
    for named in (rule.get("each_of"), *(slot.get("themes") for slot in rule.get("slots", []))):
        yield from named["value"] if named else ()
    yield "reflector"
