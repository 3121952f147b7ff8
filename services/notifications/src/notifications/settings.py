"""What an operator sets for this service beside what every service has."""

from pathlib import Path
from typing import Annotated, Literal

import chassis.settings
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from notifications.domain.quiet import Quiet
from notifications.domain.recipient import mailbox


def _quiet(text: object) -> object:
    return Quiet.read(text) if isinstance(text, str) and text else text or None


class Settings(chassis.settings.Settings):
    """The mail server, the sender and the recipients."""

    recipients_file: Path = Field(description="YAML file of organisations, functions and their mailboxes")
    mail_from: Annotated[str, AfterValidator(mailbox)] = Field(description="address the mails come from")
    link: str = Field(pattern=r"^https?://\S+$", description="where owners report; stands in every mail")
    smtp_host: str = Field(description="mail server")
    smtp_port: int = Field(default=25, ge=1, le=65535, description="port of the mail server")
    smtp_security: Literal["none", "starttls", "tls"] = Field(default="starttls", description="how to speak to it")
    smtp_username: str | None = Field(default=None, description="user name at the mail server")
    smtp_password_file: Path | None = Field(default=None, description="file holding the password at the mail server")
    quiet_time: Annotated[Quiet | None, NoDecode, BeforeValidator(_quiet)] = Field(
        default=None,
        description="days of every year without mails, 07-01/07-31 for July; what is still true is told after",
    )

    def smtp_password(self) -> str | None:
        """The password at the mail server, or nothing where none is set."""
        return self.smtp_password_file.read_text(encoding="utf-8").strip() if self.smtp_password_file else None
