"""What came out of the year, asked from the services and the inbox, and compared with what had to come out."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from local.asking import ask
from local.doors import MUNICIPALITY
from local.places import ORGANISATIONS
from local.stage import Stage

JUDGED = ("phase", "verdict", "pace", "counted", "need")
MOST_DIGESTS, LAST_CALLS = 40, {"days_1", "missed"}
Sent = tuple[str, str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`mails` are (working day, organisation, role, items) of every mail the inbox got, copies left out.

    An item is `<obligation>/<period>/<slot>/<stage>`; `message_ids` hold the copies too, `in_doubt` counts attempts
    that a kill left open.
    """

    promises: list[dict[str, Any]]
    freshness: list[dict[str, Any]]
    mails: list[Sent]
    message_ids: list[str]
    texts: list[str]
    in_doubt: int
    refusals: list[dict[str, Any]]
    surprises: list[str] = field(default_factory=list)

    @property
    def copies(self) -> int:
        """How many mails are copies of another one (same Message-ID)."""
        return len(self.message_ids) - len(set(self.message_ids))

    def obligations(self) -> Iterator[dict[str, Any]]:
        """Every obligation with its standings, in the leaflet's order."""
        for promise in self.promises:
            yield from promise["obligations"]


async def promises(stage: Stage, http: httpx.AsyncClient) -> dict[str, Any]:
    """Every promise as its owners see it now."""
    url = f"{stage.api('promises')}/v1/municipalities/{MUNICIPALITY}/promises"
    found: dict[str, Any] = (await ask(http, "GET", url, token=stage.keys.token(ORGANISATIONS[0]))).json()
    return found


async def collect(stage: Stage, surprises: Sequence[str] = ()) -> Outcome:
    """Ask the services and the inbox."""
    async with httpx.AsyncClient(timeout=30) as http:
        shown = await promises(stage, http)
        inbox = await stage.mails(http)
        known = (await ask(http, "GET", f"{stage.internal('notifications')}/v1/mails")).json()
        refusals = [item for organisation in ORGANISATIONS async for item in _refusals(stage, http, organisation)]
    by_id = {mail["message_id"]: mail for mail in known}
    message_ids = [mail["message_id"] for mail in inbox]
    return Outcome(
        promises=shown["promises"],
        freshness=shown["freshness"],
        mails=sorted(_sent(by_id[message_id]) for message_id in set(message_ids)),
        message_ids=message_ids,
        texts=list({mail["message_id"]: f"{mail['to']} {mail['subject']}\n{mail['text']}" for mail in inbox}.values()),
        in_doubt=sum(attempt["outcome"] == "unknown" for mail in known for attempt in mail["attempts"]),
        refusals=refusals,
        surprises=list(surprises),
    )


async def _refusals(stage: Stage, http: httpx.AsyncClient, organisation: str) -> Any:  # noqa: ANN401 - a generator
    url = f"{stage.api('activities')}/v1/refusals?limit=1000"
    answer = await ask(http, "GET", url, token=stage.keys.token(organisation))
    for item in answer.json()["refusals"]:
        yield item | {"organisation": organisation}


def _sent(mail: dict[str, Any]) -> Sent:
    items = sorted(
        f"{each['obligation']}/{each['period']}/{each['slot']}/{each['stage']}"
        for each in mail["reminders"]
        if each["state"] in {"sent", "uncertain"}
    )
    return mail["digest_day"], mail["organisation"], mail["role"], tuple(items)


def canonical(outcome: Outcome) -> str:
    """All that came out, without ids and times of the machine: two runs of one story give the same text."""
    kept = {
        "promises": outcome.promises,
        "freshness": outcome.freshness,
        "mails": outcome.mails,
        "texts": sorted(outcome.texts),
        "refusals": sorted(
            (each["organisation"], each["door"], each["code"], each["detail"]) for each in outcome.refusals
        ),
    }
    bare = _without(kept, {"revision", "changed_at", "activity_id"})
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", json.dumps(bare, sort_keys=True, indent=1, ensure_ascii=False))


def _without(part: Any, names: set[str]) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(part, dict):
        return {name: _without(inner, names) for name, inner in part.items() if name not in names}
    if isinstance(part, list | tuple):
        return [_without(inner, names) for inner in part]
    return part


def differences(outcome: Outcome, expected: Path) -> list[str]:
    """What differs from the expectation, as sentences; nothing when all came out."""
    wanted = json.loads(expected.read_text(encoding="utf-8"))
    said = [*_standings(outcome, wanted["standings"]), *_mails(outcome, wanted["mails"]), *outcome.surprises]
    said += _burden(outcome)
    if outcome.copies > outcome.in_doubt:
        said.append(f"{outcome.copies} mail(s) came twice, {outcome.in_doubt} attempt(s) were left open by a kill")
    refusals = Counter(item["code"] for item in outcome.refusals)
    if refusals != Counter(wanted["refusals"]):
        said.append(f"refusals are {dict(refusals)} and should be {wanted['refusals']}")
    return said


def _burden(outcome: Outcome) -> Iterator[str]:
    """At most 40 digests a mailbox, and a second one in an ISO week only with a last call (settled reading 27)."""
    days: dict[tuple[str, str], dict[str, set[str]]] = {}
    for day, who, role, items in outcome.mails:
        days.setdefault((who, role), {}).setdefault(day, set()).update(item.rpartition("/")[2] for item in items)
    for (who, role), stages in days.items():
        if len(stages) > MOST_DIGESTS:
            yield f"{who} ({role}) got {len(stages)} digests, {MOST_DIGESTS} are allowed"
        weeks = set()
        for day in sorted(stages):
            week = date.fromisoformat(day).isocalendar()[:2]
            if week in weeks and not stages[day] & LAST_CALLS:
                yield f"{who} ({role}) got a second digest in a week on {day}, without a last call"
            weeks.add(week)


def _standings(outcome: Outcome, wanted: Sequence[dict[str, Any]]) -> Iterator[str]:
    found = {(o["obligation"], each["period"]): each for o in outcome.obligations() for each in o["standings"]}
    expected = {(each["obligation"], each["period"]): each for each in wanted}
    for key in sorted(found.keys() | expected.keys()):
        name = " ".join(key)
        if key not in found or key not in expected:
            yield f"the standing of {name} is {'missing' if key in expected else 'too much'}"
            continue
        for word in JUDGED:
            if found[key][word] != expected[key][word]:
                yield f"{name}: {word} is {found[key][word]!r} and should be {expected[key][word]!r}"


def _mails(outcome: Outcome, wanted: Sequence[Sequence[Any]]) -> Iterator[str]:
    expected = Counter((day, who, role, tuple(sorted(items))) for day, who, role, items in wanted)
    found = Counter(outcome.mails)
    for mails, word in (((expected - found), "missing"), ((found - expected), "too many")):
        for day, who, role, items in sorted(mails.elements()):
            yield f"a mail of {day} to {who} ({role}) is {word}: {', '.join(items)}"
