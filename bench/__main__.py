"""`python -m bench [--quick]`: measures the system and writes the figures into docs/performance.md."""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from local.system import System

from bench import doors, judging, latency, made_up, projector
from bench.judging import ROWS, Judging
from bench.latency import Latency
from bench.plan import QUICK, WHOLE, Plan, Say
from bench.report import Line, Report
from bench.servers import settings_of


def main() -> int:
    """Run the plan, show the table; a figure that means a fault of design ends with status 1."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small run in a minute or two; the page is not written")
    parser.add_argument("--municipalities", type=int, metavar="N", help="spread the traffic over N municipalities")
    args = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    plan = QUICK if args.quick else WHOLE
    plan = replace(plan, municipalities=args.municipalities or plan.municipalities)
    say = _teller()
    report = Report(_measured(plan, say), _about(plan))
    sys.stdout.write(f"\n{report.terminal()}\n")
    if not args.quick:
        report.write()
        sys.stdout.write("\nwritten to docs/performance.md\n")
    return int(any(line.verdict == "design fault" for line in report.lines))


def _teller() -> Say:
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:5.0f} s  {line}\n")
        sys.stdout.flush()

    return say


def _measured(plan: Plan, say: Say) -> list[Line]:
    with tempfile.TemporaryDirectory(prefix="lofteskollen-bench-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user under root
        (Path(folder) / "projector").mkdir()
        caught_up = projector.measure(Path(folder) / "projector", plan, say)
        return [*_of_projector(caught_up, plan), *_with_system(Path(folder) / "system", plan, say)]


def _with_system(folder: Path, plan: Plan, say: Say) -> list[Line]:
    folder.mkdir()
    (folder / "clock").write_text(made_up.NOW.isoformat(), encoding="ascii")
    system = System(folder, simulated=True, say=lambda _: None)
    try:
        system.start()
        say("the whole system runs")
        codes = [*made_up.codes(plan.municipalities), *made_up.watched_codes(0), *made_up.watched_codes(1)]
        settings = settings_of(system.environment("promises"))
        asyncio.run(made_up.load_catalogues(settings, codes))
        asyncio.run(doors.quiet(system, plan, say))
        judged = asyncio.run(judging.measure(settings, say))
        sender = doors.Sender(system, plan)
        rounds = doors.measure(system, sender, plan, say)
        return [*_of_judging(judged), *_of_doors(rounds), *_of_latency(latency.measure(system, sender, plan, say))]
    finally:
        system.stop()


def _of_projector(rounds: Sequence[projector.Round], plan: Plan) -> list[Line]:
    beside = "`getmany`, decode, COPY into a plain table"
    return [
        Line(
            f"projector catch-up, {what}",
            beside,
            projector.ratio(rounds, name),
            least=least,
            fault=0.4,
            absolute=_rates([plan.activities / getattr(each, name) for each in rounds], "activities/s"),
        )
        for name, what, least in (
            ("ingest", "until every record is evidence", 0.6),
            ("evaluated", "until every standing is evaluated", None),
        )
    ]


def _of_doors(rounds: Sequence[doors.Round]) -> list[Line]:
    beside = "bare ASGI app, one INSERT a request"
    return [
        Line(
            f"accept over HTTP, {what}",
            beside,
            doors.ratio(rounds, name),
            least=least,
            fault=0.25,
            absolute=_rates([getattr(each, name) for each in rounds], "activities/s"),
        )
        for name, what, least in (("single", "one at a time", 0.5), ("lists", f"lists of {doors.LIST}", 4))
    ]


def _of_judging(found: Judging) -> list[Line]:
    what, beside = f"judging {ROWS:,} rows of joint occasions", "500 occasions, two reports each"
    again = f"{found.again:.1f} ms once they were read"
    return [
        Line(f"{what}, in the domain", beside, found.domain, " ms", most=2),
        Line(f"{what}, with their query", beside, found.first, " ms", most=15, absolute=again),
    ]


def _of_latency(found: Latency) -> list[Line]:
    beside = f"{found.rate:.0f}/s, half of what the whole system takes"
    probes = f"{found.probes} activities watched"
    what = "accepted → standing readable"
    return [
        Line(f"{what}, p50", beside, found.p50, " ms", most=25, absolute=probes),
        Line(f"{what}, p99", beside, found.p99, " ms", most=100, absolute=probes),
    ]


def _rates(found: Sequence[float], unit: str) -> str:
    return f"{min(found):,.0f} to {max(found):,.0f} {unit}"


def _about(plan: Plan) -> str:
    return (
        f"{plan.activities:,} activities on the topic, traffic spread over {plan.municipalities} municipalities, "
        f"{plan.rounds} interleaved round(s), medians of the ratios."
    )


if __name__ == "__main__":
    sys.exit(main())
