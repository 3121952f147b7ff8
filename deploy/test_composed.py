"""Each assertion on docker-compose.yml finds what it is there to find, in a file that is broken in one place."""

import copy
from collections.abc import Callable, Iterator

import composed
import pytest
from composed import Tree

Assertion = Callable[[Tree], Iterator[str]]
WHOLE = composed.read()


def of_any_version(tree: Tree) -> None:
    tree["services"]["prometheus"]["image"] = "prom/prometheus:latest"


def of_another_version(tree: Tree) -> None:
    tree["services"]["promises"]["image"] = "lofteskollen/promises:${VERSION:-0.0.1}"


def open_kafka(tree: Tree) -> None:
    tree["services"]["kafka"]["ports"] = ["${PUBLISH:-127.0.0.1}:9092:9092"]


def open_everywhere(tree: Tree) -> None:
    tree["services"]["grafana"]["ports"] = ["3000:3000"]


def of_the_host(tree: Tree) -> None:
    tree["services"]["activities"]["network_mode"] = "host"


def without_a_check(tree: Tree) -> None:
    del tree["services"]["alertmanager"]["healthcheck"]


def left_dead(tree: Tree) -> None:
    tree["services"]["notifications"]["restart"] = "no"


def a_job_for_nobody(tree: Tree) -> None:
    del tree["services"]["catalogue"]["depends_on"]["demo"]
    for name in ("activities", "notifications"):
        del tree["services"][name]["depends_on"]["demo"]


def needs_a_demonstration(tree: Tree) -> None:
    tree["services"]["activities"]["depends_on"]["demo"] = {"condition": "service_completed_successfully"}


def of_an_unknown_profile(tree: Tree) -> None:
    tree["services"]["grafana"]["profiles"] = ["pictures"]


def writable(tree: Tree) -> None:
    tree["services"]["play"]["read_only"] = False


def privileged(tree: Tree) -> None:
    tree["services"]["postgres"]["security_opt"] = []


def in_a_variable(tree: Tree) -> None:
    tree["services"]["notifications"]["environment"] |= {"LOFTESKOLLEN_SMTP_PASSWORD": "${SMTP_PASSWORD}"}


def from_elsewhere(tree: Tree) -> None:
    tree["secrets"]["smtp"] = {"environment": "SMTP_PASSWORD"}


def in_made_up_time(tree: Tree) -> None:
    tree["services"]["promises"]["environment"]["LOFTESKOLLEN_CLOCK_FILE"] = "/demo/clock"


def not_there(tree: Tree) -> None:
    del tree["services"]["alertmanager"]


def unexplained(tree: Tree) -> None:
    tree["services"]["promises"]["environment"]["LOFTESKOLLEN_DATABASE_CONNECTIONS"] = None


BROKEN: list[tuple[Assertion, Callable[[Tree], None]]] = [
    (composed.pinned, of_any_version),
    (composed.pinned, of_another_version),
    (composed.published, open_kafka),
    (composed.published, open_everywhere),
    (composed.published, of_the_host),
    (composed.watched, without_a_check),
    (composed.watched, left_dead),
    (composed.waited_for, a_job_for_nobody),
    (composed.optional, needs_a_demonstration),
    (composed.optional, of_an_unknown_profile),
    (composed.confined, writable),
    (composed.confined, privileged),
    (composed.secret, in_a_variable),
    (composed.secret, from_elsewhere),
    (composed.in_real_time, in_made_up_time),
    (composed.scraped, not_there),
    (composed.told, unexplained),
]


@pytest.mark.parametrize(("assertion", "broken"), BROKEN)
def test_what_is_broken_is_found(assertion: Assertion, broken: Callable[[Tree], None]) -> None:
    tree = copy.deepcopy(WHOLE)
    assert list(assertion(tree)) == []
    broken(tree)
    assert list(assertion(tree)) != []


def test_every_assertion_is_tried() -> None:
    assert {assertion for assertion, _ in BROKEN} == set(composed.ASSERTIONS)
