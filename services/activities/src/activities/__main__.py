"""`python -m activities serve | migrate | inspect | dead-letters`."""

import sys

from chassis.commands import Service, main

from activities.main import NAME, READS, serve

ABOUT = "Keeps what was done: reports over HTTP and Kafka become activities, each change a new revision."

if __name__ == "__main__":
    sys.exit(main(Service(NAME, ABOUT, serve, READS)))
