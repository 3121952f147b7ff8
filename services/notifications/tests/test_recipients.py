import logging
from datetime import date
from pathlib import Path

import pytest
from chassis.sources import SourceError
from notifications.domain.recipient import mailbox
from notifications.recipients import Recipients, read

TOWN = "umea-kommun"
DAY = date(2026, 11, 2)
ENTRY = """\
recipients:
  - organisation: umea-kommun
    role: owner
    name: Trafiksamordnaren
    address: trafik@umea.example
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "recipients.yaml"
    path.write_text(ENTRY, encoding="utf-8")
    return path


def refusal(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read(path)
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "trafik@umea.example, other@umea.example",
        "Trafik <trafik@umea.example>",
        "trafik@umea.example\nBcc: other@umea.example",
        "trafik@umea.example\n",
        " trafik@umea.example",
        "trafik@umea.example ",
        "trafik@@umea.example",
        "a@b@umea.example",
        '"a, b"@umea.example',
        "trafik",
        "@umea.example",
        "trafik@",
        "trafik@umea",
        "trafik@umea..example",
        "trafik@-umea.example",
        "trafik@[127.0.0.1]",
        "trafik.@umea.example",
        "tra..fik@umea.example",
        "åke@umea.example",
        "trafik@umea.example\u2028",
        "trafik@um\x0bea.example",
        "a" * 65 + "@umea.example",
        "trafik@" + "a" * 64 + ".example",
        "trafik@" + "a.ab" * 70 + ".example",
        "",
    ],
)
def test_what_is_not_exactly_one_mailbox_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="address") as caught:
        mailbox(text)
    assert "umea" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sent_to"),
    [
        ("trafik@umea.example", "trafik@umea.example"),
        ("Trafik+loften@UMEA.Example", "Trafik+loften@umea.example"),
        ("trafik@umeå.example", "trafik@xn--ume-wla.example"),
        ("o'hara.x@umea.example", "o'hara.x@umea.example"),
    ],
)
def test_a_mailbox_is_sent_to_with_its_domain_in_ascii_and_lower_case(text: str, sent_to: str) -> None:
    assert mailbox(text) == sent_to


def test_one_mailbox_written_in_two_ways_is_told_once(file: Path) -> None:
    file.write_text(ENTRY + ENTRY.partition("\n")[2].replace("trafik@umea", "Trafik@UMEA"), encoding="utf-8")
    (found,) = read(file).find(TOWN, "owner", "2480", DAY)
    assert found.address == "trafik@umea.example"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (ENTRY.replace("owner", "boss"), "recipients.yaml:3: recipients.0.role: it must be 'owner' or 'manager'"),
        (ENTRY.replace("trafik@", "trafik"), "recipients.yaml:5: recipients.0.address: address must be one mailbox"),
        (ENTRY.replace("umea-kommun", "Umeå kommun"), "recipients.yaml:2: recipients.0.organisation: "),
        (ENTRY + "    valid_from: 2026-02-30\n", "recipients.yaml:6: recipients.0.valid_from: "),
        (ENTRY + "    valid_from: 2026-03-01\n    valid_to: 2026-02-28\n", "valid_to lies before valid_from"),
        (ENTRY + "    municipalities: [2480]\n", "recipients.yaml:6: recipients.0.municipalities.0: "),
        (ENTRY + "    language: fi\n", "recipients.yaml:6: recipients.0.language: it must be 'sv' or 'en'"),
        (
            ENTRY + "    colour: red\n",
            "recipients.yaml:6: recipients.0.colour: no field is called so",
        ),
        (ENTRY + '    name: "a\\nb"\n', 'found duplicate key "name"'),
        (ENTRY.replace("Trafiksam", '"Trafik\\u2028sam') + '"\n', "recipients.yaml:"),
        (ENTRY.replace("Trafiksamordnaren", '"a\\nb"'), "recipients.yaml:4: recipients.0.name: must be one line"),
        (ENTRY.replace("Trafiksamordnaren", '""'), "recipients.yaml:4: recipients.0.name: must be one line"),
        ("", "recipients.yaml:1: the file holds no mapping"),
        ("organisations: {}\n", "recipients.yaml:1: recipients: it is missing; give it"),
    ],
)
def test_a_file_is_refused_whole_with_line_and_reason(file: Path, text: str, complaint: str) -> None:
    assert complaint in refusal(file, text)


@pytest.mark.parametrize(
    "text",
    [
        ENTRY.replace("trafik@", "a, trafik@"),
        ENTRY + "    address: other@umea.example\n",
        ENTRY + "    other@umea.example: 1\n",
        ENTRY + "  - other@umea.example\n",
        ENTRY + "    municipalities: *other@umea.example\n",
        ENTRY + "    municipalities: [other@umea.example]\n",
        "organisations: {other@umea.example: {sv: a, en: b}}\n" + ENTRY,
        ENTRY.replace("owner", "other@umea.example"),
        ENTRY.replace("address: ", "address: @"),
    ],
)
def test_a_refusal_never_repeats_an_address(file: Path, text: str) -> None:
    said = refusal(file, text)
    assert said.startswith("recipients.yaml:")
    assert "umea.example" not in said
    assert "other" not in said


def test_every_wrong_line_is_named_at_once(file: Path) -> None:
    said = refusal(file, ENTRY.replace("owner", "boss").replace("trafik@", "trafik"))
    assert [line.split(": ")[0] for line in said.splitlines()] == ["recipients.yaml:3", "recipients.yaml:5"]


def test_a_missing_file_is_refused(file: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read(file.with_name("none.yaml"))


def test_4_17_who_is_told_depends_on_organisation_role_municipality_and_day(file: Path) -> None:
    file.write_text(
        ENTRY + '    municipalities: ["2480"]\n    valid_from: 2026-11-02\n    valid_to: 2026-11-30\n',
        encoding="utf-8",
    )
    book = read(file)
    assert len(book.find(TOWN, "owner", "2480", DAY)) == 1
    assert len(book.find(TOWN, "owner", "2480", date(2026, 11, 30))) == 1
    assert book.find(TOWN, "owner", "2480", date(2026, 11, 1)) == ()
    assert book.find(TOWN, "owner", "2480", date(2026, 12, 1)) == ()
    assert book.find(TOWN, "owner", "2482", DAY) == ()
    assert book.find(TOWN, "manager", "2480", DAY) == ()
    assert book.find("polisen-lpo-umea", "owner", "2480", DAY) == ()


def test_who_names_no_municipality_serves_all_of_them(file: Path) -> None:
    assert len(read(file).find(TOWN, "owner", "2482", DAY)) == 1


def test_a_changed_file_is_in_force_at_the_next_look(file: Path) -> None:
    recipients = Recipients(file)
    file.write_text(ENTRY.replace("trafik@", "gata@"), encoding="utf-8")
    assert [entry.address for entry in recipients.book().recipients] == ["gata@umea.example"]


def test_a_wrong_change_keeps_the_last_good_book_and_is_said_once(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    recipients = Recipients(file)
    good = recipients.book()
    file.write_text(ENTRY.replace("owner", "boss"), encoding="utf-8")
    with caplog.at_level(logging.INFO):
        assert recipients.book() == recipients.book() == good
    assert [record.message for record in caplog.records] == ["recipients refused"]
    file.unlink()
    assert recipients.book() == good
    file.write_text(ENTRY.replace("trafik@", "gata@"), encoding="utf-8")
    assert recipients.book() != good
