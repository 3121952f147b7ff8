"""Why a standing is as it is: stable codes with parameters, and from them a sentence in Swedish and in English."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from promises.domain.calendar import Period
from promises.domain.missing import units_of
from promises.domain.months import EN, SV
from promises.domain.obligation import Label, Obligation, Umbrella
from promises.domain.tally import Need, Tally
from promises.domain.working_days import between


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` is stable; `parameters` are plain words, days (ISO) and numbers, so that a sentence can be made later."""

    code: str
    parameters: dict[str, str | int]


def swedish_day(day: date) -> str:
    """`30 november`."""
    return f"{day.day} {SV[day.month - 1]}"


def english_day(day: date) -> str:
    """`30 November`."""
    return f"{day.day} {EN[day.month - 1]}"


def reasons_of(
    obligation: Obligation, period: Period, tally: Tally, *, phase: str, verdict: str | None, today: date
) -> Iterator[Reason]:
    """Every reason that holds today, the most telling first; nothing in them moves between two `wake_at`s."""
    if isinstance(obligation.rule, Umbrella):
        yield Reason("umbrella", {})
    if tally.no_baseline:
        yield Reason("no_baseline", {"period": period.id})
    elif verdict == "cannot_be_assessed":
        yield Reason("part_of_period", {"period": period.id})
    for need in tally.slots or tally.deadlines:
        yield from _of_need(obligation, need, today)
    yield from _of_tally(tally)
    if phase == "in_grace" and not tally.met:
        last = period.window.last + timedelta(obligation.grace_days)
        yield Reason("grace", {"last_day": last.isoformat()})
    if verdict in {"fulfilled", "partially_fulfilled", "not_fulfilled"} and obligation.operator_parameters:
        yield Reason("rests_on_operator", {"names_sv": _list(obligation, "sv"), "names_en": _list(obligation, "en")})
    if not obligation.leaflet_basis and tally.need:
        yield Reason("operators_number", {"need": tally.need})


def _of_tally(tally: Tally) -> Iterator[Reason]:
    if tally.slots and not tally.met and tally.counted < tally.need and all(need.met for need in tally.slots):
        yield Reason("total_missing", {"count": tally.counted, "need": tally.need})
    if tally.stray:
        yield Reason("needs_assessment", {"count": tally.stray})
    if tally.by_unit is False:
        yield Reason("not_by_unit", {})
    for day in tally.possible_duplicates:
        yield Reason("possible_duplicates", {"day": day.isoformat()})


def _of_need(obligation: Obligation, need: Need, today: date) -> Iterator[Reason]:
    about: dict[str, str | int] = {"slot": need.id, "name_sv": need.name.sv, "name_en": need.name.en}
    counts = about | {"count": need.count, "need": need.need}
    last: dict[str, str | int] = {"last_day": need.window.last.isoformat()}
    what = "slot" if need.id else "period"
    if need.met:
        yield Reason(f"{what}_met", counts)
    elif today < need.window.first:
        yield Reason("slot_not_started", about | {"first_day": need.window.first.isoformat()})
    elif need.need:
        closed = need.window.last < today
        yield Reason(f"{what}_closed" if closed else f"{what}_missing", counts | last)
        if need.reported:
            apart = set(need.awaited) <= set(need.reported)
            yield Reason("reported_apart" if apart else "partner_missing", about | _names(obligation, need))
    if need.short:
        parts: dict[str, str | int] = {
            "units_sv": units_of(need, "kvar", "av"),
            "units_en": units_of(need, "left", "of"),
        }
        yield Reason("units_missing", parts)
    if not need.met:
        yield from (Reason("planned", about | {"day": day.isoformat()}) for day in need.planned if day >= today)


def _names(obligation: Obligation, need: Need) -> dict[str, str | int]:
    labels = {owner.id: owner.name for owner in obligation.owners}
    return {
        "awaited_sv": ", ".join(labels[name].sv for name in need.awaited),
        "awaited_en": ", ".join(labels[name].en for name in need.awaited),
    }


def _list(obligation: Obligation, language: str) -> str:
    return ", ".join(label.sv if language == "sv" else label.en for label in obligation.operator_parameters)


_SENTENCES = {
    "slot_met": Label("{Name_sv}: genomfört, {count} av {need}.", "{Name_en}: done, {count} of {need}."),
    "slot_not_started": Label("{Name_sv}: börjar {first_day}.", "{Name_en}: starts on {first_day}."),
    "slot_missing": Label(
        "{Name_sv} saknas, {count} av {need}. Sista dag är {last_day}{left}.",
        "{Name_en} is missing, {count} of {need}. The last day is {last_day}{left}.",
    ),
    "slot_closed": Label(
        "{Name_sv} saknas, {count} av {need}. Sista dag var {last_day}.",
        "{Name_en} is missing, {count} of {need}. The last day was {last_day}.",
    ),
    "period_met": Label("{Name_sv}: {count} av {need}.", "{Name_en}: {count} of {need}."),
    "period_missing": Label(
        "{Name_sv}: {count} av {need} hittills. Sista dag är {last_day}{left}.",
        "{Name_en}: {count} of {need} so far. The last day is {last_day}{left}.",
    ),
    "period_closed": Label("{Name_sv}: {count} av {need}.", "{Name_en}: {count} of {need}."),
    "units_missing": Label("Inte alla har fått erbjudande{units_sv}.", "Not all have been offered it{units_en}."),
    "not_by_unit": Label("Underlaget är inte uppdelat per skola.", "The baseline is not told by school."),
    "no_baseline": Label(
        "Kan inte bedömas: ingen har rapporterat hur många det gäller {period}.",
        "Cannot be assessed: nobody has reported how many there are in {period}.",
    ),
    "operators_number": Label(
        "Löftet anger inget antal; {need} är satt av dem som följer upp det.",
        "The promise states no number; {need} is set by those who follow it up.",
    ),
    "umbrella": Label(
        "Visar de löften som hör hit och bedöms inte för sig.",
        "Shows the promises that belong to it and is not assessed by itself.",
    ),
    "partner_missing": Label(
        "{Name_sv}: samarbetspart saknas, {awaited_sv} har inte rapporterat.",
        "{Name_en}: a partner is missing, {awaited_en} has not reported.",
    ),
    "reported_apart": Label(
        "{Name_sv}: {awaited_sv} har rapporterat var för sig; bekräfta den andras rapport om det var samma tillfälle.",
        "{Name_en}: {awaited_en} reported separately; confirm the partner's report if it was the same occasion.",
    ),
    "planned": Label("{Name_sv}: planerat till {day}.", "{Name_en}: planned for {day}."),
    "total_missing": Label("{count} av {need} tillfällen är genomförda.", "{count} of {need} occasions are done."),
    "needs_assessment": Label(
        "{count} tillfälle utanför årstidens tid eller inriktning räknas i summan och behöver bedömas.",
        "{count} occasion outside the season's dates or focus counts in the total and needs assessment.",
    ),
    "possible_duplicates": Label(
        "Två rapporter utan gemensam nyckel den {day}: kanske samma tillfälle.",
        "Two reports without a common key on {day}: perhaps the same occasion.",
    ),
    "grace": Label("Sen rapportering räknas till och med {last_day}.", "Late reports count until {last_day}."),
    "part_of_period": Label("Löftet gäller bara en del av perioden {period}.", "Valid for a part of {period} only."),
    "rests_on_operator": Label(
        "Bygger på uppgifter som inte står i löftet: {names_sv}.",
        "Rests on parameters that the leaflet does not state: {names_en}.",
    ),
}


def sentence(reason: Reason, language: str, today: date | None = None) -> str:
    """The reason in a language (`sv`, `en`); with `today` it says how many working days are left."""
    write = swedish_day if language == "sv" else english_day
    values = {name: _value(name, value, write) for name, value in reason.parameters.items()}
    values |= {name.capitalize(): _capital(str(value)) for name, value in values.items() if name.startswith("name_")}
    template = _SENTENCES[reason.code].sv if language == "sv" else _SENTENCES[reason.code].en
    return template.format(**values, left=_left(reason, language, today))


def _value(name: str, value: str | int, write: object) -> str | int:
    return write(date.fromisoformat(str(value))) if name.endswith("day") and callable(write) else value


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _left(reason: Reason, language: str, today: date | None) -> str:
    if today is None or "last_day" not in reason.parameters:
        return ""
    days = between(today, date.fromisoformat(str(reason.parameters["last_day"])))
    if days == 0:
        return ""
    if language == "sv":
        return f", om {days} arbetsdag{'ar' if days != 1 else ''}"
    return f", in {days} working day{'s' if days != 1 else ''}"
