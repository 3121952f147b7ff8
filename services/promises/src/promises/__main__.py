"""`python -m promises serve | migrate | inspect | dead-letters | catalogue check|load FILE`."""

import sys

from chassis.commands import Service, main

from promises.commands import add_catalogue
from promises.main import NAME, READS, serve

ABOUT = "Works out for every promise whether it is being kept, and why."

if __name__ == "__main__":
    sys.exit(main(Service(NAME, ABOUT, serve, READS), add_catalogue))
