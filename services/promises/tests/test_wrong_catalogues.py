"""Whatever is wrong in a catalogue, wherever: it is refused with file, line and reason, and never with a fault."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chassis.sources import SourceError, read
from promises.catalogue.check import checked, judged

from services.promises.tests.driving import CATALOGUE

ODD: tuple[Any, ...] = (None, 7, -1, "x", "", [], {}, [None], {"x": 1}, True, "å" * 300, "2026-02-30", 10**30)
COMPLAINT = re.compile(r"2480-umea\.yaml:(\d+): \S.* \S")


def places(tree: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - YAML is anything
    """Where each entry stands that is not like one before: by the names above it, whatever their number."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for name, below in items:
        yield (*above, name)
        yield from places(below, (*above, name))


def distinct(tree: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - YAML is anything
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for place in places(tree):
        words = tuple(step for step in place if isinstance(step, str))
        found.setdefault(words if "vocabulary" not in words else words[:1], place)
    return list(found.values())


def test_4_22_an_odd_value_anywhere_is_refused_with_file_line_and_reason() -> None:
    source, refused = read(CATALOGUE), 0
    lines = CATALOGUE.read_text(encoding="utf-8").splitlines()
    for number, place in enumerate(distinct(source.tree)):
        node = source.tree
        for step in place[:-1]:
            node = node[step]
        good = node[place[-1]]
        for odd in (ODD[number % len(ODD)], ODD[(number * 5 + 3) % len(ODD)]):
            node[place[-1]] = odd
            try:
                judged(source)
            except SourceError as error:
                refused += 1
                for complaint in error.complaints:
                    found = COMPLAINT.match(complaint)
                    assert found, (place, odd, complaint)
                    assert 1 <= int(found[1]) <= len(lines), (place, odd, complaint)
            node[place[-1]] = good
    assert refused > 120
    assert judged(source) == checked(CATALOGUE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "organisations: 7\n",
        "organisations: [{id: Polisen, kind: police, name: {sv: a, en: b}}]\n",
        "organisations: [{id: polisen, kind: army, name: {sv: a, en: b}}]\n",
        "organisations: [{id: polisen, kind: police, name: {sv: a}}]\n",
        "organisations: [{id: a, id: b}]\n",
        "organisations: [\n",
        "\x00",
    ],
)
def test_4_22_wrong_organisations_refuse_the_catalogue_with_file_line_and_reason(tmp_path: Path, text: str) -> None:
    shutil.copytree(CATALOGUE.parent, tmp_path, dirs_exist_ok=True)
    (tmp_path / "organisations.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        checked(tmp_path / CATALOGUE.name)
    assert all(re.match(r"organisations\.yaml:\d+: \S.* \S", each) for each in refused.value.complaints), refused.value


def test_4_22_a_leaflet_that_is_gone_refuses_the_catalogue(tmp_path: Path) -> None:
    shutil.copytree(CATALOGUE.parent, tmp_path, dirs_exist_ok=True)
    place = tmp_path / CATALOGUE.name
    text = place.read_text(encoding="utf-8")
    place.write_text(re.sub(r"file: \S+\.txt", "file: gone.txt", text, count=1), encoding="utf-8")
    with pytest.raises(SourceError, match=r"2480-umea\.yaml:\d+: leaflet\.file: the leaflet cannot be read"):
        checked(place)


def edited(tmp_path: Path, *edits: tuple[str, str]) -> Path:
    """Umeå's catalogue with some of its text replaced."""
    shutil.copytree(CATALOGUE.parent, tmp_path, dirs_exist_ok=True)
    place = tmp_path / CATALOGUE.name
    text = place.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    place.write_text(text, encoding="utf-8")
    return place


FOCUSES = "each_of: {value: [prevention, early_detection, reinforced_support]"
CHILDREN = "value: [cykel-gang, moped-a-traktor, trafikantkampanjer, trafikutbildning-ak4]"
SPRING = 'window: {from: "03-01", to: "05-31", basis: operator}'
TEACHING = "validity: {from: 2025-07-01, to: 2027-06-30"


@pytest.mark.parametrize(
    ("edits", "complaint"),
    [
        pytest.param(
            [("to: 2026-12-31", "to: 9999-12-31")],
            r":35: promises\.0\.validity\.to: the year lies outside 1900 to 2199",
            id="a validity beyond the calendar",
        ),
        pytest.param(
            [(TEACHING, "validity: {from: 0001-01-01, to: 2027-06-30")],
            r":\d+: promises\.8\.obligations\.1\.validity\.from: the year lies outside 1900 to 2199",
            id="an obligation's validity before the calendar",
        ),
        pytest.param(
            [(CHILDREN, "value: []")],
            r":\d+: .*\.rule\.children\.value: names no obligation; name at least one",
            id="an umbrella of nothing",
        ),
        pytest.param(
            [(FOCUSES, "each_of: {value: []")],
            r":\d+: .*\.rule\.each_of\.value: names no theme; name at least one",
            id="focuses of nothing",
        ),
        pytest.param(
            [(FOCUSES, "each_of: {value: [prevention, prevention]")],
            r":\d+: .*\.rule\.each_of\.value\.1: 'prevention' is named twice; name it once",
            id="a focus twice",
        ),
        pytest.param(
            [("owners: [polisen-lpo-umea]", "owners: [polisen-lpo-umea, polisen-lpo-umea]")],
            r":41: .*\.owners\.1: 'polisen-lpo-umea' is named twice; name it once",
            id="an owner twice",
        ),
        pytest.param(
            [
                ("count: {value: 2, basis: leaflet}", "count: {value: 3, basis: leaflet}"),
                (SPRING, SPRING.replace("05-31", "09-30")),
                ("value: [lighting, reflector]", "value: [bicycle_helmet, traffic_rules]"),
            ],
            r":\d+: .*\.slots\.1\.window: overlaps 'spring' and shares bicycle_helmet, traffic_rules with it",
            id="windows that share days and a theme",
        ),
        pytest.param(
            [
                (SPRING, SPRING.replace("05-31", "09-30")),
                ("              themes: {value: [lighting, reflector], basis: leaflet}\n", ""),
            ],
            r":\d+: .*\.slots\.1\.window: overlaps 'spring', and an occasion would fill both",
            id="windows that share days, one with any theme",
        ),
        pytest.param(
            [("              count: {value: 1, basis: leaflet}", "              count: {value: 3, basis: leaflet}")],
            r":\d+: .*\.rule\.count: the slots ask for 4 occasions together, more than the 2 of the whole period",
            id="slots that ask for more than the whole",
        ),
    ],
)
def test_4_22_what_could_never_be_followed_up_is_refused_with_file_line_and_reason(
    tmp_path: Path, edits: list[tuple[str, str]], complaint: str
) -> None:
    with pytest.raises(SourceError) as refused:
        checked(edited(tmp_path, *edits))
    [said] = refused.value.complaints
    assert re.match(r"2480-umea\.yaml" + complaint, said), said


def test_4_22_windows_that_share_days_but_no_theme_are_right(tmp_path: Path) -> None:
    whole_year = [(SPRING, SPRING.replace("05-31", "09-30"))]
    assert checked(edited(tmp_path, *whole_year))
