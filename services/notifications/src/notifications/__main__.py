"""`python -m notifications serve | migrate | inspect | dead-letters | recover | republish`."""

import sys

from chassis.commands import Service, main

from notifications.main import NAME, READS, past, serve
from notifications.settings import Settings
from notifications.store.waiting import mails
from notifications.subscribers import SUBSCRIPTIONS

ABOUT = "Tells the owners in time, by mail: one digest for each mailbox, seldom more than once a week."

if __name__ == "__main__":
    sys.exit(main(Service(NAME, ABOUT, serve, READS, lambda *_: SUBSCRIPTIONS, past, mails, Settings)))
