"""What the words of a standing are called and what they mean, for whoever reads them."""

from collections.abc import Mapping
from typing import NamedTuple

from promises.domain.label import Label
from promises.domain.standing import Pace, Phase, SlotState, Verdict


class Meaning(NamedTuple):
    """What a word is called, and what it says."""

    name: Label
    says: Label


PHASES: Mapping[Phase, Meaning] = {
    "not_started": Meaning(
        Label("inte börjat", "not started"), Label("Första dagen har inte kommit.", "The first day has not come.")
    ),
    "open": Meaning(
        Label("pågår", "open"),
        Label("Från första till och med sista dagen.", "From the first day to the last, both included."),
    ),
    "in_grace": Meaning(
        Label("väntar på sena rapporter", "in grace"),
        Label(
            "Sista dagen har passerat; det finns fortfarande tid att rapportera.",
            "The last day has passed; there is still time to report.",
        ),
    ),
    "closed": Meaning(
        Label("avslutad", "closed"),
        Label(
            "Också tiden för sena rapporter är slut; ett utfall finns.",
            "The time for late reports is over too; there is an outcome.",
        ),
    ),
    "expired": Meaning(
        Label("upphörd", "expired"),
        Label(
            "Löftet slutade gälla innan perioden var slut, och tiden för sena rapporter är slut.",
            "The promise ended before its period did, and the time for late reports is over.",
        ),
    ),
}
VERDICTS: Mapping[Verdict, Meaning] = {
    "fulfilled": Meaning(
        Label("uppfyllt", "fulfilled"), Label("Allt som krävs är rapporterat.", "All that is needed is reported.")
    ),
    "partially_fulfilled": Meaning(
        Label("delvis uppfyllt", "partially fulfilled"),
        Label(
            "Perioden är avslutad; något räknas, men inte allt som krävs.",
            "The period is closed; something counts, but not all that is needed.",
        ),
    ),
    "not_fulfilled": Meaning(
        Label("ej uppfyllt", "not fulfilled"),
        Label("Perioden är avslutad och inget räknas.", "The period is closed and nothing counts."),
    ),
    "cannot_be_assessed": Meaning(
        Label("kan inte bedömas", "cannot be assessed"),
        Label(
            "Underlaget för hur många det gäller saknas, eller löftet gällde bara en del av perioden.",
            "Nobody has said how many there are, or the promise was made for a part of the period only.",
        ),
    ),
}
PACES: Mapping[Pace, Meaning] = {
    "on_pace": Meaning(
        Label("i takt", "on pace"), Label("Antalet är nått i perioden.", "The number is reached in the period.")
    ),
    "sparse": Meaning(
        Label("glest", "sparse"),
        Label(
            "Perioden är avslutad; något räknas, men inte allt som krävs.",
            "The period is closed; something counts, but not all that is needed.",
        ),
    ),
    "no_logged_activity": Meaning(
        Label("ingen rapporterad aktivitet", "no logged activity"),
        Label("Perioden är avslutad och inget räknas.", "The period is closed and nothing counts."),
    ),
}
SLOTS: Mapping[SlotState, Meaning] = {
    "not_started": Meaning(
        Label("inte börjat", "not started"), Label("Fönstret har inte öppnat.", "The window has not opened.")
    ),
    "open": Meaning(Label("öppet", "open"), Label("Fönstret är öppet.", "The window is open.")),
    "met": Meaning(Label("klart", "met"), Label("Kravet är nått.", "The need is met.")),
    "overdue": Meaning(
        Label("försenat", "overdue"),
        Label(
            "Stängt utan att kravet nåddes; tiden för sena rapporter pågår.",
            "Closed with the need unmet; the time for late reports runs.",
        ),
    ),
    "missed": Meaning(
        Label("missat", "missed"),
        Label(
            "Stängt utan att kravet nåddes, och tiden för sena rapporter är slut.",
            "Closed with the need unmet, and the time for late reports is over.",
        ),
    ),
    "closed": Meaning(
        Label("stängt", "closed"),
        Label(
            "Slut; antalet står inte i foldern, eller löftet gällde inte då.",
            "Over; the number is not in the leaflet, or nothing was promised then.",
        ),
    ),
}
