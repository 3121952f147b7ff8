"""The agenda as the API shows it."""

from promises.domain.agenda import WHAT, Item
from promises.views import View


def item(found: Item) -> View:
    """What falls on a day, about what, and what is missing."""
    obligation, need, word = found.obligation, found.need, WHAT[found.what]
    left = found.missing
    return {
        "day": found.day.isoformat(),
        "what": found.what,
        "what_sv": word.sv,
        "what_en": word.en,
        "obligation": obligation.id,
        "title_sv": obligation.title.sv,
        "title_en": obligation.title.en,
        "period": found.period,
        "slot": need.id,
        "slot_sv": need.name.sv,
        "slot_en": need.name.en,
        "first_day": need.window.first.isoformat(),
        "last_day": need.window.last.isoformat(),
        "awaited": list(need.awaited),
        "missing": {"sv": left.sv, "en": left.en} if left else None,
    }
