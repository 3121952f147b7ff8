"""Writes between two marks of a page; what is written around them stays."""

from pathlib import Path


def put(page: Path, begin: str, end: str, text: str) -> None:
    """Replace what stands between the marks.

    Raises:
        ValueError: the page has lost its marks.
    """
    before, rest = page.read_text(encoding="utf-8").split(begin)
    _, after = rest.split(end)
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
