import pytest
from contracts.personal import looks_like


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Förhör med 850314-1234", "a personal identity number"),
        ("19850314 1234 körde", "a personal identity number"),
        ("ring 070-123 45 67", "a phone number"),
        ("+46 90 16 10 00", "a phone number"),
        ("anna.andersson@umea.se svarar", "an e-mail address"),
        ("moped ABC 123 stoppad", "a number plate"),
        ("bil DEF45G", "a number plate"),
    ],
)
def test_text_that_singles_out_a_person_is_recognised(text: str, what: str) -> None:
    assert looks_like([None, "Reflexer", text]) == what


@pytest.mark.parametrize(
    "text",
    [
        "Cykelkontroll och information vid Rådhustorget 2026-04-14",
        "541 av 542 elever, 28 klasser, 19 skolor",
        "Insats kl 07.30-11.00, 120 cyklister",
        "E4 och E12, två A-traktorer och 3 mopeder",
        "Läsåret 2025/26",
        "Polisregion Nord 2026",
    ],
)
def test_what_coordinators_write_is_let_through(text: str) -> None:
    assert looks_like([text]) is None
