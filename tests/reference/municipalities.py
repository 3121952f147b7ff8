"""Two municipalities under one police unit, promising at random: every kind of rule, in up to three versions.

What is drawn is written as catalogue files, so that it passes every check that an operator's would.
"""

import json
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

Dict = dict[str, Any]
POLICE = "polisen"
TOWNS = {"9902": "norra-kommun", "9903": "sodra-kommun"}
THEMES = ("lighting", "reflector", "helmet")
AUDIENCES = ("cyclist", "tuned_moped", "a_tractor")
KINDS = ("campaign", "contact", "safety_walk")
FIRST = st.sampled_from([date(2026, 1, 1), date(2026, 1, 1), date(2026, 2, 15), date(2026, 7, 1)])
CHANGES = [date(2026, 4, 16), date(2026, 7, 2), date(2026, 10, 1), date(2027, 1, 1), date(2027, 3, 10)]
LAST = st.sampled_from([date(2026, 11, 15), date(2026, 12, 31), date(2027, 6, 30), date(2027, 12, 31)])
WINDOWS = {
    "year": [("03-01", "05-31"), ("04-15", "06-15"), ("09-01", "11-30"), ("11-20", "12-31")],
    "school_year": [("08-15", "09-30"), ("11-15", "01-31"), ("03-01", "05-31")],
    "custom_year": [("10-01", "12-15"), ("12-01", "02-15"), ("08-15", "09-15")],
}
CROSSING = [{"03-01", "04-15"}, {"09-01", "11-20"}, {"10-01", "12-01"}]
"""The first days of windows that share days: their occasions are told apart by theme."""
TEXT = "Löfte\nVi lovar.\n"


def _basis(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Dict]:
    return st.builds(
        lambda given, basis: {"value": given, "basis": basis}, value, st.sampled_from(("leaflet", "operator"))
    )


def _some(words: tuple[str, ...], least: int = 1) -> st.SearchStrategy[Dict]:
    return _basis(st.lists(st.sampled_from(words), min_size=least, max_size=2, unique=True))


@st.composite
def _slots(draw: st.DrawFn, period: str) -> list[Dict]:
    windows = draw(st.lists(st.sampled_from(WINDOWS[period]), max_size=2, unique=True))
    crossing = {first for first, _ in windows} in CROSSING
    shared = draw(st.permutations(THEMES))
    apart = (tuple(shared[:1]), tuple(shared[1:]))
    return [
        {
            "id": f"slot-{number}",
            "name": {"sv": "insatsen", "en": "the operation"},
            "count": draw(_basis(st.integers(1, 2))),
            "window": {"from": first, "to": last, "basis": "operator"},
        }
        | ({"themes": draw(_some(apart[number] if crossing else THEMES))} if crossing or draw(st.booleans()) else {})
        | ({"match": draw(_basis(st.sampled_from(("any", "all"))))} if draw(st.booleans()) else {})
        for number, (first, last) in enumerate(windows)
    ]


@st.composite
def _rule(draw: st.DrawFn, kind: str, period: str, joint: bool) -> Dict:
    if kind == "coverage":
        given = {"quantity": "pupils_offered", "baseline": "pupils_enrolled"}
        shares = draw(_basis(st.sampled_from((100, 95, 50))))
        return {"kind": kind, "percent": shares} | {
            name: {"value": word, "basis": "leaflet"} for name, word in given.items()
        }
    rule: Dict = {"kind": kind, "count": draw(_basis(st.integers(1, 3)))}
    if draw(st.integers(0, 3)) == 0:
        rule["kinds"] = draw(_some(KINDS))
    if kind == "cadence":
        return rule | ({"each_of": draw(_some(THEMES, 2))} if draw(st.booleans()) else {})
    if period in WINDOWS and (slots := draw(_slots(period))):
        least = sum(slot["count"]["value"] for slot in slots)
        rule |= {"slots": slots, "count": rule["count"] | {"value": least + draw(st.integers(0, 1))}}
    if joint:
        rule["taking_part"] = {"value": ["police", "municipality"], "basis": "leaflet"}
    if draw(st.integers(0, 2)) == 0:
        rule["special_effort"] = {"value": True, "basis": "leaflet"}
    if draw(st.integers(0, 2)) == 0:
        rule |= {"audiences": draw(_some(AUDIENCES)), "audience_match": draw(_basis(st.sampled_from(("any", "all"))))}
    return rule


@st.composite
def _versions(draw: st.DrawFn, name: str, town: str) -> list[Dict]:
    """An obligation's versions follow one another, their kinds of period and rule the same."""
    kind = draw(st.sampled_from(("occasions", "occasions", "cadence", "coverage")))
    lengths = ["year", "school_year", "tertial"] + ([] if kind == "coverage" else ["custom_year", "quarter", "month"])
    period = draw(st.sampled_from(lengths))
    first, last = draw(FIRST), draw(LAST)
    changes = draw(st.lists(st.sampled_from(CHANGES), max_size=2, unique=True))
    begins = [first, *sorted(day for day in changes if first < day <= last)]
    ends = [day - timedelta(1) for day in begins[1:]] + [last]
    return [draw(_version(name, town, (kind, period), days)) for days in zip(begins, ends, strict=True)]


@st.composite
def _version(draw: st.DrawFn, name: str, town: str, about: tuple[str, str], days: tuple[date, date]) -> Dict:
    kind, period = about
    joint = kind == "occasions" and draw(st.booleans())
    owners = [POLICE, town] if joint else draw(st.sampled_from(([POLICE], [town], [POLICE, town])))
    secret = {"visibility": {"value": "count_only", "basis": "operator"}} if draw(st.integers(0, 4)) == 0 else {}
    length = {"value": period, "basis": "operator"} | ({"first_day": "10-01"} if period == "custom_year" else {})
    return {
        "id": f"promise-{name}",
        "heading": "Löfte",
        "quote": "Vi lovar.",
        "validity": {"from": str(days[0]), "to": str(days[1]), "basis": "operator"},
        "obligations": [
            {"id": name, "title": {"sv": "det", "en": "it"}, "owners": owners, "may_report": [POLICE, town]}
            | {"period": length, "grace_days": {"value": draw(st.sampled_from((0, 10, 14))), "basis": "operator"}}
            | {"rule": draw(_rule(kind, period, joint))}
            | secret
        ],
    }


@st.composite
def municipalities(draw: st.DrawFn) -> list[Dict]:
    """Both towns' catalogues as the reference fold takes them: `organisations` is {organisation: kind}."""
    return [
        {
            "municipality": code,
            "organisations": {POLICE: "police", town: "municipality"},
            "promises": [
                version for number in range(draw(st.integers(1, 3))) for version in draw(_versions(f"o{number}", town))
            ],
        }
        for code, town in TOWNS.items()
    ]


def written(catalogue: Dict, folder: Path) -> Path:
    """The file of a catalogue with what it points at; JSON is YAML too."""
    words = (*THEMES, *AUDIENCES, *KINDS, "pupils_offered", "pupils_enrolled")
    label = {"sv": "ord", "en": "word"}
    kinds = catalogue["organisations"].items()
    about = {"organisations": [{"id": name, "kind": kind, "name": label} for name, kind in kinds]}
    head = {
        "name": "Orten",
        "organisations": "organisations.yaml",
        "leaflet": {"file": "leaflet.txt", "sha256": sha256(TEXT.encode()).hexdigest()},
        "vocabulary": dict.fromkeys(words, label),
    }
    place = folder / f"{catalogue['municipality']}-orten.yaml"
    (folder / "leaflet.txt").write_text(TEXT, encoding="utf-8")
    (folder / "organisations.yaml").write_text(json.dumps(about), encoding="utf-8")
    place.write_text(json.dumps(catalogue | head), encoding="utf-8")
    return place
