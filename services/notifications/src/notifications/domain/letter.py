"""A digest as an e-mail: headers that nobody can inject into, and a body that survives every relay."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

from notifications.domain.recipient import Language
from notifications.domain.schedule import ZONE

_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+"
)
_SPECIAL = re.compile(r'[()<>\[\]:;@,"\\]+')


@dataclass(frozen=True, slots=True)
class Envelope:
    """What of a mail is neither subject nor text."""

    mail_id: UUID
    sender: str
    name: str
    address: str
    language: Language
    digest_day: date


def clean(text: str) -> str:
    """One line of printable text: control characters, line separators and direction marks become one space."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def _heading(text: str) -> str:
    """Text for a header. `email` decodes what looks like an encoded word, and a line break hidden there comes out."""
    return clean(clean(text).replace("=?", "= ?"))


def _display_name(name: str) -> str:
    """`email` loses the quotes of a name that it folds, and a comma in it would begin another mailbox."""
    return _heading(_SPECIAL.sub(" ", name))


def message_id(mail_id: UUID, sender: str) -> str:
    """The Message-ID that every attempt of a mail carries, so that a receiver knows a copy."""
    return f"<{mail_id}@{sender.rpartition('@')[2]}>"


def compose(envelope: Envelope, subject: str, body: str, now: datetime) -> bytes:
    """The message as it goes over the wire, dated `now`."""
    message = EmailMessage(policy=SMTP)
    message.set_content(body, cte="quoted-printable")
    message["From"] = Address("Löfteskollen", addr_spec=envelope.sender)
    message["To"] = Address(_display_name(envelope.name), addr_spec=envelope.address)
    message["Subject"] = _heading(subject)
    message["Date"] = format_datetime(now.astimezone(ZONE))
    message["Message-ID"] = message_id(envelope.mail_id, envelope.sender)
    message["Content-Language"] = envelope.language
    message["Auto-Submitted"] = "auto-generated"
    message["X-Lofteskollen-Digest"] = envelope.digest_day.isoformat()
    return message.as_bytes()
