import json
import re

import pytest
from contracts.envelope import event_type
from contracts.generate import FOLDER
from contracts.promises import PromisePublished
from contracts.registry import INGRESS, SAID, messages
from contracts.topics import HOUSE, INGRESS_PATTERN, ingress, organisation_of


@pytest.mark.parametrize("organisation", ["umea-kommun", "polisen-lpo-umea", "a1"])
def test_an_ingress_topic_tells_its_organisation(organisation: str) -> None:
    topic = ingress(organisation)
    assert organisation_of(topic.name) == organisation
    assert topic.writer == organisation
    assert re.fullmatch(INGRESS_PATTERN, topic.name)


@pytest.mark.parametrize("name", ["activities", "ingress.", "ingress.Umea", "x-ingress.umea-kommun"])
def test_other_topics_are_no_ingress(name: str) -> None:
    assert re.match(INGRESS_PATTERN, name) is None


def test_every_topic_of_the_house_carries_declared_events() -> None:
    assert set(SAID) == {INGRESS, *(topic.name for topic in HOUSE)}
    assert all(SAID.values())


def test_an_event_travels_on_one_topic_under_one_type() -> None:
    classes = [message for _, message in messages()]
    places = [place for place, _ in messages()]
    assert len(set(classes)) == len(classes)
    assert len(set(places)) == len(places)


def test_types_follow_the_rule_of_names() -> None:
    for _, message in messages():
        assert re.fullmatch(r"se\.lofteskollen\.[a-z-]+\.[a-z]+\.v\d+", event_type(message))


def test_kafka_stamps_and_keeps_as_declared() -> None:
    for topic in HOUSE:
        assert topic.config["message.timestamp.type"] == "LogAppendTime"
        assert topic.config["cleanup.policy"] == "delete"
        assert topic.partitions == 12
    assert {topic.name for topic in HOUSE if topic.retention_ms == -1} == {"activities", "promises"}


def test_readers_pass_over_additions_inside_what_is_nested() -> None:
    example = FOLDER.parent / "examples" / "promises" / f"{event_type(PromisePublished)}.json"
    text = example.read_text(encoding="utf-8").replace('"joint": true', '"joint": true, "added": 1')
    data = json.loads(text)["data"]
    assert data["obligations"][0]["added"] == 1
    assert PromisePublished.read(data).obligations[0].joint
