from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notifications.domain.letter import Envelope, clean, compose, message_id

NOW = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)
BREAKS = ["\n", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x00", "\u202e", "\ud800"]
PIECES = [*"aåÖ ,;:<>@()[]\"\\.=?_-'", *BREAKS, "=?utf-8?q?=0A?=", "Bcc: x@y.se", "a" * 30, "å " * 20]
NASTY = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
ENVELOPE = Envelope(
    UUID("01931c8e-7d1f-7aaa-8000-000000000001"),
    "loften@umea.example",
    "Trafiksamordnaren",
    "trafik@umea.example",
    "sv",
    date(2026, 11, 2),
)
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Content-Language",
    "Auto-Submitted",
    "X-Lofteskollen-Digest",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
}


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def letter(name: str = "Trafik", subject: str = "Löfte", body: str = "Hej!\n") -> EmailMessage:
    return read(compose(replace(ENVELOPE, name=name), subject, body, NOW))


@pytest.mark.parametrize("between", [*BREAKS, "=?utf-8?q?=0A?=", "=?utf-8?q?=0D=0A?=", "==??utf-8?q?=0A?="])
def test_no_break_in_a_title_or_name_begins_a_header(between: str) -> None:
    evil = f"Löfte{between}Bcc: other@umea.example"
    message = letter(name=evil, subject=evil)
    assert set(message.keys()) == HEADERS
    assert [each.addr_spec for each in message["To"].addresses] == [ENVELOPE.address]


@pytest.mark.parametrize("between", ["\n", "\x0b", "\x1c", "\u2028"])
def test_a_break_in_a_title_becomes_a_space(between: str) -> None:
    assert letter(subject=f"Löfte{between}om cykel")["Subject"] == "Löfte om cykel"


@given(NASTY, NASTY)
@settings(deadline=None, max_examples=300)
def test_whatever_the_texts_there_is_one_mailbox_and_no_header_more(name: str, subject: str) -> None:
    message = letter(name, subject)
    assert [each.addr_spec for each in message["To"].addresses] == [ENVELOPE.address]
    assert sorted(message.keys()) == sorted(HEADERS)


@pytest.mark.parametrize(
    "name",
    [
        "a " * 55 + ", other@umea.example",
        "Å" * 60 + ", other@umea.example",
        '"Trafik" <other@umea.example>,' + "e" * 80,
        "=?utf-8?q?a=2C_other=40umea=2Eexample?=",
    ],
)
def test_a_long_name_with_a_comma_stays_one_mailbox(name: str) -> None:
    assert [each.addr_spec for each in letter(name)["To"].addresses] == [ENVELOPE.address]


def test_a_name_is_shown_without_what_has_a_meaning_in_a_header() -> None:
    assert letter("Trafiksamordnaren, Umeå kommun")["To"] == "Trafiksamordnaren Umeå kommun <trafik@umea.example>"


def test_a_long_swedish_subject_comes_through_whole() -> None:
    subject = "Löfteskollen: 20 arbetsdagar kvar – " + "en särskild insats för gångtrafikanter och " * 4 + "cyklister"
    assert letter(subject=subject)["Subject"] == subject


def test_the_body_comes_through_with_lone_dots_and_letters_of_both_languages() -> None:
    body = "Hej!\n.\n..\nFrom Umeå – ”löfte”\n" + "å" * 300 + "\n"
    assert letter(body=body).get_content().replace("\r\n", "\n") == body


def test_every_attempt_has_the_same_message_id() -> None:
    first, second = (read(compose(ENVELOPE, "a", "b", NOW + timedelta(hours=n))) for n in range(2))
    assert first["Message-ID"] == second["Message-ID"] == "<01931c8e-7d1f-7aaa-8000-000000000001@umea.example>"
    assert message_id(UUID(int=1), ENVELOPE.sender) != message_id(UUID(int=2), ENVELOPE.sender)


def test_a_letter_is_dated_in_swedish_time_and_says_its_language_and_that_no_person_wrote_it() -> None:
    message = letter()
    assert message["Date"] == "Mon, 02 Nov 2026 07:30:00 +0100"
    assert message["Content-Language"] == "sv"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Lofteskollen-Digest"] == "2026-11-02"


def test_no_line_on_the_wire_is_longer_than_mail_allows() -> None:
    raw = compose(replace(ENVELOPE, name="Ö" * 120), "å" * 900, "å" * 3000, NOW)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


@given(NASTY)
def test_clean_text_is_one_line_and_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert len(clean(text).splitlines()) <= 1
