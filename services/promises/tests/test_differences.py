"""What is said of a change of the catalogue before it is loaded."""

from copy import deepcopy
from typing import Any

import pytest
from promises.catalogue import mapping
from promises.catalogue.check import checked
from promises.catalogue.diff import Difference, diff

from services.promises.tests.driving import CATALOGUE

Document = dict[str, Any]


@pytest.fixture
def before() -> Document:
    return mapping.document(*checked(CATALOGUE))


@pytest.fixture
def after(before: Document) -> Document:
    return deepcopy(before)


def promise(document: Document, name: str) -> Any:  # noqa: ANN401
    return next(each for each in document["catalogue"]["promises"] if each["id"] == name)


def test_equal_catalogues_differ_in_nothing(before: Document, after: Document) -> None:
    assert diff(before, after) == []


def test_before_the_first_catalogue_everything_is_new(after: Document) -> None:
    found = diff(None, after)
    assert {each.change for each in found} == {"added"}
    assert len([each for each in found if each.obligation and not each.parameter]) == 10


def test_a_parameter_is_told_with_its_place_its_value_and_its_basis(before: Document, after: Document) -> None:
    [obligation] = promise(after, "cykel-gang")["obligations"]
    obligation["rule"]["slots"][1]["window"]["to"] = "12-04"
    old = {"from": "09-01", "to": "11-30", "basis": "operator"}
    new = {"from": "09-01", "to": "12-04", "basis": "operator"}
    path = "rule.slots.autumn.window"
    assert diff(before, after) == [Difference("changed", "cykel-gang", "cykel-gang", "2026-01-01", path, old, new)]


def test_an_obligation_that_moves_to_another_place_in_the_file_is_no_change(before: Document, after: Document) -> None:
    after["catalogue"]["promises"].reverse()
    after["organisations"].reverse()
    assert diff(before, after) == []


def test_what_came_and_went_is_told_whole(before: Document, after: Document) -> None:
    gone = promise(after, "trafikantbeteende")["obligations"].pop()["id"]
    after["catalogue"]["promises"].remove(promise(after, "grannsamverkan"))
    assert [(each.change, each.promise, each.obligation, each.parameter) for each in diff(before, after)] == [
        ("removed", "grannsamverkan", "", ""),
        ("removed", "grannsamverkan", "grannsamverkan", ""),
        ("removed", "trafikantbeteende", gone, ""),
    ]


def test_a_second_version_of_a_promise_is_an_addition_to_the_first(before: Document, after: Document) -> None:
    second = deepcopy(promise(after, "grannsamverkan"))
    second["validity"] |= {"from": "2027-01-01", "to": "2027-12-31"}
    after["catalogue"]["promises"].append(second)
    assert [(each.change, each.promise, each.valid_from) for each in diff(before, after)] == [
        ("added", "grannsamverkan", "2027-01-01"),
        ("added", "grannsamverkan", "2027-01-01"),
    ]


def test_words_and_organisations_are_told_of_the_catalogue_as_a_whole(before: Document, after: Document) -> None:
    after["catalogue"]["vocabulary"]["reflector"]["sv"] = "reflexer och varselväst"
    after["organisations"][0]["name"]["en"] = "The police"
    assert [(each.promise, each.parameter) for each in diff(before, after)] == [
        ("", f"organisations.{after['organisations'][0]['id']}.name.en"),
        ("", "vocabulary.reflector.sv"),
    ]
