"""Versions of a promise in one catalogue (semantics 4.9, settled reading 7.15): what is refused, with file and line."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from chassis.sources import SourceError
from promises.catalogue import mapping, publishing
from promises.catalogue.check import checked
from promises.catalogue.model import Catalogue

from services.promises.tests.driving import CATALOGUE, POLICE, TOWN
from services.promises.tests.promising import (
    in_versions,
    leaflet,
    occasions,
    report,
    slot,
    stand,
    stored,
    version,
)

NewFile = Callable[..., Path]
ORGANISATIONS = "organisations:\n  - {id: polisen, kind: police, name: {sv: Polisen, en: The police}}\n"
HEAD = """\
municipality: "2480"
name: Umeå
organisations: organisations.yaml
leaflet: {file: leaflet.txt, sha256: 4d7a5de5d04fb1cf2f1a9f87ae2e8f27e2f7b2a3d1a4bb2e2b0fd9b1f1a2e3d4}
vocabulary: {}
promises:
"""
VERSION = """\
  - id: {promise}
    heading: Löfte
    quote: Vi lovar.
    validity: {{from: {first}, to: {last}, basis: operator}}
    obligations:
      - id: it
        title: {{sv: det, en: it}}
        owners: [polisen]
        period: {{{period}, basis: operator}}
        grace_days: {{value: 14, basis: operator}}
        rule: {{kind: occasions, count: {{value: 1, basis: leaflet}}}}
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> NewFile:
    """A catalogue with the same promise in versions (first day, last day, period)."""
    text = "Löfte\nVi lovar.\n".encode()
    (tmp_path / "leaflet.txt").write_bytes(text)
    (tmp_path / "organisations.yaml").write_text(ORGANISATIONS, encoding="utf-8")

    def new(*versions: tuple[str, str, str], promises: tuple[str, ...] = ("one", "one")) -> Path:
        head = HEAD.replace(HEAD.split("sha256: ")[1][:64], sha256(text).hexdigest())
        entries = [
            VERSION.format(promise=name, first=first, last=last, period=period)
            for name, (first, last, period) in zip(promises, versions, strict=False)
        ]
        place = tmp_path / "2480-umea.yaml"
        place.write_text(head + "".join(entries), encoding="utf-8")
        return place

    return new


YEAR, TERTIAL = "value: year", "value: tertial"
OCTOBER = 'value: custom_year, first_day: "10-01"'


@pytest.mark.parametrize(
    "versions",
    [
        [("2026-01-01", "2026-12-31", YEAR), ("2027-01-01", "2027-12-31", YEAR)],
        [("2026-01-01", "2026-06-30", YEAR), ("2026-07-01", "2028-12-31", YEAR)],
        [("2026-01-01", "2026-12-31", YEAR), ("2027-01-01", "2027-12-31", TERTIAL)],
        [("2026-01-01", "2026-04-30", TERTIAL), ("2026-05-01", "2026-12-31", TERTIAL)],
        [("2026-01-01", "2026-12-31", YEAR), ("2028-01-01", "2028-12-31", YEAR)],
        [("2025-10-01", "2026-09-30", OCTOBER), ("2026-10-01", "2027-09-30", OCTOBER)],
    ],
    ids=["follows", "within-a-period", "other-kind", "at-a-tertial", "a-year-between", "custom-year"],
)
def test_7_15_versions_may_follow_one_another(catalogue: NewFile, versions: list[tuple[str, str, str]]) -> None:
    assert len(checked(catalogue(*versions))[0].promises) == 2


@pytest.mark.parametrize(
    ("versions", "reason"),
    [
        ([("2026-01-01", "2026-12-31", YEAR), ("2026-12-31", "2027-12-31", YEAR)], "begin on 2027-01-01 or later"),
        ([("2026-01-01", "2026-06-30", YEAR), ("2026-07-01", "2026-12-31", TERTIAL)], "changes the kind of period"),
        ([("2026-01-01", "2026-08-31", YEAR), ("2026-10-01", "2026-12-31", YEAR)], "leaves days without a version"),
        ([("2026-01-01", "2026-12-31", YEAR), ("2027-01-01", "2027-12-31", OCTOBER)], "changes the kind of period"),
    ],
    ids=["overlap", "kind-within-a-period", "gap-within-a-period", "not-at-the-new-kinds-boundary"],
)
def test_7_15_versions_that_do_not_fit_are_refused_with_file_line_and_reason(
    catalogue: NewFile, versions: list[tuple[str, str, str]], reason: str
) -> None:
    place = catalogue(*versions)
    with pytest.raises(SourceError) as refused:
        checked(place)
    [complaint] = refused.value.complaints
    lines = place.read_text(encoding="utf-8").splitlines()
    line = max(n for n, text in enumerate(lines, 1) if "validity" in text)
    assert complaint.startswith(f"{place.name}:{line}: ")
    assert reason in complaint


def test_one_obligation_belongs_to_one_promise(catalogue: NewFile) -> None:
    two = [("2026-01-01", "2026-12-31", YEAR), ("2027-01-01", "2027-12-31", YEAR)]
    with pytest.raises(SourceError, match="belongs to the promise 'one'"):
        checked(catalogue(*two, promises=("one", "two")))


@pytest.mark.parametrize(
    "period", ["value: custom_year", 'value: year, first_day: "10-01"', OCTOBER.replace("10-01", "10-32")]
)
def test_a_custom_year_says_the_day_it_begins_and_no_other_period_does(catalogue: NewFile, period: str) -> None:
    with pytest.raises(SourceError, match=r"2480-umea\.yaml:\d+: .*(first_day|no day of a year)"):
        checked(catalogue(("2026-01-01", "2026-12-31", period)))


def test_7_15_a_window_is_that_of_the_first_day_and_its_themes_those_of_the_day() -> None:
    old = occasions(1, slots=[slot("spring", "03-01", "05-31", "traffic_rules")])
    new = occasions(1, slots=[slot("spring", "04-01", "04-30", "reflector")])
    days = [("2026-01-01", "2026-04-15"), ("2026-04-16", "2026-12-31")]
    both = mapping.promised(stored(*(version(rule, valid=valid) for rule, valid in zip((old, new), days, strict=True))))
    told = report("2026-05-20", themes=frozenset({"reflector"}))
    found = stand(both.obligations["it"], "2026-06-20", told)
    assert (found["slots"][0]["first_day"], found["slots"][0]["last_day"]) == ("2026-03-01", "2026-05-31")
    assert found["slots"][0]["count"] == 1


def test_a_promise_in_versions_is_published_once_with_the_words_and_reporters_of_all() -> None:
    old = version(occasions(1, kinds=leaflet(["operation"])), valid=("2026-01-01", "2026-12-31"))
    new = version(occasions(1, kinds=leaflet(["campaign"])), valid=("2027-01-01", "2027-12-31"), owners=[TOWN])
    catalogue = Catalogue.model_validate(stored(old, new | {"quote": "Vi lovar mer."})["catalogue"])
    [published] = publishing.published(catalogue, 3)
    assert (published.quote, str(published.valid_from), str(published.valid_to)) == (
        "Vi lovar mer.",
        "2026-01-01",
        "2027-12-31",
    )
    [obligation] = published.obligations
    assert obligation.kinds == ("operation", "campaign")
    assert len(obligation.may_report) == 2


def test_what_version_0_1_0_stored_is_read_as_it_was() -> None:
    entry = stored(version(occasions(2, special_effort=leaflet(True)), audiences=["tuned_moped"]))
    obligation = mapping.promised(entry).obligations["it"]
    told = report("2026-04-14", audiences=frozenset())
    assert stand(obligation, "2026-05-01", told)["counted"] == 1
    assert mapping.promised(mapping.document(*checked(CATALOGUE))).obligations["cykel-gang"].leaflet_basis


@pytest.mark.parametrize(
    ("day", "period", "ruling"),
    [
        ("2026-12-31", "2026", "2026-01-01"),
        ("2027-01-01", "2027-T1", "2027-01-01"),
        ("2028-06-01", "2027/28", "2028-01-01"),
        ("2030-01-01", "2029/30", None),
        ("2025-11-01", "2025/26", None),
    ],
)
def test_a_day_lies_in_a_period_of_the_kind_of_its_own_version_or_else_of_the_last(
    day: str, period: str, ruling: str | None
) -> None:
    it = in_versions(
        version(occasions(1), period="year", valid=("2026-01-01", "2026-12-31")),
        version(occasions(1), period="tertial", valid=("2027-01-01", "2027-12-31")),
        version(occasions(1), period={"first_day": "10-15"}, valid=("2028-01-01", "2029-10-14")),
    )
    one = date.fromisoformat(day)
    found = it.version_on(one)
    assert it.period_of(one).id == period
    assert (found and found.validity.first.isoformat()) == ruling


def test_what_was_never_changed_is_its_own_only_version() -> None:
    only = in_versions(version(occasions(1)))
    found = only.version_on(date(2026, 5, 1))
    assert found is not None
    assert (found.validity, only.version_on(date(2027, 1, 1))) == (only.validity, None)
    assert list(found.owner_names) == [POLICE, TOWN]
