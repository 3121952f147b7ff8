"""Each assertion finds what it is there to find, in an overlay that is broken in one place."""

import copy
from collections.abc import Callable, Iterator
from functools import cache

import assertions
import pytest
from assertions import Thing
from check import renderings
from ruamel.yaml import YAML

Assertion = Callable[[list[Thing]], Iterator[str]]


@cache
def _whole() -> dict[str, list[Thing]]:
    return {name: [each for each in YAML(typ="safe").load_all(text) if each] for name, text in renderings()}


class Overlay:
    """One rendering that a test may break."""

    def __init__(self, name: str) -> None:
        self.things = copy.deepcopy(_whole()[f"overlays/{name}"])

    def one(self, kind: str, name: str) -> Thing:
        """A resource by kind and the beginning of its name."""
        return next(e for e in self.things if e["kind"] == kind and e["metadata"]["name"].startswith(name))

    def pod(self, kind: str, name: str) -> Thing:
        """The specification of its pods."""
        found: Thing = self.one(kind, name)["spec"]["template"]["spec"]
        return found


def of_yesterday(overlay: Overlay) -> None:
    overlay.one("KafkaTopic", "activities")["apiVersion"] = "kafka.strimzi.io/v1beta2"


def unpinned(overlay: Overlay) -> None:
    overlay.pod("StatefulSet", "kafka")["containers"][0]["image"] = "apache/kafka"


def of_nobody(overlay: Overlay) -> None:
    overlay.one("Service", "postgres")["spec"]["selector"] = {"app.kubernetes.io/name": "postgresql"}


def open_to_all(overlay: Overlay) -> None:
    overlay.things.remove(overlay.one("NetworkPolicy", "default-deny"))


def without_a_secret(overlay: Overlay) -> None:
    overlay.things.remove(overlay.one("Secret", "postgres-"))


def without_settings(overlay: Overlay) -> None:
    overlay.things.remove(overlay.one("ConfigMap", "settings"))


def there_for_ever(overlay: Overlay) -> None:
    del overlay.one("Job", "catalogue")["spec"]["ttlSecondsAfterFinished"]


def gone_with_kafka(overlay: Overlay) -> None:
    overlay.pod("Deployment", "activities")["containers"][0]["readinessProbe"]["httpGet"]["path"] = "/readyz"


def gone_at_once(overlay: Overlay) -> None:
    env = overlay.pod("Deployment", "promises")["containers"][0]["env"]
    env[:] = [each for each in env if each["name"] != "LOFTESKOLLEN_DRAIN_SECONDS"]


def killed_early(overlay: Overlay) -> None:
    overlay.pod("Deployment", "notifications")["terminationGracePeriodSeconds"] = assertions.ENDED - 1


def starved(overlay: Overlay) -> None:
    overlay.pod("Deployment", "activities")["containers"][0]["resources"]["requests"]["memory"] = "32Mi"


def tight(overlay: Overlay) -> None:
    overlay.pod("Deployment", "activities")["containers"][0]["resources"]["limits"]["memory"] = "400Mi"


def kept_for_a_day(overlay: Overlay) -> None:
    overlay.one("KafkaTopic", "activities")["spec"]["config"]["retention.ms"] = "86400000"


def undeclared(overlay: Overlay) -> None:
    overlay.one("KafkaTopic", "activities")["metadata"]["name"] = "activity"


def one_organisation_less(overlay: Overlay) -> None:
    overlay.pod("Job", "topics")["containers"][0]["args"].pop()


def rights_of_one(overlay: Overlay) -> None:
    overlay.pod("Job", "rights")["containers"][0]["env"][0]["value"] = "umea-kommun"


def another_writer(overlay: Overlay) -> None:
    overlay.one("KafkaUser", "umea-kommun")["spec"]["authorization"]["acls"][0]["resource"]["name"] = "activities"


def not_routed(overlay: Overlay) -> None:
    overlay.one("HTTPRoute", "lofteskollen")["spec"]["rules"][0]["matches"].pop()


def routed_to_another(overlay: Overlay) -> None:
    overlay.one("HTTPRoute", "lofteskollen")["spec"]["rules"][1]["backendRefs"][0]["name"] = "activities"


def of_another_job(overlay: Overlay) -> None:
    del overlay.one("ServiceMonitor", "lofteskollen")["spec"]["endpoints"][0]["relabelings"]


BROKEN: list[tuple[Assertion, str, Callable[[Overlay], None]]] = [
    (assertions.versions, "production", of_yesterday),
    (assertions.images, "local", unpinned),
    (assertions.selectors, "local", of_nobody),
    (assertions.denied, "production", open_to_all),
    (assertions.references, "local", without_a_secret),
    (assertions.references, "production", without_settings),
    (assertions.repeated, "local", there_for_ever),
    (assertions.answering, "local", gone_with_kafka),
    (assertions.drains, "local", gone_at_once),
    (assertions.drains, "production", killed_early),
    (assertions.memory, "local", starved),
    (assertions.memory, "production", tight),
    (assertions.topics, "production", kept_for_a_day),
    (assertions.topics, "production", undeclared),
    (assertions.topics, "local", one_organisation_less),
    (assertions.topics, "local", rights_of_one),
    (assertions.rights, "production", another_writer),
    (assertions.routes, "production", not_routed),
    (assertions.routes, "production", routed_to_another),
    (assertions.scraped, "production", of_another_job),
]


@pytest.mark.parametrize(("assertion", "overlay", "broken"), BROKEN)
def test_what_is_broken_is_found(assertion: Assertion, overlay: str, broken: Callable[[Overlay], None]) -> None:
    tried = Overlay(overlay)
    assert list(assertion(tried.things)) == []
    broken(tried)
    assert list(assertion(tried.things)) != []


def test_every_assertion_is_tried() -> None:
    assert {assertion for assertion, *_ in BROKEN} == set(assertions.INSTALLED)
