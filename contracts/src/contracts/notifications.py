"""What `notifications` publishes: that an owner was told, or could not be; never an address."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from contracts.model import Instant, Message, MunicipalityCode, Slug
from contracts.promises import Stage


class NotificationState(Message):
    """One reminder of one deadline to one organisation, and the mail that carried it."""

    mail_id: UUID
    deadline_id: UUID
    municipality: MunicipalityCode
    obligation: Slug
    period: str
    slot: str
    stage: Stage
    organisation: Slug
    role: Literal["owner", "manager"]
    digest_day: date
    occurred_at: Instant


class NotificationSent(NotificationState):
    """The mail server took the mail."""

    TYPE: ClassVar[str] = "se.lofteskollen.notification.sent.v1"


class NotificationFailed(NotificationState):
    """The mail server refused it for good, or it stays unknown whether it was taken."""

    TYPE: ClassVar[str] = "se.lofteskollen.notification.failed.v1"
    outcome: Literal["failed", "uncertain"]


EVENTS = (NotificationSent, NotificationFailed)
