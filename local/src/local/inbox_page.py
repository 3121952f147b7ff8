"""How the inbox looks: Swedish, one column, readable on a telephone, no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html import escape
from string import Template


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as the page and programs see it; `digest_day` is the working day whose digest it is (ISO)."""

    number: int
    to: str
    subject: str
    date: str
    message_id: str
    digest_day: str
    text: str


WORDS = {"year": "Hur löftena står till / how the promises stand"}
_PAGE = Template("""<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><title>$title</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 17px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b2733; }
h1 { font-size: 1.4rem } a { color: #0b5394 } .quiet { color: #5b6670 }
li { list-style: none; border-top: 1px solid #d5dbe1; padding: .7rem 0 } ol { padding: 0 }
li a { display: block; font-weight: 600; text-decoration: none }
article { border: 1px solid #d5dbe1; border-radius: 6px; padding: 1rem 1.4rem; background: #fcfdfe }
dl { display: grid; grid-template-columns: 5rem 1fr; margin: 0 0 1rem; border-bottom: 1px solid #d5dbe1 }
dt { color: #5b6670 } dd { margin: 0; overflow-wrap: anywhere } dl { padding-bottom: .8rem }
pre { white-space: pre-wrap; font: inherit; margin: 0 }
</style></head><body>$body</body></html>
""")


def listing(mails: Sequence[Mail], pages: Sequence[str] = ()) -> str:
    """Every mail, the newest first; `pages` are linked above."""
    rows = "".join(
        f'<li><a href="/mails/{mail.number}">{escape(mail.subject)}</a>'
        f'<span class="quiet">{_day(mail)} · {escape(mail.to)}</span></li>'
        for mail in reversed(mails)
    )
    count = f"<p class=quiet>{len(mails)} brev, det senaste först. <span lang=en>Mails, newest first.</span></p>"
    links = "".join(f'<p><a href="/pages/{name}.html">{WORDS.get(name, name)}</a></p>' for name in pages)
    return _PAGE.substitute(title="Brevlåda", body=f"<h1>Brevlåda</h1>{links}{count}<ol>{rows}</ol>")


def one(mail: Mail) -> str:
    """One mail."""
    head = "".join(
        f"<dt>{name}</dt><dd>{escape(text)}</dd>"
        for name, text in (("Till", mail.to), ("Datum", _day(mail)), ("Ämne", mail.subject))
    )
    body = (
        f'<p><a href="/">← Alla brev</a> · <a href="/mails/{mail.number}/source">Som det kom</a></p>'
        f"<article><dl>{head}</dl><pre>{escape(mail.text)}</pre></article>"
    )
    return _PAGE.substitute(title=escape(mail.subject), body=body)


def _day(mail: Mail) -> str:
    return f"{parsedate_to_datetime(mail.date):%Y-%m-%d %H:%M}"
