from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from services.notifications.tests.conftest import Deadlines, House

Lines = Callable[[], list[dict[str, Any]]]
POLICE, TOWN = "polisen-lpo-umea", "umea-kommun"
POLICE_BOX, TOWN_BOX = "polis@polisen.example", "trafik@umea.example"
TOWN_ONLY = """
recipients:
  - {organisation: umea-kommun, role: owner, name: Trafiksamordnaren, address: trafik@umea.example}
"""


async def test_each_owner_that_is_awaited_gets_one_mail_at_half_past_seven(
    house: "House", deadline: "Deadlines"
) -> None:
    await house.tell(deadline.approaching())
    await house.at("2026-11-02 07:29:59")
    assert house.inbox.kept == []
    await house.at("2026-11-02 07:30")
    assert sorted(to for to, _ in house.inbox.kept) == [POLICE_BOX, TOWN_BOX]
    assert set((await house.reminders()).values()) == {"sent"}
    await house.at("2026-11-02 07:31")
    assert len(house.inbox.kept) == 2


async def test_7_27_several_deadlines_of_a_mailbox_are_one_mail(house: "House", deadline: "Deadlines") -> None:
    await house.tell(
        deadline.approaching(awaited=(POLICE,)),
        deadline.approaching(awaited=(POLICE,), obligation="moped-a-traktor", title_sv="Mopeder"),
        deadline.approaching(awaited=(POLICE,), municipality="2482", municipality_name="Skellefteå"),
    )
    await house.at("2026-11-02 07:30")
    (mail,) = house.inbox.of(POLICE_BOX)
    assert mail["Subject"] == "Löfteskollen: 3 löften behöver er"
    assert {"Umeå – höstens insats: Mopeder", "Skellefteå – höstens insats: Cyklister och gångtrafikanter"} <= set(
        mail.get_content().splitlines()
    )


async def test_two_organisations_of_one_mailbox_are_told_of_a_deadline_once(
    house: "House", deadline: "Deadlines"
) -> None:
    house.write_recipients(
        """
recipients:
  - {organisation: polisen-lpo-umea, role: owner, name: Samverkan, address: samverkan@umea.example}
  - {organisation: umea-kommun, role: owner, name: Samverkan, address: Samverkan@umea.example}
"""
    )
    await house.tell(deadline.approaching())
    await house.at("2026-11-02 07:30")
    assert [mail["Subject"] for _, mail in house.inbox.kept] == [
        "Löfteskollen: 20 arbetsdagar kvar – En insats om reflexer."
    ]
    assert len(await house.said()) == 2


@pytest.mark.parametrize("holiday", ["2026-06-19", "2026-06-20", "2026-12-24", "2026-12-31"])
async def test_nothing_is_mailed_on_a_holiday_or_an_eve(house: "House", deadline: "Deadlines", holiday: str) -> None:
    house.set_clock(f"{holiday} 00:00")
    await house.tell(deadline.approaching(occurred_at=house.clock.now()))
    await house.at(f"{holiday} 12:00")
    assert (house.inbox.kept, await house.mails()) == ([], [])


async def test_what_fell_due_on_a_weekend_is_not_late_on_monday(house: "House", deadline: "Deadlines") -> None:
    house.set_clock("2026-11-07 00:00")
    await house.tell(deadline.approaching(occurred_at=house.clock.now()))
    await house.at("2026-11-07 12:00")
    await house.at("2026-11-09 07:30")
    assert "Påminnelsen är sen" not in house.inbox.of(TOWN_BOX)[0].get_content()


async def test_what_could_not_go_on_its_day_is_marked_late(house: "House", deadline: "Deadlines") -> None:
    await house.tell(deadline.approaching())
    await house.at("2026-11-03 07:30")
    assert "Påminnelsen är sen" in house.inbox.of(TOWN_BOX)[0].get_content()


@pytest.mark.parametrize(("up_again", "sent"), [("2026-11-03 03:00", "2026-11-03"), ("2026-11-07 12:00", "2026-11-09")])
async def test_after_downtime_too_nothing_goes_by_night_or_on_a_saturday_and_it_is_marked_late(
    house: "House", deadline: "Deadlines", up_again: str, sent: str
) -> None:
    await house.tell(deadline.approaching())
    await house.at(up_again)
    assert (house.inbox.kept, await house.mails()) == ([], [])
    await house.at(f"{sent} 07:30")
    assert "Påminnelsen är sen" in house.inbox.of(TOWN_BOX)[0].get_content()


async def test_a_second_mail_in_a_week_waits_for_the_next(house: "House", deadline: "Deadlines") -> None:
    await house.tell(deadline.approaching())
    await house.at("2026-11-02 07:30")
    house.set_clock("2026-11-03 00:00")
    await house.tell(deadline.approaching(obligation="moped-a-traktor", occurred_at=house.clock.now()))
    for day in range(3, 7):
        await house.at(f"2026-11-0{day} 07:30")
    assert len(house.inbox.of(POLICE_BOX)) == 1
    await house.at("2026-11-09 07:30")
    second = house.inbox.of(POLICE_BOX)[1]
    assert second["X-Lofteskollen-Digest"] == "2026-11-09"
    assert "Påminnelsen är sen" not in second.get_content()


async def test_a_last_call_of_the_leaflet_goes_in_a_week_that_had_its_mail_and_takes_what_waits_along(
    house: "House", deadline: "Deadlines"
) -> None:
    await house.tell(deadline.approaching(awaited=(POLICE,)))
    await house.at("2026-11-02 07:30")
    house.set_clock("2026-11-03 00:00")
    await house.tell(
        deadline.approaching(awaited=(POLICE,), obligation="moped-a-traktor", occurred_at=house.clock.now())
    )
    await house.at("2026-11-03 07:30")
    house.set_clock("2026-11-04 00:00")
    await house.tell(
        deadline.missed(awaited=(POLICE,), obligation="skolvag", mails=("owner",), occurred_at=house.clock.now())
    )
    await house.at("2026-11-04 07:30")
    assert [mail["Subject"] for mail in house.inbox.of(POLICE_BOX)][1:] == ["Löfteskollen: 2 löften behöver er"]


async def test_who_has_no_address_waits_visibly_and_is_mailed_late_when_the_file_gains_one(
    house: "House", deadline: "Deadlines"
) -> None:
    whole = house.settings.recipients_file.read_text(encoding="utf-8")
    house.write_recipients(TOWN_ONLY)
    await house.tell(deadline.approaching())
    await house.at("2026-11-02 07:30")
    assert await house.reminders() == {
        ("days_20", POLICE, "owner"): "unaddressed",
        ("days_20", TOWN, "owner"): "sent",
    }
    house.write_recipients(whole)
    await house.at("2026-11-03 07:30")
    (mail,) = house.inbox.of(POLICE_BOX)
    assert "Påminnelsen är sen" in mail.get_content()
    assert len(house.inbox.of(TOWN_BOX)) == 1


async def test_recipients_are_those_of_the_day_on_which_the_digest_is_built(
    house: "House", deadline: "Deadlines"
) -> None:
    await house.tell(deadline.approaching(awaited=(TOWN,)))
    house.write_recipients(TOWN_ONLY.replace("trafik@", "ny@"))
    await house.at("2026-11-02 07:30")
    assert [to for to, _ in house.inbox.kept] == ["ny@umea.example"]


async def test_4_15_a_managers_stage_mails_owner_and_manager_apart(house: "House", deadline: "Deadlines") -> None:
    house.write_recipients(
        TOWN_ONLY + "  - {organisation: umea-kommun, role: manager, name: Chefen, address: chef@umea.example}\n"
    )
    await house.tell(deadline.approaching(awaited=(TOWN,)))
    await house.at("2026-11-02 07:30")
    assert house.inbox.of("chef@umea.example") == []
    house.set_clock("2026-12-15 00:00")
    await house.tell(deadline.missed(2, awaited=(TOWN,), occurred_at=house.clock.now()))
    await house.at("2026-12-15 07:30")
    assert len(house.inbox.of(TOWN_BOX)) == 2
    assert len(house.inbox.of("chef@umea.example")) == 1


async def test_7_21_the_partner_is_told_who_reported_and_who_is_awaited(house: "House", deadline: "Deadlines") -> None:
    await house.tell(deadline.approaching(awaited=(POLICE,), reported=(TOWN,)))
    await house.at("2026-11-02 07:30")
    assert [to for to, _ in house.inbox.kept] == [POLICE_BOX]
    text = house.inbox.kept[0][1].get_content()
    assert "Umeå kommun har rapporterat; nu väntas rapport från Polisen i Umeå." in text


async def test_7_27_a_months_summary_waits_for_its_day(house: "House", deadline: "Deadlines") -> None:
    house.set_clock("2026-11-15 00:00")
    await house.tell(deadline.missed(mails=("owner",), not_before=date(2026, 11, 17)))
    await house.at("2026-11-16 07:30")
    assert await house.mails() == []
    await house.at("2026-11-17 07:30")
    assert await house.mails() != []


async def test_a_digest_names_the_trace_of_every_reminder_in_it_and_its_sending_goes_on_in_the_latest(
    house: "House", deadline: "Deadlines", lines: Lines
) -> None:
    first, second = (f"00-{n:032x}-00f067aa0ba902b7-01" for n in (1, 2))
    await house.tell(deadline.approaching(awaited=(POLICE,)), trace=first)
    await house.tell(deadline.approaching(awaited=(POLICE,), obligation="moped-a-traktor"), trace=second)
    await house.at("2026-11-02 07:30")
    (built,) = [line for line in lines() if line["event"] == "digest built"]
    (sent,) = [line for line in lines() if line["event"] == "mail attempted"]
    assert set(built["trace_ids"]) == {first[3:35], second[3:35]}
    assert (sent["trace_id"], sent["mail_id"]) == (second[3:35], built["mail_id"])
    rows = await house.database.pool.fetch("SELECT headers FROM outbox")
    assert [dict(zip(row["headers"][::2], row["headers"][1::2], strict=True))["traceparent"] for row in rows] == [
        second,
        second,
    ]
