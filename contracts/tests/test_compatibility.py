import copy
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from contracts.generate import FOLDER

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the package has an escape that newer Pythons dislike
    from jsonsubschema import isSubschema  # type: ignore[import-untyped]

RELEASED = FOLDER.parent / "released"
Schema = dict[str, Any]
Json: TypeAlias = Any


def understands(reader: Schema, writer: Schema) -> bool:
    """Whether everything the writer may say is understood by the reader, which passes over what it does not know."""
    return bool(isSubschema(_plain(writer, writer), _opened(_plain(reader, reader))))


def _plain(part: Json, whole: Schema) -> Json:
    """References put in place, and formats, which the comparison passes over, as patterns, which it compares."""
    if isinstance(part, list):
        return [_plain(inner, whole) for inner in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _plain(whole["$defs"][part["$ref"].rpartition("/")[2]], whole)
    words = {"$schema", "$id", "$defs", "title", "description", "default", "format"}
    plain = {name: _plain(inner, whole) for name, inner in part.items() if name not in words or isinstance(inner, dict)}
    plain.pop("$defs", None)
    return plain | ({"pattern": f"^{part['format']}$"} if isinstance(part.get("format"), str) else {})


def _opened(part: Json) -> Json:
    if isinstance(part, list):
        return [_opened(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    closed = part.get("additionalProperties") is False and "patternProperties" not in part
    return {name: _opened(inner) for name, inner in part.items() if not (closed and name == "additionalProperties")}


def current(place: str) -> Schema:
    schema: Schema = json.loads((FOLDER / place).read_text(encoding="utf-8"))
    return schema


def test_todays_readers_understand_what_released_writers_say() -> None:
    for released in RELEASED.glob("*/*/*.json"):
        place = released.relative_to(RELEASED / released.relative_to(RELEASED).parts[0])
        assert understands(current(str(place)), json.loads(released.read_text(encoding="utf-8"))), str(released)


@pytest.mark.parametrize("place", sorted(str(file.relative_to(FOLDER)) for file in FOLDER.rglob("*.json")))
def test_a_schema_understands_itself(place: str) -> None:
    assert understands(current(place), current(place))


STATUS = "promise-status/se.lofteskollen.promise-status.changed.v1.json"
DEADLINE = "deadlines/se.lofteskollen.deadline.approaching.v1.json"
LOGGED = "activities/se.lofteskollen.activity.logged.v1.json"
PUBLISHED = "promises/se.lofteskollen.promise.published.v1.json"


def drop_a_phase(schema: Schema) -> None:
    schema["properties"]["phase"]["enum"].remove("expired")


def drop_an_optional_verdict(schema: Schema) -> None:
    schema["properties"]["verdict"]["anyOf"][0]["enum"].remove("not_fulfilled")


def require_a_new_field(schema: Schema) -> None:
    schema["properties"]["colour"] = {"type": "string"}
    schema["required"].append("colour")


def require_an_old_field(schema: Schema) -> None:
    schema["required"].append("slot_count")
    schema["properties"]["slot_count"] = {"type": "integer"}


def number_the_period(schema: Schema) -> None:
    schema["properties"]["period"] = {"type": "integer"}


def a_day_becomes_a_moment(schema: Schema) -> None:
    schema["properties"]["last_day"]["format"] = "date-time"


def a_text_becomes_a_day(schema: Schema) -> None:
    schema["properties"]["slot"]["format"] = "date"


def shorten_a_slug(schema: Schema) -> None:
    schema["properties"]["municipality"]["pattern"] = r"^24\d{2}$"


def drop_an_inner_enum_value(schema: Schema) -> None:
    schema["$defs"]["PublishedObligation"]["properties"]["visibility"]["enum"].remove("count_only")


def cap_a_number(schema: Schema) -> None:
    schema["properties"]["revision"]["maximum"] = 1000


@pytest.mark.parametrize(
    ("place", "breaking"),
    [
        (STATUS, drop_a_phase),
        (STATUS, drop_an_optional_verdict),
        (STATUS, require_a_new_field),
        (DEADLINE, require_an_old_field),
        (DEADLINE, number_the_period),
        (DEADLINE, a_day_becomes_a_moment),
        (DEADLINE, a_text_becomes_a_day),
        (LOGGED, shorten_a_slug),
        (LOGGED, cap_a_number),
        (PUBLISHED, drop_an_inner_enum_value),
    ],
)
def test_a_breaking_change_is_seen(place: str, breaking: Callable[[Schema], None]) -> None:
    changed = copy.deepcopy(current(place))
    breaking(changed)
    assert not understands(changed, current(place))


def add_an_optional_field(schema: Schema) -> None:
    schema["properties"]["colour"] = {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}


def add_a_stage(schema: Schema) -> None:
    schema["properties"]["stage"]["enum"].append("days_5")


def no_longer_require(schema: Schema) -> None:
    schema["required"].remove("quote")


def reword(schema: Schema) -> None:
    schema["description"] = "Said better."


@pytest.mark.parametrize("harmless", [add_an_optional_field, add_a_stage, no_longer_require, reword])
def test_a_harmless_change_passes(harmless: Callable[[Schema], None]) -> None:
    changed = copy.deepcopy(current(DEADLINE))
    harmless(changed)
    assert understands(changed, current(DEADLINE))


def test_a_writer_that_says_a_new_word_breaks_the_old_reader() -> None:
    changed = copy.deepcopy(current(DEADLINE))
    add_a_stage(changed)
    assert not understands(current(DEADLINE), changed)


def test_released_schemas_lie_in_a_folder_a_release() -> None:
    assert [file for file in RELEASED.rglob("*.json") if len(Path(file.relative_to(RELEASED)).parts) != 3] == []
