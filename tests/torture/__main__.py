"""`python -m tests.torture`: rounds of torture, on fresh data for every year; results are appended."""

import argparse
import asyncio
import json
import logging
import shutil
import sys
from collections import Counter
from dataclasses import asdict
from functools import partial
from pathlib import Path

from local.places import DATA

from tests.torture.faults import FAULTS
from tests.torture.rounds import YEAR, Result, Rounds
from tests.torture.system import Twofold, tortured

RESULTS = DATA / "torture.jsonl"


def main() -> int:
    """Status 0 when every word was kept in every round."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=list(FAULTS))
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--source", type=Path, help="a changed copy of the product to torture instead")
    parser.add_argument("--keep", action="store_true", help="keep the data and go on after a violation")
    args = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it tells of every fault that is made on purpose
    args.results.parent.mkdir(parents=True, exist_ok=True)
    left, seed, broken, done = args.rounds, args.seed, 0, finished(args.results)
    while left > 0 and not (broken and not args.keep):
        rounds = min(left, YEAR)
        if done[seed] >= rounds:
            print(f"seed {seed}: its {done[seed]} rounds are in {args.results}; remove the file to play them again")
        else:
            broken += sum(bool(each.violations) for each in year(seed, rounds, args))
        left, seed = left - rounds, seed + 1000
    print(summed(args.results))
    return 1 if broken else 0


def year(seed: int, rounds: int, args: argparse.Namespace) -> list[Result]:
    """The rounds of one seed on one system, until a word is broken."""
    with tortured(partial(Twofold, source=args.source)) as system:
        found = asyncio.run(_rounds(system, seed, rounds, args))
    if any(each.violations for each in found) or args.keep:
        print(f"the data is kept in {system.folder}")
    else:
        shutil.rmtree(system.folder, ignore_errors=True)
    return found


async def _rounds(system: Twofold, seed: int, rounds: int, args: argparse.Namespace) -> list[Result]:
    watching = asyncio.create_task(system.watch())
    playing = Rounds(system, seed, args.faults)
    found: list[Result] = []
    for number in range(1, rounds + 1):
        result = await playing.play(number)
        found.append(result)
        keep(result, args.results)
        if result.violations and not args.keep:
            break
    watching.cancel()
    return found


def keep(result: Result, place: Path) -> None:
    """Append a round to the results and tell of it."""
    with place.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
    print(
        f"seed {result.seed} round {result.round}: {result.fault}; ready {result.ready:.1f} s, "
        f"quiet {result.quiet:.1f} s, {result.asked} asked, {len(result.violations)} violations",
        flush=True,
    )
    for word, sentence in result.violations[:10]:
        print(f"  {word}: {sentence}", flush=True)


def finished(place: Path) -> Counter[int]:
    """How many rounds of each seed broke no word; a year that was interrupted begins anew, since its data is gone."""
    lines = [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()] if place.exists() else []
    rounds = {(line["seed"], line["round"]) for line in lines if not line["violations"]}
    return Counter(seed for seed, _ in rounds)


def summed(place: Path) -> str:
    """The figures of a results file."""
    lines = [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]
    words = Counter(word for line in lines for word, _ in line["violations"])
    slowest = max((line["quiet"] for line in lines), default=0.0)
    seeds = len({line["seed"] % 1000 for line in lines})
    return (
        f"{len(lines)} rounds of {seeds} seed(s) in {place}: {sum(line['asked'] for line in lines)} asked, "
        f"{sum(words.values())} violations {dict(words)}, quiet after {slowest:.1f} s at most"
    )


if __name__ == "__main__":
    sys.exit(main())
