"""CloudEvents 1.0 on Kafka: written in binary mode, read in binary and structured mode."""

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.model import Message, rfc3339

JSON = "application/json"
STRUCTURED = "application/cloudevents+json"
REQUIRED = ("specversion", "id", "source", "type")
NAMES = (*REQUIRED, "subject", "time")
HEADERS = tuple(f"ce_{name}" for name in NAMES)
Headers = Sequence[tuple[str, bytes]]
TRACEPARENT = "traceparent"
"""The header of W3C Trace Context, under its own name: it is the record's, not an attribute of the event."""

LONGEST_NUMBER, LONGEST_NAME = 20, 200
_TRACE = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_LATER = re.compile(r"(?!ff)[0-9a-f]{2}(?:-.*)?")
_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class MalformedEventError(ValueError):
    """The record is no CloudEvent; the sentence says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One CloudEvent; its data is decoded when it is asked for.

    `type` is `se.lofteskollen.<noun>.<past verb>.v1`, `time` RFC 3339 or nothing. `raw` is the data's JSON as it came
    in binary mode, `content` the data of a structured event. `traceparent` is well-formed or nothing.
    """

    id: str
    source: str
    type: str
    subject: str | None
    time: str | None
    raw: bytes | None
    content: Any = None
    traceparent: str | None = None

    @property
    def data(self) -> Any:  # noqa: ANN401 - any JSON value
        """The data, strictly decoded.

        Raises:
            MalformedEventError: no JSON, or JSON that means two things (a key given twice).
        """
        return self.content if self.raw is None else _json(self.raw)

    @property
    def json(self) -> bytes:
        """The data's JSON, not looked at."""
        return json.dumps(self.content, ensure_ascii=False).encode() if self.raw is None else self.raw


def binary(*, event_id: str, source: str, subject: str, time: datetime, data: Message) -> tuple[Headers, bytes]:
    """Headers and value of an event in binary mode."""
    about = headers(event_id=event_id, source=source, subject=subject, time=time, kind=type(data))
    return about, data.model_dump_json(exclude_none=True).encode()


def headers(*, event_id: str, source: str, subject: str, time: datetime, kind: type[Message]) -> Headers:
    """Headers of an event in binary mode; its type is the one its class declares (`TYPE`)."""
    attributes = {
        "specversion": "1.0",
        "id": event_id,
        "source": source,
        "type": event_type(kind),
        "subject": subject,
        "time": rfc3339(time),
    }
    return [*((f"ce_{name}", value.encode()) for name, value in attributes.items()), ("content-type", JSON.encode())]


def event_type(message: type[Message]) -> str:
    """The CloudEvents type that a message class declares."""
    declared: str = getattr(message, "TYPE")  # noqa: B009 - a class variable of the concrete events only
    return declared


def parse(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> Envelope:
    """Read a record in either mode and see that its data is JSON.

    Raises:
        MalformedEventError: no CloudEvent, no JSON, or JSON that means two things (a key given twice).
    """
    envelope = unopened(headers, value)
    _ = envelope.data
    return envelope


def unopened(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> Envelope:
    """Read a record in either mode, as the content type says (Kafka binding); binary data is not decoded yet.

    Raises:
        MalformedEventError: no CloudEvent.
    """
    if value is None:
        raise MalformedEventError("the record has no value (a tombstone); send the event again with its data")
    named = _texts(headers)
    if named.get("content-type", "").startswith(STRUCTURED):
        body = _json(value)
        if not isinstance(body, dict):
            raise MalformedEventError("a structured event is a JSON object")
        return _envelope([body.get(name) for name in NAMES], None, body.get("data"), named.get(TRACEPARENT))
    return _envelope([named.get(name) for name in HEADERS], value, None, named.get(TRACEPARENT))


def trace_of(headers: Iterable[tuple[str, bytes | None]]) -> str | None:
    """The `traceparent` of a record that may be malformed in every way; None where it has none that is one."""
    said: bytes | None = None
    for name, content in headers:
        if len(name) == len(TRACEPARENT) and name.lower() == TRACEPARENT:
            said = content
    return _traceparent(said.decode(errors="replace")) if said else None


def _traceparent(text: str) -> str | None:
    """What it says in the words of version 00; a later version may say more, which is not passed on."""
    if _TRACE.fullmatch(text):
        return text
    version, rest = text[:2], text[55:]
    alike = f"00{text[2:55]}"
    known = version != "00" and _LATER.fullmatch(version + rest) and _TRACE.fullmatch(alike)
    return alike if known else None


def _envelope(named: list[Any], raw: bytes | None, content: Any, trace: str | None) -> Envelope:  # noqa: ANN401 - any JSON value
    wrong = [NAMES[n] for n, text in enumerate(named) if text.__class__ is not str and text is not None]
    if wrong:
        raise MalformedEventError(f"CloudEvents attributes are not text: {', '.join(wrong)}")
    version, event_id, source, kind, subject, time = named
    if not (version and event_id and source and kind):
        missing = [name for name, text in zip(REQUIRED, named, strict=False) if not text]
        raise MalformedEventError(f"CloudEvents attributes are missing: {', '.join(missing)}")
    told = f"{event_id}{source}{kind}{subject}"
    if len(told) > LONGEST_NAME and max(len(event_id), len(source), len(kind), len(subject or "")) > LONGEST_NAME:
        raise MalformedEventError(f"a CloudEvents attribute is longer than {LONGEST_NAME} characters")
    if "\x00" in told:
        raise MalformedEventError("a CloudEvents attribute holds a NUL character")
    if version != "1.0":
        raise MalformedEventError("CloudEvents specversion must be 1.0")
    return Envelope(event_id, source, kind, subject, time, raw, content, _traceparent(trace) if trace else None)


def _texts(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, str]:
    named = {}
    for name, content in headers:
        if content is None:
            raise MalformedEventError(f"header {name!r} is null")
        try:
            named[name.lower()] = content.decode()
        except UnicodeDecodeError:
            raise MalformedEventError(f"header {name!r} is not UTF-8") from None
    return named


def parse_json(value: bytes) -> Any:  # noqa: ANN401
    """Decode JSON strictly: UTF-8, no key twice, no NUL and no lone surrogate (PostgreSQL stores neither).

    Raises:
        MalformedEventError: with what is wrong.
    """
    return _json(value)


def _json(value: bytes) -> Any:  # noqa: ANN401
    try:
        text = value.decode()
        decoded = _DECODER.decode(text)
        if _SUSPECT.search(text):
            _storable(json.dumps(decoded, ensure_ascii=False))
    except UnicodeError:
        raise MalformedEventError("the value is not UTF-8 text") from None
    except RecursionError:
        raise MalformedEventError("the value is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise MalformedEventError(f"the value is not JSON: {error.msg} at character {error.pos}") from None
    return decoded


def _storable(text: str) -> None:
    text.encode()
    if _NUL.search(text):
        raise MalformedEventError("the value holds a NUL character")


def _constant(name: str) -> float:
    raise MalformedEventError(f"{name} is not JSON")


def _int(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise MalformedEventError("a number has too many digits")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise MalformedEventError("a number is too large")
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    decoded = dict(pairs)
    if len(decoded) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise MalformedEventError(f"given twice: {', '.join(twice)}")
    return decoded


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_int=_int, parse_float=_float)
