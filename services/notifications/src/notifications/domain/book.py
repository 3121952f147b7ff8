"""The recipients in force and what organisations are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from notifications.domain.recipient import Language, Recipient


@dataclass(frozen=True, slots=True)
class Book:
    """What the recipients file says; `names` are display names by organisation and language."""

    recipients: tuple[Recipient, ...] = ()
    names: Mapping[str, Mapping[Language, str]] = field(default_factory=dict)

    def find(self, organisation: str, role: str, municipality: str, day: date) -> tuple[Recipient, ...]:
        """Who is told on a day, each mailbox once, in the order of the file."""
        found: dict[str, Recipient] = {}
        for entry in self.recipients:
            if entry.serves(organisation, role, municipality, day):
                found.setdefault(entry.key, entry)
        return tuple(found.values())

    def name(self, organisation: str, language: Language) -> str:
        """What an organisation is called, or else its id."""
        return self.names.get(organisation, {}).get(language, organisation)
