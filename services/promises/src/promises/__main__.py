"""`python -m promises` with the commands of every service, `retry`, and `catalogue check|load FILE`."""

import sys

from chassis.commands import Service, main

from promises import commands
from promises.application.recovery import Past
from promises.main import NAME, READS, serve
from promises.store.waiting import dirty
from promises.subscribers import SUBSCRIPTIONS

ABOUT = "Works out for every promise whether it is being kept, and why."

if __name__ == "__main__":
    sys.exit(main(Service(NAME, ABOUT, serve, READS, lambda *_: SUBSCRIPTIONS, lambda _: Past(), dirty), commands.add))
