"""Standings as the API shows them: verbatim quote, where each parameter comes from, sentences."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, get_args

from contracts.model import rfc3339

from promises.domain.calendar import local_day
from promises.domain.figures import BUCKETS, Figure
from promises.domain.label import Language
from promises.domain.reasons import Reason
from promises.domain.rules import KINDS
from promises.domain.sentences import sentence
from promises.domain.visibility import Audience
from promises.domain.words import PACES, PHASES, VERDICTS, Meaning

View = dict[str, Any]
CALLED: Mapping[str, Mapping[Any, Meaning]] = {"phase": PHASES, "verdict": VERDICTS, "pace": PACES}
LANGUAGES: tuple[Language, ...] = get_args(Language)


def promise(entry: View, standings: Sequence[Sequence[View]]) -> View:
    """A promise of the catalogue with the standings of each of its obligations."""
    return {
        "promise": entry["id"],
        "heading": entry["heading"],
        "quote": entry["quote"],
        "valid_from": entry["validity"]["from"],
        "valid_to": entry["validity"]["to"],
        "obligations": [obligation(*each) for each in zip(entry["obligations"], standings, strict=True)],
    }


def promised(promise: View) -> View:
    """The promise an obligation belongs to, as printed."""
    return {"promise": promise["id"], "heading": promise["heading"], "quote": promise["quote"]}


def figure(period: str, kind: str, found: Figure) -> View:
    """The seven buckets beside the figure; no ratio of none, no percentage of fewer than ten."""
    ratio = found.ratio
    return {
        "period": period,
        "period_kind": kind,
        "fulfilled": found.fulfilled,
        "of": found.of,
        "ratio_sv": ratio.sv if ratio else None,
        "ratio_en": ratio.en if ratio else None,
        "percent": found.percent,
        "buckets": [
            {"bucket": each, "sv": label.sv, "en": label.en, "count": len(names), "obligations": list(names)}
            for each, label in BUCKETS.items()
            for names in [found.buckets[each]]
        ],
    }


def obligation(entry: View, standings: Sequence[View]) -> View:
    """An obligation with its rule as the catalogue gives it, every parameter with its basis, and how it counts."""
    about = KINDS[entry["rule"]["kind"]].ABOUT
    number = entry["rule"].get("count") or entry["rule"].get("percent") or {"basis": "operator"}
    return {
        "obligation": entry["id"],
        "title_sv": entry["title"]["sv"],
        "title_en": entry["title"]["en"],
        "basis": number["basis"],
        "owners": entry["owners"],
        "about_sv": about.sv,
        "about_en": about.en,
        "rule": entry["rule"] | {"period": entry["period"], "grace_days": entry["grace_days"]},
        "standings": list(standings),
    }


def standing(row: Any, now: datetime) -> View:  # noqa: ANN401 - a row of `standing`
    """A stored standing with how often and when it changed."""
    about = {"revision": row["revision"], "changed_at": rfc3339(row["changed_at"])}
    return said(row["standing"], now) | about


def said(body: str, now: datetime) -> View:
    """A standing with its words and its reasons as people read them; only here "in 14 working days" is counted."""
    kept: View = json.loads(body)
    reasons = [Reason(each["code"], each["parameters"]) for each in kept["reasons"]]
    today = local_day(now)
    said = [
        {
            "code": reason.code,
            "parameters": reason.parameters,
            "sv": sentence(reason, "sv", today),
            "en": sentence(reason, "en", today),
        }
        for reason in reasons
    ]
    return kept | _called(kept) | {"reasons": said}


def _called(kept: View) -> View:
    """What phase, verdict and pace are called; what is not said has no name."""
    found = {word: names[kept[word]].name if kept[word] else None for word, names in CALLED.items()}
    return {f"{word}_{each}": label and label[each] for word, label in found.items() for each in LANGUAGES}


def past(shown: View, audience: Audience) -> View:
    """A standing as it was told; of plans the public is told nothing, which it once was."""
    if audience == "internal":
        return shown
    slots = [slot | {"planned": []} for slot in shown["slots"]]
    return shown | {"slots": slots, "reasons": [each for each in shown["reasons"] if each["code"] != "planned"]}


def freshness(feeds: Sequence[Any]) -> list[View]:
    """The last report of each organisation's sources, so that a dead feed is not taken for nothing done."""
    return [
        {"organisation": f["organisation"], "source": f["source"], "last_recorded_at": rfc3339(f["last_recorded_at"])}
        for f in feeds
    ]
