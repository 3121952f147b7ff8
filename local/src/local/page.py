"""The year as a page beside the inbox: what a chief, a citizen or a journalist would look at."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from string import Template

from rich.table import Table

from local import table
from local.closing import Outcome
from local.signs import SIGNS, Strips, state

MONTHS = "jan feb mar apr maj jun jul aug sep okt nov dec".split()  # noqa: SIM905 - reads better than a list
COLOURS = {
    "●": "#2e7d32",
    "◐": "#b26a00",
    "✗": "#b3261e",
    "!": "#b3261e",
    "▲": "#b26a00",
    "○": "#5b6670",
    "?": "#5b6670",
}
_PAGE = Template("""<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><title>Löften i Umeå 2026</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b2733 }
h1 { font-size: 1.6rem; margin-bottom: .2rem } h2 { font-size: 1.15rem; margin-top: 2.2rem }
.quiet, small { color: #5b6670 } a { color: #0b5394 }
article { border-top: 1px solid #d5dbe1; padding: 1rem 0 }
article h3 { margin: 0; font-size: 1.05rem } article p { margin: .3rem 0 }
blockquote { margin: .4rem 0; padding-left: .8rem; border-left: 3px solid #d5dbe1; color: #3d4a56 }
.strip { border-collapse: collapse; margin: .5rem 0 } .strip td, .strip th { width: 2.6rem; text-align: center }
.strip th { font-weight: 400; font-size: .75rem; color: #5b6670 } .strip td { font-size: 1.15rem; background: #f4f6f8;
border: 2px solid #fff; height: 2rem }
.word { font-weight: 600 } ul { margin: .3rem 0; padding-left: 1.2rem }
.list { border-collapse: collapse; width: 100% } .list td, .list th { text-align: left; border-top: 1px solid #d5dbe1;
padding: .35rem .6rem .35rem 0; vertical-align: top } .number { text-align: right !important }
.wrong { color: #b3261e; font-weight: 600 } .right { color: #2e7d32; font-weight: 600 }
</style></head><body>
<p><a href="/">Brevlådan / the inbox</a></p>
<h1>Löften i Umeå 2026</h1><p class="quiet">$sentence</p>$verdict
<h2>Så står det till <small lang="en">How the promises stand</small></h2><p class="quiet">$legend</p>$promises
<h2>Brev <small lang="en">Mails</small></h2>$mails
<h2>Avvisat <small lang="en">Refused</small></h2>$refusals
<h2>Källor <small lang="en">When each source was last heard</small></h2>$sources
</body></html>
""")


def write(folder: Path, outcome: Outcome, strips: Strips, wrong: Sequence[str], took: str) -> None:
    """Write `year.html` into the inbox's folder of pages."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "year.html").write_text(page(outcome, strips, wrong, took), encoding="utf-8")


def page(outcome: Outcome, strips: Strips, wrong: Sequence[str], took: str) -> str:
    """The whole page."""
    legend = " · ".join(f"{_sign(sign)} {escape(words)}" for sign, words in _legend())
    lines = "".join(f'<p class="wrong">✗ {escape(line)}</p>' for line in wrong)
    return _PAGE.substitute(
        sentence=escape(table.sentence(outcome, took)),
        verdict=lines or '<p class="right">✓ Allt kom ut som väntat. <span lang="en">All as expected.</span></p>',
        legend=legend,
        promises="".join(_promises(outcome, strips)),
        mails=_rows(("till / to", "brev / mails", *table.STAGES), _mails(outcome)),
        refusals=_rows(("avsändare / sender", "väg / door", "varför / why"), _refusals(outcome)),
        sources=_rows(("organisation", "källa / source", "senast / last heard"), _sources(outcome)),
    )


def _legend() -> Iterator[tuple[str, str]]:
    """Each sign once, with every word it stands for."""
    for sign in dict.fromkeys(sign for sign, _ in SIGNS.values() if sign.strip()):
        pairs = dict.fromkeys(words for other, words in SIGNS.values() if other == sign)
        swedish, english = zip(*(words.split(" / ") for words in pairs), strict=True)
        yield sign, f"{', '.join(swedish)} / {', '.join(english)}"


def _promises(outcome: Outcome, strips: Strips) -> Iterator[str]:
    for promise in outcome.promises:
        yield f"<article><blockquote>”{escape(promise['quote'])}”</blockquote>"
        for entry in promise["obligations"]:
            if entry["standings"]:
                yield _obligation(entry, strips.by_obligation.get(entry["obligation"], ""))
        yield "</article>"


def _obligation(entry: table.View, strip: str) -> str:
    last = table.current(entry)
    sign, word = SIGNS[state(last)]
    said = "".join(f"<li>{escape(each['sv'])}</li>" for each in last["reasons"])
    heads = "".join(f"<th>{month}</th>" for month in MONTHS)
    cells = "".join(f"<td>{_sign(each)}</td>" for each in strip)
    basis = "siffran står i löftet" if entry["basis"] == "leaflet" else "siffran är satt av dem som följer upp"
    return (
        f"<h3>{escape(str(entry['title_sv']))} <small>{escape(str(entry['obligation']))}</small></h3>"
        f'<table class="strip"><tr>{heads}</tr><tr>{cells}</tr></table>'
        f'<p>{_sign(sign)} <span class="word">{escape(word)}</span> <small>{escape(str(last["period"]))}, '
        f"{basis}</small></p><ul>{said}</ul>"
    )


def _sign(sign: str) -> str:
    return f'<span style="color:{COLOURS.get(sign, "#9aa5af")}">{escape(sign)}</span>'


def _mails(outcome: Outcome) -> Iterator[Sequence[str]]:
    return _cells(table.mails(outcome))


def _refusals(outcome: Outcome) -> Iterator[Sequence[str]]:
    return _cells(table.refusals(outcome))


def _sources(outcome: Outcome) -> Iterator[Sequence[str]]:
    for feed in outcome.freshness:
        yield feed["organisation"], feed["source"], str(feed["last_recorded_at"])[:16].replace("T", " ")


def _cells(shown: Table) -> Iterator[Sequence[str]]:
    yield from zip(*(map(str, column.cells) for column in shown.columns), strict=True)


def _rows(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table class="list"><tr>{head}</tr>{body}</table>'
