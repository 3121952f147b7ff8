"""One file a kind of rule, and here their one registration; the catalogue's schema is built from it.

A kind holds its parameters and answers what the rest asks of it: where its number comes from (`basis`, `number`), what
an activity must be to count (`asked`), which stages mail (`mails`), which obligations it stands over (`shows`), what is
wrong with it (`complaints`), and what the evidence amounts to (`tally`).
"""

from dataclasses import fields
from typing import get_args

from promises.domain.rules.cadence import Cadence
from promises.domain.rules.coverage import Coverage
from promises.domain.rules.occasions import Occasions, Slot
from promises.domain.rules.umbrella import Umbrella

__all__ = ["KINDS", "Cadence", "Coverage", "Occasions", "Rule", "Slot", "Umbrella"]

Rule = Occasions | Cadence | Coverage | Umbrella
KINDS = {next(str(each.default) for each in fields(rule) if each.name == "kind"): rule for rule in get_args(Rule)}
"""The kinds by their names in a catalogue."""
