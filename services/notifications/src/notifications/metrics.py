"""The service's figures; they name states and never a mailbox."""

from collections.abc import Mapping

from prometheus_client import Gauge

MAIL_STATES = ("queued", "attempting", "sent", "deferred", "failed", "uncertain", "cancelled")
REMINDER_STATES = ("waiting", "unaddressed", "mailed", "sent", "failed", "uncertain", "settled", "not_mailed")
MAILS = Gauge("lofteskollen_mails", "Mails by state, told by the replica that sends.", ["state"])
REMINDERS = Gauge("lofteskollen_reminders", "Reminders by state, told by the replica that sends.", ["state"])


def show(mails: Mapping[str, int], reminders: Mapping[str, int]) -> None:
    """Set every state, those without any to 0."""
    for state in MAIL_STATES:
        MAILS.labels(state).set(mails.get(state, 0))
    for state in REMINDER_STATES:
        REMINDERS.labels(state).set(reminders.get(state, 0))


def hide() -> None:
    """Say nothing, since another replica does."""
    MAILS.clear()
    REMINDERS.clear()
