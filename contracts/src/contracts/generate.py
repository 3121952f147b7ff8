"""`python -m contracts.generate` writes a JSON Schema for every event; `--check` tells whether they are up to date."""

import argparse
import difflib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from contracts.model import Message
from contracts.registry import messages

DIALECT = "https://json-schema.org/draft/2020-12/schema"
HOME = "https://lofteskollen.se/schemas/"
FOLDER = Path(__file__).resolve().parents[2] / "schemas"


class _Plain(GenerateJsonSchema):
    """No titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002
        return False


def schema(place: str, message: type[Message]) -> dict[str, Any]:
    """The JSON Schema a writer keeps to: every field named, nothing else allowed."""
    body = message.model_json_schema(schema_generator=_Plain)
    _close(body)
    return body | {"$schema": DIALECT, "$id": f"{HOME}{place}.json"}


def _close(part: Any) -> None:  # noqa: ANN401
    """Pydantic refuses names that miss a pattern and its schemas let them pass: close them too."""
    if isinstance(part, dict):
        if "patternProperties" in part:
            part["additionalProperties"] = False
        for inner in part.values():
            _close(inner)
    elif isinstance(part, list):
        for inner in part:
            _close(inner)


def documents() -> dict[str, str]:
    """What the folder should hold: relative path and text."""
    return {
        f"{place}.json": json.dumps(schema(place, message), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        for place, message in messages()
    }


def differences(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    """A diff for every file that is missing, stale or other than it should be."""
    there = {str(file.relative_to(folder)): file.read_text(encoding="utf-8") for file in folder.rglob("*.json")}
    return [
        "\n".join(difflib.unified_diff(old.splitlines(), new.splitlines(), name, name, lineterm="", n=1))
        for name in sorted(there | dict(wanted))
        if (old := there.get(name, "")) != (new := wanted.get(name, ""))
    ]


def write(folder: Path, wanted: Mapping[str, str]) -> None:
    """Make the folder hold these files and no other schema."""
    for file in folder.rglob("*.json"):
        if str(file.relative_to(folder)) not in wanted:
            file.unlink()
    for name, text in wanted.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def main() -> None:
    """Write the schemas, or compare them and end with status 1 where they differ."""
    parser = argparse.ArgumentParser(prog="python -m contracts.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; show what differs and end with status 1")
    checking = parser.parse_args().check
    found = differences(FOLDER, documents())
    if checking and found:
        sys.exit("\n".join([*found, "contracts/schemas differs from the models: run `make generate`"]))
    if not checking:
        write(FOLDER, documents())


if __name__ == "__main__":
    main()
