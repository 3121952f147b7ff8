"""A mail server that keeps every mail in a file, and a page that shows them. For one machine, never for the world."""

import argparse
import asyncio
import os
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import uvicorn
from aiosmtpd.smtp import SMTP
from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse, PlainTextResponse

from local import inbox_page
from local.inbox_page import Mail


class Folder:
    """The mails, one file each, numbered from 1 in the order they came."""

    def __init__(self, place: Path) -> None:
        place.mkdir(parents=True, exist_ok=True)
        self._place = place

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's name
        """Keep a mail; it is on disk before the sender is told so."""
        await asyncio.to_thread(self._keep, bytes(envelope.original_content))
        return "250 kept"

    def _keep(self, raw: bytes) -> None:
        partial = self._place / "incoming"
        with partial.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(self._place / f"{len(self._files()) + 1:05}.eml")

    def _files(self) -> list[Path]:
        return sorted(self._place.glob("*.eml"))

    def all(self) -> list[Mail]:
        """Every mail, the first one first."""
        return [_read(int(file.stem), file.read_bytes()) for file in self._files()]

    def one(self, number: int) -> Mail:
        """One mail.

        Raises:
            FileNotFoundError: there is none with this number.
        """
        return _read(number, (self._place / f"{number:05}.eml").read_bytes())

    def page(self, name: str) -> str:
        """A page that lies beside the mails.

        Raises:
            FileNotFoundError: there is none of this name.
        """
        pages = {file.stem: file for file in self._place.glob("*.html")}
        if name not in pages:
            raise FileNotFoundError(name)
        return pages[name].read_text(encoding="utf-8")

    def pages(self) -> list[str]:
        """The names of the pages beside the mails."""
        return sorted(file.stem for file in self._place.glob("*.html"))

    def raw(self, number: int) -> str:
        """A mail as it came."""
        return (self._place / f"{number:05}.eml").read_text(encoding="utf-8", errors="replace")


def _read(number: int, raw: bytes) -> Mail:
    message = message_from_bytes(raw, policy=default)
    if not isinstance(message, EmailMessage):
        raise TypeError("no e-mail")
    body = message.get_body(("plain",))
    return Mail(
        number=number,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=str(message["Date"]),
        message_id=str(message["Message-ID"]),
        digest_day=str(message["X-Lofteskollen-Digest"]),
        text=str(body.get_content()) if body else "",
    )


def page(folder: Folder) -> FastAPI:
    """The list, each mail, each mail as it came, and the same for programs."""
    app = FastAPI(title="Mail inbox", openapi_url=None)

    def found(number: int) -> Mail:
        try:
            return folder.one(number)
        except FileNotFoundError:
            raise HTTPException(404, "there is no such mail") from None

    @app.get("/", response_class=HTMLResponse)
    def listing() -> str:
        return inbox_page.listing(folder.all(), folder.pages())

    @app.get("/mails/{number}", response_class=HTMLResponse)
    def mail(number: int) -> str:
        return inbox_page.one(found(number))

    @app.get("/mails/{number}/source", response_class=PlainTextResponse)
    def source(number: int) -> str:
        found(number)
        return folder.raw(number)

    @app.get("/pages/{name}.html", response_class=HTMLResponse)
    def other(name: str) -> str:
        try:
            return folder.page(name)
        except FileNotFoundError:
            raise HTTPException(404, "there is no such page") from None

    @app.get("/api/mails")
    def mails() -> list[Mail]:
        return folder.all()

    return app


async def serve(folder: Folder, smtp_port: int, port: int) -> None:
    """Take mails and show them until ended."""
    loop = asyncio.get_running_loop()
    door = await loop.create_server(lambda: SMTP(folder, hostname="inbox", loop=loop), "127.0.0.1", smtp_port)
    async with door:
        await uvicorn.Server(uvicorn.Config(page(folder), port=port, log_level="warning")).serve()


def main() -> None:
    """Run as a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m local.inbox", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    args = parser.parse_args()
    asyncio.run(serve(Folder(args.folder), args.smtp_port, args.port))


if __name__ == "__main__":
    main()
