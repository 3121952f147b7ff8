"""What an operator sets for this service beside what every service has."""

from pathlib import Path
from typing import Annotated, Literal

import chassis.settings
from pydantic import AfterValidator, Field

from notifications.domain.recipient import mailbox


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

    def smtp_password(self) -> str | None:
        """The password at the mail server, or nothing where none is set."""
        return self.smtp_password_file.read_text(encoding="utf-8").strip() if self.smtp_password_file else None
