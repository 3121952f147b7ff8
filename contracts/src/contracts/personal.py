"""Personal data belongs in no report and no assessment: text that looks like some is refused (semantics 20)."""

import re
from collections.abc import Iterable

LOOKS_LIKE = {
    "a personal identity number": re.compile(
        r"(?<!\d)(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])[-+ ]?\d{4}(?!\d)"
    ),
    "a phone number": re.compile(r"(?<![\d-])(?:\+46|0046|0)[ -]?\d{1,3}[ -]?\d(?:[ -]?\d){4,7}(?!\d)"),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
    "a number plate": re.compile(r"\b[A-HJ-PR-UW-Z]{3} ?\d{2}[A-HJ-PR-UW-Z0-9]\b"),
}


def looks_like(texts: Iterable[str | None]) -> str | None:
    """What the first text that looks like personal data looks like, or nothing."""
    for text in filter(None, texts):
        for what, pattern in LOOKS_LIKE.items():
            if pattern.search(text):
                return what
    return None
