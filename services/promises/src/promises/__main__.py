"""`python -m promises serve | migrate | inspect | dead-letters | retry | catalogue check|load FILE`."""

import sys

from chassis.commands import Service, main

from promises import commands
from promises.main import NAME, READS, serve
from promises.store.waiting import dirty
from promises.subscribers import SUBSCRIPTIONS

ABOUT = "Works out for every promise whether it is being kept, and why."

if __name__ == "__main__":
    sys.exit(main(Service(NAME, ABOUT, serve, READS, lambda *_: SUBSCRIPTIONS, dirty), commands.add))
