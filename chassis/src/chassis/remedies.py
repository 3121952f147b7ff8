"""What a model refused, as sentences that say what to mend; values are not echoed."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from contracts.model import EXAMPLES

Place = tuple[str | int, ...]
MOMENT = "it is no moment of the calendar ({error}); write it as 2026-04-14T07:30:00+02:00"
DAY = "it is no day of the calendar ({error}); write it as 2026-04-14"
OBJECT = "give names with their values, in {{ }}"
NAME = "no field is called so; mend its name or leave it out"
REMEDIES: Mapping[str, str] = {
    "missing": "it is missing; give it",
    "extra_forbidden": NAME,
    "unexpected_keyword_argument": NAME,
    "string_type": "give a text, in quotes",
    "string_pattern_mismatch": "write it as {example}",
    "string_too_short": "it is too short; write at least {min_length} character(s)",
    "string_too_long": "it is too long; write at most {max_length} characters",
    "tuple_type": "give a list, in [ ]",
    "list_type": "give a list, in [ ]",
    "too_short": "it holds too few; give at least {min_length}",
    "too_long": "it holds too many; give at most {max_length}",
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "dataclass_type": OBJECT,
    "union_tag_invalid": "{discriminator} must be one of {expected_tags}",
    "union_tag_not_found": "{discriminator} is missing; give it",
    "literal_error": "it must be {expected}",
    "int_type": "give a whole number",
    "int_parsing": "give a whole number",
    "int_parsing_size": "it is too large; give a smaller number",
    "int_from_float": "give a whole number",
    "greater_than_equal": "it is too small; give at least {ge}",
    "less_than_equal": "it is too large; give at most {le}",
    "bool_type": "give true or false, without quotes",
    "bool_parsing": "give true or false",
    "datetime_parsing": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": "give a day without a time, as 2026-04-14",
    "uuid_type": "write it as 01989f6e-2a4b-7c1d-8e3f-5a6b7c8d9e0f",
    "uuid_parsing": "write it as 01989f6e-2a4b-7c1d-8e3f-5a6b7c8d9e0f",
}
"""By pydantic's type of error; the words in braces are its context's."""


def remedies(errors: Iterable[Any]) -> Iterator[tuple[Place, str]]:
    """Pydantic's errors as places and sentences, one for each fault: what was left out as wrong is not missing too."""
    found = list(errors)
    above = {item["loc"][:-1] for item in found}
    for item in found:
        if item["type"] != "too_short" or item["loc"] not in above:
            yield item["loc"], _sentence(item)


def _sentence(item: Any) -> str:  # noqa: ANN401 - pydantic's error
    """The remedy, or what pydantic says where the table has none; a validator of ours says it itself."""
    context = item.get("ctx", {})
    template = REMEDIES.get(item["type"])
    example = EXAMPLES.get(context.get("pattern"))
    if template is None or ("{example}" in template and example is None):
        return str(item["msg"]).removeprefix("Value error, ")
    return template.format(**context, example=example)


def hint(name: str, known: Iterable[str]) -> str:
    """What a name that is not known may have meant."""
    names = sorted(known)
    near = get_close_matches(name, names, n=3)
    return f"near: {', '.join(near)}" if near else f"known: {', '.join(names)}"
