"""`lofteskollen doctor`: says what this machine lacks, or what is wrong with a running installation."""

import asyncio
from collections.abc import Iterator, Sequence

from local.diagnosis import diagnose
from local.findings import Finding
from local.installation import ask_all
from local.places import IN_COMPOSE, INTERNAL, SERVICES

ABOUT = """\
Say what this machine lacks; or, given the services' internal ports, what is wrong with the installation they
belong to. Status 1 if something must be mended; each NO names the section of docs/operating.md that does it.
"""
EXAMPLES = """\
  lofteskollen doctor                    before `make up`: this machine
  lofteskollen doctor up                 what `make up` or `make demo` runs here, on its usual ports
  lofteskollen doctor compose            from a container in the network of docker-compose.yml
  lofteskollen doctor http://10.0.0.7:9000 http://10.0.0.8:9000 http://10.0.0.9:9000
                                         in any order; a service's replicas may all be given
"""
PLACES = {
    "up": [f"http://127.0.0.1:{INTERNAL + n}" for n in range(len(SERVICES))],
    "compose": IN_COMPOSE,
}


def doctor(where: Sequence[str]) -> int:
    """Look at everything; answers 1 if something must be mended first."""
    addresses = [address for each in where for address in PLACES.get(each, [each])]
    found = list(diagnose(asyncio.run(ask_all(addresses))) if addresses else _machine())
    width = max(len(each.what) for each in found)
    for each in found:
        print(f"{'ok ' if each.well else 'NO '} {each.what:<{width}} {each.detail}")
    return 0 if all(each.well for each in found) else 1


def _machine() -> Iterator[Finding]:
    from local import machine

    return machine.findings()
