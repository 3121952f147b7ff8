"""What a rule is made of: parameters that say where they come from, and what can be asked of them all alike.

A rule is a plain dataclass. The catalogue's schema is built from its fields, so the bounds written there hold for the
file too; a word too much is an error. `SPEAKS` says of which sort the names in a field are, `NAMES` what a parameter
that a verdict rests on is called.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar

from promises.domain.calendar import MonthDay, Period, Window
from promises.domain.label import Label

Basis = Literal["leaflet", "operator"]
Match = Literal["any", "all"]
Mailing = Literal["every_stage", "last_stages", "monthly"]
"""Which stages are mailed: settled reading 27."""
MAILED = Label(
    "vilka påminnelser som skickas: alla (`every_stage`), de sista (`last_stages`) eller en gång i månaden (`monthly`)",
    "which reminders are mailed: all (`every_stage`), the last (`last_stages`) or one a month (`monthly`)",
)
Sort = Literal["theme", "audience", "kind", "kind of organisation", "obligation", "quantity"]
Step = str | int
CLOSED = {"extra": "forbid"}
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Given(Generic[Value]):
    """A parameter and where it comes from: the leaflet, or whoever runs the follow-up."""

    __pydantic_config__: ClassVar = CLOSED
    value: Value
    basis: Basis


Words = Given[tuple[str, ...]]


def value(given: Given[Value] | None, default: Value) -> Value:
    """What was given, or the default."""
    return default if given is None else given.value


def words(given: Words | None) -> tuple[str, ...]:
    """The words that were given, or none."""
    return value(given, ())


_AS_WRITTEN = {"first": "from", "last": "to"}


@dataclass(frozen=True, slots=True)
class YearlyWindow:
    """Days of every year, as `"03-01"` to `"05-31"`, both included.

    Raises:
        ValueError: one of them is no day of a year.
    """

    __pydantic_config__: ClassVar = CLOSED | {"alias_generator": lambda name: _AS_WRITTEN.get(name, name)}
    first: str
    last: str
    basis: Basis

    def __post_init__(self) -> None:
        MonthDay.read(self.first)
        MonthDay.read(self.last)

    def within(self, period: Period) -> Window:
        """Its days in a period of a year.

        Raises:
            ValueError: the period does not hold them.
        """
        return Window(MonthDay.read(self.first).within(period.window), MonthDay.read(self.last).within(period.window))


def walk(node: Any, place: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], Any, Any]]:  # noqa: ANN401
    """Every parameter of a rule, of its slots too: its place as in the file, the part it belongs to, itself."""
    for field in fields(node):
        found = getattr(node, field.name)
        here = (*place, field.name)
        if hasattr(found, "basis"):
            yield here, node, found
        elif isinstance(found, tuple):
            for n, part in enumerate(each for each in found if is_dataclass(each)):
                yield from walk(part, (*here, n))


def spoken(rule: Any) -> Iterator[tuple[tuple[Step, ...], Sort, tuple[str, ...]]]:  # noqa: ANN401
    """The names that a rule uses: where, of which sort, and which."""
    for place, part, given in walk(rule):
        sort = part.SPEAKS.get(place[-1])
        if sort is not None:
            yield (*place, "value"), sort, given.value if isinstance(given.value, tuple) else (given.value,)


def names(rule: Any, sort: Sort) -> tuple[str, ...]:  # noqa: ANN401
    """All names of a sort, each once, in the order of the file."""
    return tuple(dict.fromkeys(name for _, found, used in spoken(rule) if found == sort for name in used))


def set_by_operator(rule: Any) -> tuple[Label, ...]:  # noqa: ANN401
    """What the parameters that are not from the leaflet are called, those that a verdict can rest on."""
    found = {
        part.NAMES[place[-1]]: None
        for place, part, given in walk(rule)
        if given.basis == "operator" and place[-1] in part.NAMES
    }
    return tuple(found)
