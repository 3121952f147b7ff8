import json
import subprocess
import sys
from pathlib import Path

import pytest
from contracts.envelope import event_type, parse
from contracts.generate import FOLDER, differences, documents, write
from contracts.registry import messages
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

EXAMPLES = FOLDER.parent / "examples"
STRUCTURED = [("content-type", b"application/cloudevents+json")]
PLACES = dict(messages())


def test_the_schemas_in_git_are_those_of_the_models() -> None:
    assert differences(FOLDER, documents()) == []


def test_every_message_has_one_example_and_no_example_is_left_over() -> None:
    assert {str(file.relative_to(EXAMPLES)) for file in EXAMPLES.rglob("*.json")} == set(documents())


@pytest.mark.parametrize("place", PLACES)
def test_an_example_is_read_by_the_envelope_the_model_and_the_schema(place: str) -> None:
    envelope = parse(STRUCTURED, (EXAMPLES / f"{place}.json").read_bytes())
    schema = json.loads((FOLDER / f"{place}.json").read_text(encoding="utf-8"))
    assert envelope.type == event_type(PLACES[place])
    assert envelope.subject
    PLACES[place].model_validate(envelope.data)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(envelope.data)


@pytest.mark.parametrize("place", PLACES)
def test_what_a_writer_says_beyond_its_fields_is_against_its_schema(place: str) -> None:
    envelope = parse(STRUCTURED, (EXAMPLES / f"{place}.json").read_bytes())
    schema = Draft202012Validator(json.loads((FOLDER / f"{place}.json").read_text(encoding="utf-8")))
    assert not schema.is_valid(envelope.data | {"added": 1})


def test_a_missing_a_changed_and_a_stale_schema_are_named(tmp_path: Path) -> None:
    write(tmp_path, {"a/one.json": "{}\n", "a/two.json": "{}\n", "a/three.json": "{}\n"})
    found = differences(tmp_path, {"a/one.json": "{}\n", "a/two.json": "[]\n", "a/four.json": "{}\n"})
    assert [diff.splitlines()[0] for diff in found] == ["--- a/four.json", "--- a/three.json", "--- a/two.json"]


def test_writing_removes_what_is_stale(tmp_path: Path) -> None:
    write(tmp_path, {"a/one.json": "{}\n"})
    write(tmp_path, {"a/two.json": "{}\n"})
    assert [file.name for file in tmp_path.rglob("*.json")] == ["two.json"]


def test_the_check_on_the_command_line_passes() -> None:
    command = [sys.executable, "-m", "contracts.generate", "--check"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
