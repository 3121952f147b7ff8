"""The mail server: one connection for many mails, and its replies sorted by what they mean. No address gets out."""

from typing import Any

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPRecipientRefused, SMTPResponseException

from notifications.settings import Settings

TEMPORARY, PERMANENT = 400, 500
PATIENCE = 20.0


class RefusedError(Exception):
    """The server said no, or did not answer before it had the mail.

    `code` is its reply, if there was one; `permanent` tells that the same mail will be refused again.
    """

    def __init__(self, code: int | None = None, *, permanent: bool = False) -> None:
        super().__init__(f"refused with {code}")
        self.code = code
        self.permanent = permanent


class UnknownOutcomeError(Exception):
    """The server has the mail, or part of it, and said nothing definite."""


class Server:
    """One conversation at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: SMTP | None = None

    async def address(self, to: str) -> None:
        """Say who writes to whom; a connection is made where there is none.

        A refusal of the connection, the login or the sender is the operator's to mend and never permanent: only the
        refusal of the recipient speaks of this mail.

        Raises:
            RefusedError: the mail was not taken.
        """
        try:
            client = await self._connected()
            await client.mail(self._settings.mail_from)
            await client.rcpt(to)
        except SMTPRecipientRefused as error:
            await self.close()
            raise RefusedError(error.code, permanent=error.code >= PERMANENT) from None
        except SMTPResponseException as error:
            await self.close()
            raise RefusedError(error.code) from None
        except (SMTPException, OSError, ValueError):
            await self.close()
            raise RefusedError from None

    async def data(self, message: bytes) -> int:
        """Hand the mail over; answers the code of the reply.

        Raises:
            RefusedError: a definite no.
            UnknownOutcomeError: no definite reply.
        """
        client = self._client
        if client is None:
            raise RefusedError
        try:
            return (await client.data(message)).code
        except SMTPResponseException as error:
            await self.close()
            if error.code < TEMPORARY:
                raise UnknownOutcomeError from None
            raise RefusedError(error.code, permanent=error.code >= PERMANENT) from None
        except Exception:  # noqa: BLE001 - whatever it was, nobody knows whether the server took the mail
            await self.close()
            raise UnknownOutcomeError from None

    async def close(self) -> None:
        """Take leave; a mail that was addressed and not handed over is forgotten by the server."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            await client.quit(timeout=2)
        except (SMTPException, OSError):
            client.close()

    async def _connected(self) -> SMTP:
        if self._client is None:
            client = SMTP(**self._options())
            await client.connect()
            self._client = client
        return self._client

    def _options(self) -> dict[str, Any]:
        settings = self._settings
        return {
            "hostname": settings.smtp_host,
            "port": settings.smtp_port,
            "use_tls": settings.smtp_security == "tls",
            "start_tls": settings.smtp_security == "starttls",
            "username": settings.smtp_username,
            "password": settings.smtp_password(),
            "timeout": PATIENCE,
        }
