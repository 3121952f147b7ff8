"""A reason as one clear sentence in Swedish and in English."""

from datetime import date

from promises.domain.label import Label, Language
from promises.domain.months import EN, SV
from promises.domain.reasons import Parameters, Reason
from promises.domain.working_days import between

ONE, OVER = "/one", "/over"
_DONE = Label("Klart: {name_sv}, {count} av {need}.", "Done: {name_en}, {count} of {need}.")
_DONE_ONE = Label("Klart: {name_sv}.", "Done: {name_en}.")
_DONE_OVER = Label(
    "Klart: {name_sv}, {count} där målet är {need}.", "Done: {name_en}, {count} where the goal is {need}."
)
_LACKING = Label(
    "{Name_sv}: {count} av {need} klara. Sista dag är {last_day}{left}.",
    "{Name_en}: {count} of {need} done. The last day is {last_day}{left}.",
)
_LACKING_ONE = Label(
    "{Name_sv} saknas. Sista dag är {last_day}{left}.", "{Name_en} is missing. The last day is {last_day}{left}."
)
_NOT_PROMISED = Label(
    "{Name_sv} ligger utanför tiden då löftet gäller.", "{Name_en} lies outside the time for which the promise is made."
)
_FROM = Label("{Name_sv} följs upp från {first_day}.", "{Name_en} is followed up from {first_day}.")
SENTENCES = {
    "slot_met": _DONE,
    "slot_met/one": _DONE_ONE,
    "slot_met/over": _DONE_OVER,
    "focus_met": _DONE,
    "focus_met/one": _DONE_ONE,
    "focus_met/over": _DONE_OVER,
    "period_met": Label("{Name_sv}: {count} av {need}.", "{Name_en}: {count} of {need}."),
    "period_met/over": Label("{Name_sv}: {count} där målet är {need}.", "{Name_en}: {count} where the goal is {need}."),
    "slot_not_started": Label("{Name_sv} kan göras från {first_day}.", "{Name_en} can be done from {first_day}."),
    "focus_not_started": _FROM,
    "period_not_started": _FROM,
    "slot_not_promised": _NOT_PROMISED,
    "focus_not_promised": _NOT_PROMISED,
    "period_not_promised": _NOT_PROMISED,
    "slot_missing": _LACKING,
    "slot_missing/one": _LACKING_ONE,
    "focus_missing": _LACKING,
    "focus_missing/one": _LACKING_ONE,
    "period_missing": Label(
        "{Name_sv}: {count} av {need} hittills. Sista dag är {last_day}{left}.",
        "{Name_en}: {count} of {need} so far. The last day is {last_day}{left}.",
    ),
    "period_missing/one": Label(
        "{Name_sv}: inget klart ännu. Sista dag är {last_day}{left}.",
        "{Name_en}: nothing done yet. The last day is {last_day}{left}.",
    ),
    "slot_closed": Label(
        "{Name_sv}: {count} av {need} klara. Sista dag var {last_day}.",
        "{Name_en}: {count} of {need} done. The last day was {last_day}.",
    ),
    "slot_closed/one": Label(
        "{Name_sv} saknas. Sista dag var {last_day}.", "{Name_en} is missing. The last day was {last_day}."
    ),
    "slot_themes_missing": Label(
        "{Name_sv}: {themes_sv} återstår. Sista dag är {last_day}{left}.",
        "{Name_en}: still without {themes_en}. The last day is {last_day}{left}.",
    ),
    "slot_themes_closed": Label(
        "{Name_sv}: {themes_sv} saknas. Sista dag var {last_day}.",
        "{Name_en}: without {themes_en}. The last day was {last_day}.",
    ),
    "focus_closed": Label("{Name_sv}: {count} av {need}.", "{Name_en}: {count} of {need}."),
    "focus_closed/one": Label("{Name_sv}: inget rapporterat.", "{Name_en}: nothing reported."),
    "period_closed": Label("{Name_sv}: {count} av {need}.", "{Name_en}: {count} of {need}."),
    "units_missing": Label("Alla är inte nådda{units_sv}.", "Not everybody has been reached{units_en}."),
    "not_by_unit": Label(
        "Underlaget är inte uppdelat på enheter, till exempel skolor.",
        "The baseline is not broken down by unit, by school for example.",
    ),
    "unknown_units": Label(
        "{count} rapporter anger ingen av underlagets enheter och räknas inte.",
        "{count} reports name none of the baseline's units and do not count.",
    ),
    "unknown_units/one": Label(
        "En rapport anger ingen av underlagets enheter och räknas inte.",
        "One report names none of the baseline's units and does not count.",
    ),
    "no_baseline": Label(
        "Kan inte bedömas: ingen har rapporterat hur många det gäller {name_sv}.",
        "Cannot be assessed: nobody has reported how many there are in {name_en}.",
    ),
    "operators_number": Label(
        "Löftet anger inget antal; målet, {need} per period, är satt av dem som följer upp det.",
        "The promise states no number; the goal, {need} a period, is set by those who follow it up.",
    ),
    "umbrella": Label(
        "Visar de löften som hör hit och bedöms inte för sig.",
        "Shows the promises that belong to it and is not assessed by itself.",
    ),
    "partner_missing": Label(
        "Samarbetspart saknas: {name_sv} väntar på att {awaited_sv} rapporterar eller bekräftar.",
        "A partner is missing: a report or confirmation of {name_en} is awaited from {awaited_en}.",
    ),
    "reported_apart": Label(
        "{Name_sv}: {awaited_sv} har rapporterat var för sig; bekräfta den andras rapport om det var samma tillfälle.",
        "{Name_en}: {awaited_en} reported separately; confirm the partner's report if it was the same occasion.",
    ),
    "planned": Label("{Name_sv}: planerat till {day}.", "{Name_en}: planned for {day}."),
    "total_missing": Label("Genomförda tillfällen: {count} av {need}.", "Occasions done: {count} of {need}."),
    "needs_assessment": Label(
        "{count} tillfällen utanför tidsfönstren eller med en annan inriktning räknas i summan och behöver bedömas.",
        "{count} occasions outside the windows or with another theme count in the total and need assessment.",
    ),
    "needs_assessment/one": Label(
        "Ett tillfälle utanför tidsfönstren eller med en annan inriktning räknas i summan och behöver bedömas.",
        "One occasion outside the windows or with another theme counts in the total and needs assessment.",
    ),
    "possible_duplicates": Label(
        "Två rapporter utan gemensam nyckel den {day}: kanske samma tillfälle.",
        "Two reports without a common key on {day}: perhaps the same occasion.",
    ),
    "reports_disagree": Label(
        "Rapporterna om tillfället den {day} skiljer sig åt: {facts_sv}.",
        "The reports of the occasion on {day} disagree: {facts_en}.",
    ),
    "grace": Label(
        "Perioden är slut; resultatet visas efter {last_day}, så att sena rapporter hinner komma in.",
        "The period is over; the result is shown after {last_day}, so that late reports can come in.",
    ),
    "part_of_period": Label(
        "Kan inte bedömas: löftet gäller bara en del av {name_sv}.",
        "Cannot be assessed: the promise is made for a part of {name_en} only.",
    ),
    "rests_on_operator": Label(
        "Bygger på uppgifter som inte står i löftet: {names_sv}.",
        "Rests on parameters that the leaflet does not state: {names_en}.",
    ),
    "published_until": Label(
        "Visar rapporter till och med {name_sv}; nyare räknas in {next_day}.",
        "Shows reports up to {name_en}; newer ones are counted from {next_day}.",
    ),
}


def swedish_day(day: date) -> str:
    """`30 november`."""
    return f"{day.day} {SV[day.month - 1]}"


def english_day(day: date) -> str:
    """`30 November`."""
    return f"{day.day} {EN[day.month - 1]}"


def sentence(reason: Reason, language: Language, today: date | None = None) -> str:
    """The reason in a language; with `today` it says how many working days are left."""
    write = swedish_day if language == "sv" else english_day
    values = {
        name: write(date.fromisoformat(str(value))) if name.endswith("day") else value
        for name, value in reason.parameters.items()
    }
    values = _older(reason) | values
    values |= {name.capitalize(): _capital(str(value)) for name, value in values.items() if name.startswith("name_")}
    template = SENTENCES.get(reason.code + _shape(reason.parameters), SENTENCES[reason.code])
    return template[language].format(**values, left=_left(reason, language, today))


def _shape(about: Parameters) -> str:
    """Which of a code's sentences fits: that of one, of more than was asked for, or of several."""
    count, need = about.get("count"), about.get("need", 0)
    if not isinstance(count, int) or not isinstance(need, int):
        return ""
    if need and count > need:
        return OVER
    return ONE if need == 1 or (not need and count == 1) else ""


def _older(reason: Reason) -> Parameters:
    """What version 0.1.0 did not keep: the name of the period."""
    period = reason.parameters.get("period", "")
    return {"name_sv": period, "name_en": period}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _left(reason: Reason, language: Language, today: date | None) -> str:
    if today is None or "last_day" not in reason.parameters:
        return ""
    last = date.fromisoformat(str(reason.parameters["last_day"]))
    if today == last:
        return ", i dag" if language == "sv" else ", today"
    days = between(today, last)
    if days == 0:
        return ", och ingen arbetsdag återstår" if language == "sv" else ", and no working day is left"
    if language == "sv":
        return f", om {days} arbetsdag{'ar' if days != 1 else ''}"
    return f", in {days} working day{'s' if days != 1 else ''}"
