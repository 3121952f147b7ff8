"""An activity and its revisions: a change is a new revision, and every revision knows where it once counted."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from activities.domain.refusal import RefusalError

STOCKHOLM = ZoneInfo("Europe/Stockholm")
KEY_REACH = timedelta(days=3)
AHEAD = timedelta(minutes=5)

Status = Literal["planned", "done", "cancelled", "retracted"]
Visibility = Literal["public", "count_only"]
Pair = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Content:
    """What a sender says about an activity; times are aware, `obligations` are named by the sender."""

    municipality: str
    status: Status
    occurred_at: datetime
    obligations: tuple[str, ...]
    ended_at: datetime | None = None
    kind: str | None = None
    themes: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    special_effort: bool = False
    quantities: dict[str, int] = field(default_factory=dict)
    occasion_key: str | None = None
    period: str | None = None
    unit: str | None = None
    performed_by: str | None = None
    visibility: Visibility | None = None
    public_from: date | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """One revision; `footprint` lists every (obligation, counted day) of this and of every earlier revision."""

    activity_id: UUID
    revision: int
    organisation: str
    source: str
    reference: str
    content: Content
    counted_on: date
    confirmed_by: tuple[str, ...]
    footprint: tuple[Pair, ...]
    recorded_at: datetime
    catalogue_revision: int


def counted_on(content: Content) -> date:
    """The first day of the period it names, the day in the occasion key, or else the day in Sweden on which it began.

    Raises:
        RefusalError: the key's day is no day, or lies more than 3 days from the activity (settled reading 12).
    """
    day = content.occurred_at.astimezone(STOCKHOLM).date()
    if content.period is not None:
        return first_day(content.period)
    if content.occasion_key is None:
        return day
    try:
        named = date.fromisoformat(content.occasion_key.partition("/")[0])
    except ValueError:
        raise RefusalError("wrong_occasion_day", "occasion_key", "it begins with a day that does not exist") from None
    if abs(named - day) > KEY_REACH:
        raise RefusalError(
            "wrong_occasion_day",
            "occasion_key",
            f"it says {named}, but the activity took place on {day}; they may lie at most 3 days apart",
        )
    return named


def first_day(period: str) -> date:
    """The first day of a period: `2026`, `2026/27` (from 1 July), `2026-T1`, `2026-Q1` or `2026-01`.

    Raises:
        RefusalError: there is no such period.
    """
    year, mark, rest = int(period[:4]), period[4:5], period[5:]
    if not year or (mark == "/" and int(rest) != (year + 1) % 100):
        raise RefusalError("unknown_period", "period", f"there is no period {period}; a school year is written 2026/27")
    if mark == "/":
        return date(year, 7, 1)
    if rest.startswith(("T", "Q")):
        return date(year, (int(rest[1:]) - 1) * (4 if rest[0] == "T" else 3) + 1, 1)
    return date(year, int(rest or "1"), 1)


def check_time(content: Content, now: datetime) -> None:
    """Refuse what is said to be done and lies in the future; 5 minutes are left to clocks.

    Raises:
        RefusalError: `done_in_future`.
    """
    if content.status == "done" and content.occurred_at > now + AHEAD:
        raise RefusalError("done_in_future", "occurred_at", "it lies in the future; report the activity as planned")


def first(
    activity_id: UUID, content: Content, *, sender: tuple[str, str, str], now: datetime, catalogue_revision: int
) -> Activity:
    """The first revision; `sender` is (organisation, source, reference).

    Raises:
        RefusalError: the time or the occasion key is wrong.
    """
    check_time(content, now)
    day = counted_on(content)
    organisation, source, reference = sender
    return Activity(
        activity_id=activity_id,
        revision=1,
        organisation=organisation,
        source=source,
        reference=reference,
        content=content,
        counted_on=day,
        confirmed_by=(),
        footprint=tuple(sorted({(name, day) for name in content.obligations})),
        recorded_at=now,
        catalogue_revision=catalogue_revision,
    )


def corrected(before: Activity, content: Content, now: datetime, catalogue_revision: int) -> Activity:
    """The next revision with another content; a confirmation survives unless the day or the obligations changed.

    Raises:
        RefusalError: the activity was taken back, changed its municipality, or the new content is wrong.
    """
    if before.content.status == "retracted":
        raise RefusalError("already_retracted", "status", "it was retracted; report it anew under another reference")
    if content.municipality != before.content.municipality:
        raise RefusalError("other_municipality", "municipality", "it never changes; retract and report anew")
    check_time(content, now)
    day = counted_on(content)
    same = day == before.counted_on and set(content.obligations) == set(before.content.obligations)
    confirmed = before.confirmed_by if same else ()
    changed = replace(before, content=content, counted_on=day, confirmed_by=confirmed)
    return _next(replace(changed, catalogue_revision=catalogue_revision), now)


def retracted(before: Activity, now: datetime) -> Activity:
    """The next revision, taken back; nothing is deleted.

    Raises:
        RefusalError: it was taken back before.
    """
    if before.content.status == "retracted":
        raise RefusalError("already_retracted", "status", "the activity is retracted already; nothing is left to do")
    return _next(replace(before, content=replace(before.content, status="retracted")), now)


def confirmed(before: Activity, organisation: str, now: datetime) -> Activity:
    """The next revision with one more that took part; the same one when it had confirmed before.

    Raises:
        RefusalError: there is nothing to take part in.
    """
    if before.content.status in {"retracted", "cancelled"}:
        raise RefusalError("not_done", "status", f"it is {before.content.status}; there is nothing to confirm")
    if organisation in before.confirmed_by:
        return before
    return _next(replace(before, confirmed_by=(*before.confirmed_by, organisation)), now)


def _next(changed: Activity, now: datetime) -> Activity:
    pairs = {(name, changed.counted_on) for name in changed.content.obligations}
    return replace(
        changed,
        revision=changed.revision + 1,
        footprint=tuple(sorted(pairs.union(changed.footprint))),
        recorded_at=max(now, changed.recorded_at),
    )
