import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from chassis.logs import JsonFormatter
from notifications.store import waiting

if TYPE_CHECKING:
    from services.notifications.tests.conftest import Deadlines, House

POLICE, TOWN = "polisen-lpo-umea", "umea-kommun"
MORNING = "2026-11-02 07:30"


@pytest.fixture
async def due(house: "House", deadline: "Deadlines") -> "House":
    """One reminder to the municipality that falls due on the morning of 2 November."""
    await house.tell(deadline.approaching(awaited=(TOWN,)))
    house.set_clock(MORNING)
    return house


async def test_a_mail_that_was_taken_is_told_of_without_an_address(due: "House", deadline: "Deadlines") -> None:
    await due.at(MORNING)
    ((said, body),) = await due.said()
    mail_id = body.pop("mail_id")
    assert said == "notification.sent.v1"
    assert body == {
        "deadline_id": str(deadline.approaching().deadline_id),
        "municipality": "2480",
        "obligation": "cykel-gang",
        "period": "2026",
        "slot": "autumn",
        "stage": "days_20",
        "organisation": TOWN,
        "role": "owner",
        "digest_day": "2026-11-02",
        "occurred_at": "2026-11-02T06:30:00Z",
    }
    assert due.inbox.kept[0][1]["Message-ID"] == f"<{mail_id}@umea.example>"


async def test_what_is_settled_before_the_mail_goes_is_not_mailed(due: "House", deadline: "Deadlines") -> None:
    due.inbox.rcpt = ["450 later"]
    await due.at(MORNING)
    assert await due.mails() == ["deferred"]
    await due.tell(deadline.settled())
    await due.until("cancelled")
    assert (due.inbox.kept, due.inbox.entered) == ([], 0)
    assert set((await due.reminders()).values()) == {"settled"}
    assert await due.said() == []


async def test_what_is_settled_while_the_server_is_addressed_is_not_handed_over(
    due: "House", deadline: "Deadlines"
) -> None:
    async def settled() -> None:
        await due.tell(deadline.settled())

    due.inbox.addressed = settled
    await due.at(MORNING)
    assert (await due.mails(), due.inbox.entered) == (["cancelled"], 0)


async def test_one_settled_deadline_leaves_the_others_in_the_mail(due: "House", deadline: "Deadlines") -> None:
    async def settled() -> None:
        await due.tell(deadline.settled())

    await due.tell(deadline.approaching(awaited=(TOWN,), obligation="moped-a-traktor", title_sv="Mopeder"))
    due.inbox.addressed = settled
    await due.at(MORNING)
    text = due.inbox.kept[0][1].get_content()
    assert "Mopeder" in text
    assert "Cyklister" not in text
    assert [body["obligation"] for _, body in await due.said()] == ["moped-a-traktor"]


async def test_a_later_stage_takes_the_place_of_one_that_has_not_gone(due: "House", deadline: "Deadlines") -> None:
    due.inbox.rcpt = ["450 later"]
    await due.at(MORNING)
    await due.tell(deadline.approaching(2, "days_10", awaited=(TOWN,)))
    await due.until("sent")
    (message,) = due.inbox.of("trafik@umea.example")
    assert "Tiden är snart ute." in message.get_content()
    assert "Nu är det dags." not in message.get_content()
    assert await due.reminders() == {("days_20", TOWN, "owner"): "settled", ("days_10", TOWN, "owner"): "sent"}


@pytest.mark.parametrize("place", ["rcpt", "data"])
async def test_a_refusal_for_now_is_tried_again(due: "House", place: str) -> None:
    setattr(due.inbox, place, ["451 greylisted"])
    await due.at(MORNING)
    assert await due.mails() == ["deferred"]
    await due.until("sent")
    assert await due.attempts() == [(place == "data", "deferred", 451), (True, "sent", 250)]
    assert len(due.inbox.kept) == 1


@pytest.mark.parametrize("place", ["rcpt", "data"])
async def test_a_refusal_for_good_ends_the_mail_and_is_said(due: "House", place: str) -> None:
    setattr(due.inbox, place, ["550 no such mailbox"])
    await due.at(MORNING)
    assert await due.mails() == ["failed"]
    assert set((await due.reminders()).values()) == {"failed"}
    ((said, body),) = await due.said()
    assert (said, body["outcome"]) == ("notification.failed.v1", "failed")
    assert await due.attempts() == [(place == "data", "failed", 550)]


async def test_a_refused_mailbox_stops_nobody_behind_it(house: "House", deadline: "Deadlines") -> None:
    await house.tell(deadline.approaching())
    house.inbox.rcpt = ["550 no such mailbox"]
    await house.at(MORNING)
    assert await house.mails() == ["failed", "sent"]


async def test_a_server_that_is_down_is_no_fault_of_the_mail(due: "House") -> None:
    port, due.settings.smtp_port = due.settings.smtp_port, 1
    await due.at(MORNING)
    assert await due.mails() == ["deferred"]
    due.settings.smtp_port = port
    await due.until("sent")
    assert await due.attempts() == [(False, "deferred", None), (True, "sent", 250)]


@pytest.mark.parametrize("manner", ["hang up early", "hang up late"])
async def test_a_lost_reply_makes_at_most_one_more_copy(due: "House", manner: str) -> None:
    due.inbox.data = [manner]
    await due.until("sent")
    assert due.inbox.entered == 2
    assert await due.attempts() == [(True, "unknown", None), (True, "sent", 250)]
    assert len({message["Message-ID"] for _, message in due.inbox.kept}) == 1
    assert len(due.inbox.kept) == (2 if manner == "hang up late" else 1)


async def test_after_two_lost_replies_it_stays_uncertain(due: "House") -> None:
    due.inbox.data = ["hang up late"] * 5
    await due.until("uncertain")
    await due.at(MORNING)
    assert due.inbox.entered == 2
    assert set((await due.reminders()).values()) == {"uncertain"}
    ((said, body),) = await due.said()
    assert (said, body["outcome"]) == ("notification.failed.v1", "uncertain")


async def test_a_refusal_after_a_lost_reply_proves_nothing(due: "House") -> None:
    due.inbox.data = ["hang up late", "554 refused"]
    await due.until("uncertain")
    assert [body["outcome"] for _, body in await due.said()] == ["uncertain"]


async def test_what_is_settled_after_a_lost_reply_is_uncertain_and_not_sent_again(
    due: "House", deadline: "Deadlines"
) -> None:
    due.inbox.data = ["hang up late"]
    await due.at(MORNING)
    assert await due.mails() == ["deferred"]
    await due.tell(deadline.settled())
    await due.until("uncertain")
    assert due.inbox.entered == 1
    assert set((await due.reminders()).values()) == {"uncertain"}


async def test_a_text_that_cannot_be_composed_waits_and_stops_nobody(house: "House", deadline: "Deadlines") -> None:
    await house.tell(deadline.approaching())
    await house.database.pool.execute(
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.organisation = 'umea-kommun' THEN NEW.language = 'xx'; END IF; RETURN NEW; END $$"
    )
    await house.database.pool.execute(
        "CREATE TRIGGER spoil BEFORE INSERT ON mail FOR EACH ROW EXECUTE FUNCTION spoil()"
    )
    await house.at(MORNING)
    assert await house.mails() == ["deferred", "sent"]


async def test_a_mail_is_dated_by_the_clock_of_its_sending(due: "House") -> None:
    await due.at("2026-11-02 08:15")
    message = due.inbox.kept[0][1]
    sent_at = message["Date"].datetime
    assert (sent_at, sent_at.utcoffset()) == (due.clock.moment, timedelta(hours=1))
    assert [str(each) for each in message["To"].addresses] == ["Trafiksamordnaren <trafik@umea.example>"]


async def test_4_17_no_address_is_logged_whatever_happens(due: "House", caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # the test's mail server is no part of the service
    due.inbox.rcpt = ["450 trafik@umea.example: later"]
    due.inbox.data = ["hang up late", "550 trafik@umea.example: no"]
    await due.until("uncertain")
    due.write_recipients("recipients: [{address: trafik@umea.example}]")
    due.recipients.book()
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert any("recipients refused" in line for line in lines)
    assert any("mail not taken" in line for line in lines)
    assert [line for line in lines if "@umea" in line] == []


async def test_an_operator_sees_the_last_reply_and_the_name_by_which_the_mail_servers_log_knows_a_mail(
    due: "House",
) -> None:
    due.inbox.rcpt = ["450 later", "550 gone"]
    await due.at(MORNING)
    for state, what, reply in (("deferred", "mails", 450), ("failed", "failed or uncertain", 550)):
        await due.until(state)
        async with due.database.pool.acquire() as sql:
            found = await waiting.mails(sql)
            name = await sql.fetchval("SELECT message_id FROM mail")
        assert [(row["state"], row["reply"], row["message_id"]) for row in found[what]] == [(state, reply, name)]
        assert [what for what, rows in found.items() if rows] == [what]
