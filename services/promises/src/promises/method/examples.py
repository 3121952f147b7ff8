"""Every sentence a reason can become, with made-up values of the kind it has."""

from datetime import date

from promises.domain.label import Language
from promises.domain.reasons import Parameters, Reason
from promises.domain.sentences import ONE, OVER, SENTENCES, sentence

TODAY = date(2026, 11, 10)
SLOT: Parameters = {"name_sv": "höstens insats", "name_en": "the autumn operation"}
FOCUS: Parameters = {"name_sv": "tidig upptäckt", "name_en": "early detection"}
PERIOD: Parameters = {"name_sv": "året 2026", "name_en": "the year 2026"}
VALUES: Parameters = PERIOD | {
    "awaited_sv": "Umeå kommun",
    "awaited_en": "Umeå municipality",
    "units_sv": "; kvar: Teg (20 av 26)",
    "units_en": "; left: Teg (20 of 26)",
    "names_sv": "fönstrens datum och tiden för sen rapportering",
    "names_en": "the dates of the windows and the time for late reports",
    "themes_sv": "reflexer",
    "themes_en": "reflectors",
    "facts_sv": "antalet",
    "facts_en": "the number",
    "day": "2026-11-09",
    "first_day": "2026-09-01",
    "last_day": "2026-11-30",
    "next_day": "2027-01-01",
}
SHAPES: dict[str, Parameters] = {
    "": {"count": 1, "need": 2},
    ONE: {"count": 0, "need": 1},
    OVER: {"count": 3, "need": 2},
}
"""Several, one, and more than was asked for."""
WITHOUT_NEED: dict[str, dict[str, Parameters]] = {
    code: {"": {"count": 3}, ONE: {"count": 1}} for code in ("unknown_units", "needs_assessment")
}
OTHER: dict[str, Parameters] = {
    "published_until": {"name_sv": "maj–augusti 2026", "name_en": "May–August 2026"},
    "operators_number": {"need": "2"},
    "slot_closed": {"last_day": "2026-05-31", "name_sv": "vårens insats", "name_en": "the spring operation"},
    "slot_not_started": {"first_day": "2027-03-01", "name_sv": "vårens insats", "name_en": "the spring operation"},
    "period_not_started": {"first_day": "2027-01-01", "name_sv": "året 2027", "name_en": "the year 2027"},
    "focus_not_started": {"first_day": "2027-01-01"},
    "period_missing": {"last_day": "2026-12-31"},
    "focus_missing": {"last_day": "2026-12-31"},
    "grace": {"last_day": "2026-11-14"},
    "planned": SLOT | {"day": "2026-11-20"},
    "partner_missing": SLOT,
    "reported_apart": SLOT
    | {"awaited_sv": "Polisen och Umeå kommun", "awaited_en": "the police and Umeå municipality"},
    "no_baseline": {"name_sv": "läsåret 2026/27", "name_en": "the school year 2026/27"},
}


def sentences(language: Language) -> list[tuple[str, ...]]:
    """The code and the sentence, one row for every sentence there is."""
    return [(f"`{key.split('/')[0]}`", sentence(_example(key), language, TODAY)) for key in SENTENCES]


def _example(key: str) -> Reason:
    code, _, shape = key.partition("/")
    form = f"/{shape}" if shape else ""
    named = SLOT if code.startswith("slot_") else FOCUS if code.startswith("focus_") else {}
    counts = WITHOUT_NEED.get(code, SHAPES)[form]
    if form != OVER and code.endswith("_met"):
        counts = {"count": counts["need"], "need": counts["need"]}
    return Reason(code, VALUES | named | counts | OTHER.get(code, {}))
