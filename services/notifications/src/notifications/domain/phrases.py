"""The phrases of a digest in each language; `$name` is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from notifications.domain.recipient import Language


@dataclass(frozen=True, slots=True)
class Phrases:
    """Every sentence a mail may say in one language. Pairs are (one, several)."""

    one_subject: Template
    many_subject: Template
    greeting: Template
    opening: Template
    many_opening: Template
    stages: Mapping[str, Template]
    last_day: Template
    days_left: tuple[Template, Template]
    last_chance: Template
    passed: Template
    missing: Template
    reported: Template
    apart: Template
    late: str
    report: Template
    closing: str
    joint: str
    quotes: tuple[str, str]
    months: tuple[str, ...]


SWEDISH = Phrases(
    one_subject=Template("Löfteskollen: $left – $what"),
    many_subject=Template("Löfteskollen: $count löften behöver er"),
    greeting=Template("Hej $name!"),
    opening=Template("Ett medborgarlöfte väntar på er."),
    many_opening=Template("$count medborgarlöften väntar på er."),
    stages={
        "opens": Template("Nu börjar tiden för detta löfte."),
        "half_time": Template("Halva tiden har gått."),
        "days_20": Template("Nu är det dags."),
        "days_10": Template("Tiden är snart ute."),
        "days_1": Template("Sista påminnelsen."),
        "missed": Template("Tiden har gått ut utan att allt har rapporterats."),
    },
    last_day=Template("Sista dag: $day"),
    days_left=(Template("$count arbetsdag kvar"), Template("$count arbetsdagar kvar")),
    last_chance=Template("ingen arbetsdag kvar efter i dag"),
    passed=Template("tiden har gått ut"),
    missing=Template("Det som saknas: $what"),
    reported=Template("$who har rapporterat; nu väntas rapport från $awaited."),
    apart=Template("$who har rapporterat var för sig. Bekräfta den andras rapport om det var samma tillfälle."),
    late="Påminnelsen är sen: den borde ha kommit tidigare.",
    report=Template("Rapportera här: $link"),
    closing=(
        "Har ni redan rapporterat? Då behöver ni inte göra något; nästa brev vet om det.\n"
        "Brevet är skickat av Löfteskollen och går inte att svara på."
    ),
    joint="och",
    quotes=("”", "”"),
    months=(
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ),
)
ENGLISH = Phrases(
    one_subject=Template("Löfteskollen: $left – $what"),
    many_subject=Template("Löfteskollen: $count promises need you"),
    greeting=Template("Hello $name,"),
    opening=Template("A promise to the citizens is waiting for you."),
    many_opening=Template("$count promises to the citizens are waiting for you."),
    stages={
        "opens": Template("The time for this promise begins now."),
        "half_time": Template("Half of the time has passed."),
        "days_20": Template("It is time now."),
        "days_10": Template("Time is running out."),
        "days_1": Template("This is the last reminder."),
        "missed": Template("The time has run out and not everything has been reported."),
    },
    last_day=Template("Last day: $day"),
    days_left=(Template("$count working day left"), Template("$count working days left")),
    last_chance=Template("no working day left after today"),
    passed=Template("the time has run out"),
    missing=Template("What is missing: $what"),
    reported=Template("$who reported; a report from $awaited is still awaited."),
    apart=Template("$who reported separately. Confirm the partner's report if it was the same occasion."),
    late="This reminder is late: it should have come earlier.",
    report=Template("Report here: $link"),
    closing=(
        "Have you reported already? Then there is nothing to do; the next letter will know.\n"
        "This letter was sent by Löfteskollen and cannot be answered."
    ),
    joint="and",
    quotes=("“", "”"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
)
IN: Mapping[Language, Phrases] = {"sv": SWEDISH, "en": ENGLISH}
