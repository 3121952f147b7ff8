from datetime import UTC, datetime

import pytest
from contracts.envelope import MalformedEventError, binary, parse, trace_of
from contracts.ingress import ActivityRetractionReported

NOW = datetime(2026, 4, 14, 8, tzinfo=UTC)


def test_an_event_written_in_binary_mode_is_read_back() -> None:
    headers, value = binary(
        event_id="e1", source="/x", subject="s", time=NOW, data=ActivityRetractionReported(reason="fel dag")
    )
    envelope = parse(headers, value)
    assert (envelope.id, envelope.source, envelope.subject) == ("e1", "/x", "s")
    assert envelope.type == "se.lofteskollen.activity.retracted.v1"
    assert envelope.data == {"reason": "fel dag"}


def test_the_content_type_decides_that_a_record_is_structured() -> None:
    value = b'{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"a":1}}'
    envelope = parse([("content-type", b"application/cloudevents+json; charset=utf-8")], value)
    assert (envelope.id, envelope.data) == ("1", {"a": 1})


BINARY = [("ce_specversion", b"1.0"), ("ce_id", b"1"), ("ce_source", b"/s"), ("ce_type", b"t")]


@pytest.mark.parametrize(
    ("headers", "value", "sentence"),
    [
        (BINARY, None, "no value"),
        (BINARY, b"{", "not JSON"),
        (BINARY, b"\xff", "not UTF-8"),
        (BINARY, b'{"a":1,"a":2}', "given twice: a"),
        (BINARY, b'{"a":"\\u0000"}', "NUL"),
        (BINARY, b'{"a":"\\ud800"}', "not UTF-8"),
        (BINARY, b'{"a":NaN}', "NaN"),
        (BINARY, b"[" * 100_000, "too deeply"),
        (BINARY, b"9" * 5_000, "too many digits"),
        (BINARY, b"1e999", "too large"),
        ([], b"{}", "are missing: specversion, id, source, type"),
        ([*BINARY, ("x", None)], b"{}", "'x' is null"),
        ([*BINARY, ("x", b"\xff")], b"{}", "'x' is not UTF-8"),
        ([("content-type", b"application/cloudevents+json")], b"[]", "JSON object"),
        (
            [("content-type", b"application/cloudevents+json")],
            b'{"specversion":1,"id":"1","source":"s","type":"t"}',
            "not text",
        ),
        ([("ce_specversion", b"0.3"), *BINARY[1:]], b"{}", "must be 1.0"),
    ],
)
def test_what_is_no_event_is_refused_with_a_sentence(
    headers: list[tuple[str, bytes | None]], value: bytes | None, sentence: str
) -> None:
    with pytest.raises(MalformedEventError, match=sentence):
        parse(headers, value)


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (f"00-{TRACE}", f"00-{TRACE}"),
        (f"cc-{TRACE}", f"00-{TRACE}"),
        (f"cc-{TRACE}-what-will-be-the-future", f"00-{TRACE}"),
        ("", None),
        ("850709-9805", None),
        (f"00-{TRACE}-more", None),
        (f"00-{TRACE}\n", None),
        (f"ff-{TRACE}", None),
        (f"00-{TRACE.upper()}", None),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", None),
        (f"00-4bf92f3577b34da6a3ce929d0e0e4736-{'0' * 16}-01", None),
    ],
)
def test_a_record_names_its_trace_in_the_words_of_version_00_or_not_at_all(said: str, read: str | None) -> None:
    named = ("traceparent", said.encode())
    structured = b'{"specversion":"1.0","id":"1","source":"/s","type":"t"}'
    assert parse([*BINARY, named], b"{}").traceparent == read
    assert parse([("content-type", b"application/cloudevents+json"), named], structured).traceparent == read
    assert trace_of([*BINARY, named]) == read


def test_of_a_record_that_cannot_be_read_the_trace_is_known_if_it_says_one() -> None:
    said = ("Traceparent", f"00-{TRACE}".encode())
    assert trace_of([("x", None), ("y", b"\xff"), said]) == f"00-{TRACE}"
    assert trace_of([("traceparent", b"\xff")]) is trace_of([("traceparent", None)]) is trace_of([]) is None
