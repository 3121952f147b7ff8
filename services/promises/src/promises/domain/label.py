"""What people read: in Swedish and in English."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import MaxLen, MinLen

Language = Literal["sv", "en"]
Line = Annotated[str, MinLen(1), MaxLen(2000)]


@dataclass(frozen=True, slots=True)
class Label:
    """A name or a sentence in both languages."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    sv: Line
    en: Line

    def __getitem__(self, language: Language) -> str:
        return self.sv if language == "sv" else self.en


AND, OR = Label("och", "and"), Label("eller", "or")


def listed(words: Sequence[str], last: str) -> str:
    """`a, b och c`."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def labels_listed(labels: Sequence[Label], last: Label = AND) -> Label:
    """The same in both languages."""
    return Label(listed([each.sv for each in labels], last.sv), listed([each.en for each in labels], last.en))
