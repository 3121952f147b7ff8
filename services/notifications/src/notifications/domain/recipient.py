"""Who is mailed: a function with a shared mailbox, for an organisation, in some municipalities, in some time."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Language = Literal["sv", "en"]
LONGEST, LONGEST_LOCAL = 254, 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+{_LABEL}")


def mailbox(text: str) -> str:
    """An address as it is sent to: exactly one mailbox, its domain in ASCII and lower case.

    Raises:
        ValueError: with what is wrong; the address itself is not repeated.
    """
    local, at, domain = text.partition("@")
    if not at or not _LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL:
        raise ValueError("address must be one mailbox such as trafik@kommun.se, without names, commas or spaces")
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        raise ValueError("the domain of the address is no domain name") from None
    if not _DOMAIN.fullmatch(ascii_domain) or len(local) + 1 + len(ascii_domain) > LONGEST:
        raise ValueError("the domain of the address is no domain name")
    return f"{local}@{ascii_domain}"


@dataclass(frozen=True, slots=True)
class Recipient:
    """An entry of the recipients file; `municipalities` is empty where it serves all of its organisation's."""

    organisation: str
    role: Literal["owner", "manager"]
    name: str
    address: str
    language: Language
    municipalities: frozenset[str] = frozenset()
    valid_from: date = date.min
    valid_to: date = date.max

    @property
    def key(self) -> str:
        """Names the mailbox without showing it, the same for every entry that has it."""
        return hashlib.sha256(self.address.lower().encode()).hexdigest()[:32]

    def serves(self, organisation: str, role: str, municipality: str, day: date) -> bool:
        """Whether it is told what this organisation owes in this municipality; validity includes both days."""
        return (
            (self.organisation, self.role) == (organisation, role)
            and (not self.municipalities or municipality in self.municipalities)
            and self.valid_from <= day <= self.valid_to
        )
