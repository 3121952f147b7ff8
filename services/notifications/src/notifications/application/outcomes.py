"""What became of a reminder, said on the topic `notifications`: which deadline and which mail, never an address."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID, uuid5

from chassis.database import UnitOfWork
from contracts.notifications import NotificationFailed, NotificationSent
from contracts.topics import NOTIFICATIONS

End = Literal["sent", "failed", "uncertain"]


def say(work: UnitOfWork, ended: Iterable[Any], end: End, *, mail_id: UUID, digest_day: date, now: datetime) -> None:
    """One event for each reminder; its id follows from the deadline, the stage, the owner and the mail."""
    for row in ended:
        state = json.loads(row["state"])
        body = {
            "mail_id": mail_id,
            "deadline_id": row["deadline_id"],
            "municipality": state["municipality"],
            "obligation": state["obligation"],
            "period": state["period"],
            "slot": state["slot"],
            "stage": row["stage"],
            "organisation": row["organisation"],
            "role": row["role"],
            "digest_day": digest_day,
            "occurred_at": now,
        }
        event = NotificationSent(**body) if end == "sent" else NotificationFailed(**body, outcome=end)
        said = "sent" if end == "sent" else "failed"
        thing = f"{row['stage']}/{row['organisation']}/{row['role']}/{mail_id}/{said}"
        work.publish(
            NOTIFICATIONS,
            key=state["municipality"],
            event_id=str(uuid5(row["deadline_id"], thing)),
            subject=str(row["deadline_id"]),
            time=now,
            data=event,
        )
