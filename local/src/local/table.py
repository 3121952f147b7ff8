"""The last thing on the screen: how every promise stands, which mails went, what was refused, and where to click."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from local.closing import Outcome
from local.signs import SIGNS, Strips, state

View = dict[str, Any]
STAGES = ("opens", "half_time", "days_20", "days_10", "days_1", "missed")


def closing(
    console: Console, outcome: Outcome, strips: Strips, wrong: Sequence[str], *, took: str, compared: bool
) -> None:
    """Every obligation with its year, the mails, the refusals, and one sentence on what was shown."""
    console.print(promises(outcome, strips), mails(outcome), refusals(outcome), sep="\n")
    console.print(sentence(outcome, took))
    for line in wrong:
        console.print(f"✗ {line}", style="bold red", markup=False)
    if not wrong:
        said = (
            "Standings, mails and refusals are exactly as expected." if compared else "Nothing unexpected was answered."
        )
        console.print(f"✓ {said}", style="green")


def sentence(outcome: Outcome, took: str) -> str:
    """What was shown, in one sentence."""
    standings = sum(len(entry["standings"]) for entry in outcome.obligations())
    return (
        f"Shown: what two organisations reported over HTTP and Kafka, doubled, corrected, taken back and malformed, "
        f"became {standings} standings of {sum(1 for _ in outcome.obligations())} obligations and {len(outcome.mails)} "
        f"mails to those who could still act, at most {burden(outcome)} to one mailbox; {took}."
    )


def burden(outcome: Outcome) -> int:
    """The most mails that one mailbox got in the year."""
    return max(Counter((who, role) for _, who, role, _ in outcome.mails).values(), default=0)


def promises(outcome: Outcome, strips: Strips) -> Table:
    """Every obligation with its last standing and its year as a strip."""
    table = Table(title="Löften i Umeå 2026 / Promises", title_justify="left")
    for name in ("åtagande / obligation", "JFMAMJJASOND", "period", "läge / standing", "varför / why"):
        table.add_column(name, overflow="fold")
    for entry in outcome.obligations():
        if not entry["standings"]:
            continue
        last = current(entry)
        strip = strips.by_obligation.get(entry["obligation"], "")
        why = " ".join(telling(last["reasons"])[:2])
        table.add_row(entry["obligation"], strip, last["period"], SIGNS[state(last)][1], why)
    return table


def telling(reasons: Sequence[View]) -> list[str]:
    """The reasons as sentences, what is missing before what is done, parameters left out."""
    said = [each for each in reasons if each["code"] not in {"rests_on_operator", "operators_number"}]
    return [each["sv"] for each in sorted(said, key=lambda each: each["code"].endswith("_met"))]


def current(entry: View) -> View:
    """The standing that sums up the year 2026: of the last period that ended, or else of the one that runs."""
    closed = [each for each in entry["standings"] if each["phase"] in {"closed", "expired", "in_grace"}]
    last: View = (closed or entry["standings"])[-1]
    return last


def mails(outcome: Outcome) -> Table:
    """How many mails each recipient got, and how often each stage was told."""
    table = Table(title="Brev / Mails", title_justify="left")
    for name in ("till / to", "brev / mails", *STAGES):
        table.add_column(name, justify="left" if name.startswith("till") else "right")
    stages: dict[tuple[str, str], Counter[str]] = {}
    for _, who, role, items in outcome.mails:
        stages.setdefault((who, role), Counter()).update(item.rpartition("/")[2] for item in items)
    sent = Counter((who, role) for _, who, role, _ in outcome.mails)
    for (who, role), told in sorted(stages.items()):
        table.add_row(f"{who}, {role}", str(sent[who, role]), *(str(told[stage] or "") for stage in STAGES))
    return table


def refusals(outcome: Outcome) -> Table:
    """What was refused at both doors, and what to mend."""
    table = Table(title="Avvisat / Refused", title_justify="left")
    for name in ("avsändare / sender", "väg / door", "varför / why"):
        table.add_column(name, overflow="fold")
    for item in sorted(outcome.refusals, key=lambda each: str(each["recorded_at"])):
        table.add_row(item["organisation"], item["door"], f"{item['code']}: {item['detail']}")
    return table
