"""The report of a run of mutants: counts by module, and a reason for each change that no test notices."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from tests.mutants.outcome import Change, End

LEAST = 90  # percent of all changes
Reasons = Mapping[str, Mapping[str, str]]
COLUMNS: tuple[End, ...] = ("noticed", "not noticed", "reached by no test", "not run")
HEAD = """# Mutants of the domain

`make mutants` changes the functions of `services/promises/src/promises/domain` one small step at a time (another
operator, a number one higher, an argument left out) and runs the tests that reach the change; a test that fails has
noticed it. Only tests that need no server and throw no dice take part, so what the random laws and the tests on
PostgreSQL would notice as well is not counted. Tables, properties and cached functions are not changed. A change
counts as noticed when a test fails or never ends; one that no test reaches counts as not noticed.

Run on {day}: **{noticed} of {total} changes noticed, {share} %**; at least {least} % are asked for.
"""


def markdown(found: Sequence[Change], reasons: Reasons, day: date) -> str:
    """The whole report."""
    noticed = sum(each.end == "noticed" for each in found)
    head = HEAD.format(day=day, noticed=noticed, total=len(found), share=f"{share(found):.1f}", least=LEAST)
    return "\n".join([head, *_table(found), *_survivors(found, reasons)]) + "\n"


def share(found: Sequence[Change]) -> float:
    """Percent noticed of all changes, those that were not run too."""
    return 100 * sum(each.end == "noticed" for each in found) / len(found)


def complaints(found: Sequence[Change], reasons: Reasons) -> Iterator[str]:
    """What keeps the run from being right."""
    if share(found) < LEAST:
        yield f"{share(found):.1f} % noticed; at least {LEAST} % are asked for"
    for each in found:
        if each.end in {"not noticed", "reached by no test"} and not _why(each, reasons):
            yield f"{each.end}, and no reason in tests/mutants/reasons.toml: {each.place}: {each.was} -> {each.now}"
    left = {(each.place, each.now) for each in found if each.end != "noticed"}
    for place, told in reasons.items():
        yield from (f"a reason for nothing: {place}: {now}" for now in told if (place, now) not in left)


def _why(change: Change, reasons: Reasons) -> str | None:
    return reasons.get(change.place, {}).get(change.now)


def _table(found: Sequence[Change]) -> Iterator[str]:
    yield f"| module | changes | {' | '.join(COLUMNS)} |"
    yield f"|---|{'---:|' * (len(COLUMNS) + 1)}"
    for module, group in groupby(found, key=lambda each: each.module):
        yield _row(f"`{module}`", Counter(each.end for each in group))
    yield _row("all", Counter(each.end for each in found))


def _row(name: str, ends: Counter[End]) -> str:
    return f"| {name} | {ends.total()} | {' | '.join(str(ends[each]) for each in COLUMNS)} |"


def _survivors(found: Sequence[Change], reasons: Reasons) -> Iterator[str]:
    unnoticed = [each for each in found if each.end in {"not noticed", "reached by no test"}]
    yield f"\n## What no test notices: {len(unnoticed)}"
    for place, group in groupby(unnoticed, key=lambda each: each.place):
        yield f"\n`{place}`"
        for each in group:
            why = _why(each, reasons) or "no reason yet"
            yield f"- `{each.was or '(nothing)'}` → `{each.now or '(nothing)'}`: {why}"
