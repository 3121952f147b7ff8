"""`lofteskollen up | demo | token | doctor | play`: each word loads what it needs, since the image holds no servers."""

import argparse
import signal
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

from local import compose
from local.children import StartError
from local.compose import NoDemonstrationError
from local.demo import BEGIN, END, ZONE
from local.doctor import ABOUT as ABOUT_DOCTOR
from local.doctor import EXAMPLES, doctor
from local.places import DATA, ORGANISATIONS
from local.quiet import NotQuietError
from local.showing import Wish
from local.tokens import SCOPES, Keys

ABOUT = "Löfteskollen on one machine: real Kafka, real PostgreSQL, a mail inbox and the three services."


def main() -> int:
    """Run a command; answers the exit status."""
    args = _parser().parse_args()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a script's background job ignores SIGINT
        signal.signal(name, signal.default_int_handler)
    try:
        status: int = args.run(args)
    except (StartError, NotQuietError, NoDemonstrationError) as error:
        print(f"lofteskollen: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lofteskollen", description=ABOUT)
    words = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    up = words.add_parser("up", help="run the system in real time, data kept")
    up.add_argument("--data", type=Path, default=DATA / "up", help="folder of the data (default: .lofteskollen/up)")
    up.add_argument("--observability", action="store_true", help="with Prometheus and Alertmanager, where installed")
    up.set_defaults(run=_up)
    demo = words.add_parser("demo", help="play the year 2026 in Umeå, as two organisations report it")
    demo.add_argument("--exit", action="store_true", help="stop afterwards; status 0 only if all came out as expected")
    _pacing(demo)
    demo.add_argument("--seed", type=int, default=0, metavar="N", help="which made-up traffic --extra sends")
    demo.add_argument(
        "--extra", type=int, default=0, metavar="COUNT", help="so many made-up activities beside the year's"
    )
    demo.add_argument(
        "--one-promise", action="store_true", help="only cykel-gang the whole way: nine mails, in seconds"
    )
    demo.add_argument("--observability", action="store_true", help="with Prometheus and Alertmanager, where installed")
    demo.set_defaults(run=_demo)
    token = words.add_parser("token", help="print a bearer token for trying the APIs of `up`")
    token.add_argument("organisation", choices=ORGANISATIONS, help="whose token")
    token.add_argument("--scope", action="append", choices=SCOPES, help="may be given several times (default: all)")
    token.add_argument("--role", help="in which role, e.g. coordinator; assessments need one")
    token.add_argument("--data", type=Path, default=DATA / "up", help="folder of the system's data")
    token.set_defaults(run=_token)
    asked = words.add_parser(
        "doctor",
        help="say what this machine lacks, or what is wrong with an installation",
        description=ABOUT_DOCTOR,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    asked.add_argument("where", nargs="*", metavar="ADDRESS", help="up, compose, or a service's internal port")
    asked.set_defaults(run=lambda args: doctor(args.where))
    played = words.add_parser("play", help="play that year in docker-compose.yml, going on from where its time stands")
    _pacing(played)
    played.set_defaults(run=lambda args: compose.play(args.until, args.speed))
    prepared = words.add_parser("prepare", help="lay the time and the keys into the volume that `play` uses")
    prepared.set_defaults(run=lambda _: compose.prepare())
    return parser


def _pacing(word: argparse.ArgumentParser) -> None:
    word.add_argument("--until", type=_day, default=END, metavar="DATE", help="stop playing at 08:00 on this day")
    word.add_argument("--speed", type=float, metavar="DAYS", help="at most so many days a second (default: no limit)")


def _up(args: argparse.Namespace) -> int:
    from local import run

    return run.up(args.data, observed=args.observability)


def _demo(args: argparse.Namespace) -> int:
    from local import run

    return run.demo(
        Wish(args.until, not args.exit, args.speed, args.seed, args.extra, args.one_promise, args.observability)
    )


def _day(text: str) -> datetime:
    try:
        day = datetime.combine(date.fromisoformat(text), time(8), ZONE)
    except ValueError:
        day = END + timedelta(days=1)
    if not BEGIN <= day <= END:
        raise argparse.ArgumentTypeError(f"give a day from {BEGIN:%Y-%m-%d} to {END:%Y-%m-%d}, such as 2026-11-02")
    return day


def _token(args: argparse.Namespace) -> int:
    keys = Keys(args.data / "keys")
    if not keys.jwks.exists():
        print(f"no system has run in {args.data}; start one with `make up`, or name its --data", file=sys.stderr)
        return 1
    print(keys.token(args.organisation, args.scope or SCOPES, role=args.role))
    return 0


if __name__ == "__main__":
    sys.exit(main())
