"""Pure: what looks like personal data, and what coordinators write that does not."""

import timeit

import pytest
from contracts.personal import EMAIL, IDENTITY, PHONE, PLATE, looks_like, name_looks_like

PERSONAL = {
    IDENTITY: [
        "Förhör med 850314-1234",
        "19850314-1234",
        "Förhör med 198503141234.",
        "19850314 1234 körde",
        "850314 - 1234",
        "850314–1239",
        "8503141239",
        "850314 1239",
        "850314+1234",
        "85 03 14-1239",
        "1985-03-14-1239",
        "1985-03-14 1239",
        "19850314\u00a01234",
        "850374-1239",
        "19850374-1239",
        "8503741236",
        "eleven 20160314-2384",
        "eleven 160314-2385",
        "(850314-1234)",
        "850314-1234/860101-2345",
        "pnr:850314-1234",
        "８５０３１４-1234",
        "850314\u00ad-1234",
        "000229-1234",
        "född 20260214-9995",
    ],
    PHONE: [
        "ring 070-123 45 67",
        "0701234567",
        "070 123 45 67",
        "070-1234567",
        "073-123 4567",
        "+46 70 123 45 67",
        "+46701234567",
        "+46 (0)70-123 45 67",
        "0046 70 123 45 67",
        "+46 90 16 10 00",
        "090-16 10 00",
        "(090) 16 10 00",
        "090/16 10 00",
        "08-123 456 78",
        "08-12 34 56",
        "0910-123 45",
        "0771-12 34 56",
        "tel.0910-123456,",
        "070–123\u00a045\u00a067",
        "020 - 123 456",
        "070.123.45.67",
        "090.16.10.00",
        "08.123.456.78",
        "46701234567",
        "ring 46 70 123 45 67",
        "46 (0)70-123 45 67",
    ],
    EMAIL: [
        "anna.andersson@umea.se svarar",
        "<anna@umea.se>",
        "mailto:a+b@sub.umea.se.",
        "åsa@bådan.nu",
        "a@b.co",
        "anna＠umea.se",
    ],
    PLATE: [
        "moped ABC 123 stoppad",
        "ABC123",
        "abc123",
        "abc 123",
        "bil DEF45G",
        "def 45g",
        "Abc 12A",
        "ABC-123",
        "reg.nr abc12a, körförbud",
        "traktor HEL 123 utan skylt",
        "ABC\u00a0123",
    ],
}

ORDINARY = [
    "Reflexer delades ut",
    "Cykelkontroll och information vid Rådhustorget 2026-04-14",
    "541 av 542 elever, 28 klasser, 19 skolor",
    "Insats kl 07.30-11.00, 120 cyklister",
    "kl 07:30–11:00",
    "kl 0730-1100",
    "kl 0800 - 1630",
    "08-12 och 13-16",
    "kl 08 00 - 16 30",
    "2026-11-09 0830",
    "2026-11-09 08:30-11:00",
    "20261109 0830",
    "202611090830",
    "20261109",
    "261109",
    "9/11 2026 och 09.11.2026",
    "09112026",
    "09-11-2026",
    "2026-09-01--2026-11-30",
    "2026-09-01 - 2026-11-30",
    "2026-11-09T08:30:00+01:00",
    "0301-K12345-26",
    "5000-K123456-26",
    "KS-2026/00412",
    "KS 2026/00412345",
    "BUN-2026/00412",
    "BN 2026-000123-4567",
    "Dnr 2026-000123",
    "TSN 123/26",
    "kommunerna 0180, 1280, 1480 och 2480",
    "0180 1280 1480 2480",
    "0114 0115 0117 0120 0123",
    "2026-11-09/reflex-radhustorget",
    "Östra skolan 4A, 4B och 4C",
    "Skola 3, klass 4b, 24 elever",
    "Ålidhemsskolan åk 4 2025/26",
    "E4 och E12, två A-traktorer och 3 mopeder",
    "väg 363 och Lv 503",
    "vag-363",
    "länsväg 363",
    "E 4, mellan trafikplats 112 och 114",
    "med 541 elever",
    "NTF 120 elever",
    "Rum 214, hus 101",
    "SAL 204 I ALIDHEM",
    "totalt 1 234 567 kr",
    "12 500 personer",
    "+25 000 000 kr",
    "907 84 Umeå",
    "903 25",
    "Läsåret 2025/26",
    "Åren 2015-2016 och 2025–2027",
    "Polisregion Nord 2026",
    "ring 114 14 eller 112",
    "organisationsnummer 212000-2627",
    "lag 2023:196, 13 §",
    "SFS 1998:1276, FAP 104-2",
    "följ @polisen_umea",
    "55,5 km/h på 50-väg, 63.8258 20.2630",
    "vecka 46, v.46-47",
    "IP 192.168.10.11",
    "fordon 12A och plats B12",
    "klockan 8.30 den 9 november 2026",
    "08.11.2026 och 08.12.2026",
    "kl 08.30.00-11.00.00",
    "version 070.12.3",
    "vecka 46 70 personer",
    "46 701 elever",
    "ärende 146701234567",
    "Storgatan 4 lgh 120",
    "LGH 120 och lgh 1203",
    "kostnad tkr 120",
    "OSL 123 och osl 123",
    "rnr 123",
    "gps 120, GPS 120",
]


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in PERSONAL.items() for text in texts])
def test_4_20_text_that_singles_out_a_person_is_recognised(what: str, text: str) -> None:
    assert looks_like(text) == what
    assert looks_like(f"Insats vid torget, {text} och reflexer") == what


@pytest.mark.parametrize("text", ORDINARY)
def test_what_coordinators_write_is_let_through(text: str) -> None:
    assert looks_like(text) is None
    assert text.isupper() or looks_like(f"Insats, {text} och reflexer") is None


@pytest.mark.parametrize(
    "name",
    ["850314-1234", "case/19850314-1234", "850374-1232", "anna@umea.se", "a.b@sub.umea.se/12", "19850314+1234"],
)
def test_a_name_that_a_system_would_not_make_is_recognised(name: str) -> None:
    assert name_looks_like(name)


@pytest.mark.parametrize(
    "name",
    [
        "8503141239",
        "20261109-0003",
        "20260214-9995",
        "261109-0007",
        "202611091230",
        "ABC123",
        "0701234567",
        "5000-K123456-26",
        "KS-2026/00412",
        "/organisations/umea-kommun",
        "019a6b1c-8503-7123-8a2b-850314123456",
        "ref-000412",
        "2026-11-09T08:30:00Z",
    ],
)
def test_a_name_that_a_counter_comes_to_is_let_through(name: str) -> None:
    assert name_looks_like(name) is None


def test_a_long_text_is_looked_through_in_time_that_grows_with_its_length() -> None:
    for hostile in (
        "0" * 2000,
        "1-" * 1000,
        "a@" * 1000,
        "0 1" * 600,
        "abc " * 500 + "1",
        "." * 1999 + "@",
        "85 " * 660,
    ):
        assert min(timeit.repeat("looks_like(text)", globals={**globals(), "text": hostile}, number=1, repeat=3)) < 0.02
