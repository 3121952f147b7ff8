"""Personal data belongs in no report and no assessment: text that looks like some is refused (semantics 20)."""

import re
import unicodedata
from datetime import date

IDENTITY, PHONE, EMAIL, PLATE = (
    "a personal identity number",
    "a phone number",
    "an e-mail address",
    "a number plate",
)
_WORTH_A_LOOK = re.compile(r"[0-9@]|[^\x00-\u024f]")
_ODD = re.compile(r"[^ -~\u00a1-\u00ac\u00ae-\u024f]| [ -]|- ")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_DASHES = re.compile(r" ?[\u2010-\u2015\u2212-] ?")
_SPACES = re.compile(r"\s+")

# Each begins with the set of its first characters, which the engine skips to.
_TEN_DIGITS = re.compile(r"[0-9][0-9](?:[- ]?[0-9][0-9]){2}[-+ ]?[0-9][0-9] ?[0-9][0-9]")
_NUMBER = re.compile(
    r"(?<![0-9])(?<![0-9]-)(?P<century>19|20)?(?P<year>[0-9]{2})(?P<apart>[- ]?)(?P<month>[0-9]{2})(?P=apart)"
    r"(?P<day>[0-9]{2})(?P<mark>[-+ ]?)(?P<last>[0-9]{2} ?[0-9]{2})(?![0-9]|-[0-9])"
)
_PHONE = re.compile(
    r"[+0(4](?<![0-9/].)(?:(?<=4)6[ -]?(?:\(0\))?[ -]?7[02369](?:[ -]?[0-9]){7}"
    r"|(?<=\+)46[ -]?(?:\(0\))?[ -]?[1-9](?:[ -]?[0-9]){6,8}"
    r"|(?<=0)046[ -]?(?:\(0\))?[ -]?[1-9](?:[ -]?[0-9]){6,8}"
    r"|(?:(?<=0)|(?<=\()0)(?:8\)?[ -/]? ?[1-9](?:[ -]?[0-9]){5,7}"
    r"|[1-79][0-9]\)?[ -/] ?[1-9](?:[ -]?[0-9]){4,6}"
    r"|[1-79][0-9]{2}\)?[ -/] ?[1-9](?:[ -]?[0-9]){4,5}"
    r"|(?:8|[1-79][0-9])\.[1-9][0-9]{1,2}(?:\.[0-9]{2,3}){2}"
    r"|[1-79][0-9]{7,8}))(?![0-9]|[-/][0-9]| [0-9]{2})"
)
_EMAIL = re.compile(r"[\w.+%'-]@[\w-]+(?:\.[\w-]+)*\.[^\W\d]{2}")
_PLATE_END = re.compile(r"[0-9]{2}[0-9A-HJ-NPR-UW-Za-hj-npr-uw-z](?![\w/]|[-:,.][0-9])")
_PLATE_START = re.compile(r"(?<![\w-])([A-HJ-PR-UW-Za-hj-pr-uw-z]{3})([ -]?)\Z")

_CLOCK = re.compile(r"(?:[01][0-9]|2[0-4])[0-5][0-9]")
_TIMES = re.compile(rf"{_CLOCK.pattern}{_CLOCK.pattern}")
_DAY_BACKWARDS = re.compile(r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}")

RECENT = 2020
"""No report is older: a date from here on is rather the day of an activity than of a birth."""

WORDS = frozenset(
    """
    alt apr aug bar bed bla bok bor bud bus but byt dag dal dec del den der des det doc dom duk dus eft ens
    ett feb fel fem fex fom fra gav ger ges gul gym hal han har hel her hon hos hus jan jul jun kan kap kat
    kod kom kor kur lag lok lot man mar max med men mer mot nat nej ner nod nor nr nya och okt ord oss par
    per pga plus rad rum sal sek sen sep sex sju str tab tal tar tax tel tex tog tom tre tum tur typ ung upp
    ute
    """.split()  # noqa: SIM905
)
"""What comes before a number in Swedish, in three letters that a plate could have."""

ABBREVIATIONS = frozenset(
    """
    abf art atk bun bup dnr est fap fsk fun gps hbt kak kfs kfu ksn lgh lpo lss lsu lul lvm lvu mbn mhf msb nhr
    npf ntf osl pmf pol pro rnr rof scb sfs sms sou spf ssf stf tbe tkr tsf tsn unt usa utb
    """.split()  # noqa: SIM905
)
"""Organisations, boards, laws, registers and what else is shortened, in three such letters."""


def looks_like(text: str) -> str | None:
    """What a text looks like that it holds of a person, or nothing."""
    if not _WORTH_A_LOOK.search(text):
        return None
    plain = _plain(text) if _ODD.search(text) else text
    if "@" in plain and _EMAIL.search(plain):
        return EMAIL
    if _TEN_DIGITS.search(plain) and any(map(_is_identity, _NUMBER.finditer(plain))):
        return IDENTITY
    if any(map(_is_phone, _PHONE.finditer(plain))):
        return PHONE
    if any(map(_is_plate, _PLATE_END.finditer(plain))):
        return PLATE
    return None


def name_looks_like(name: str) -> str | None:
    """What a name made by a system holds of a person, or nothing."""
    if "@" in name and _EMAIL.search(name):
        return EMAIL
    if _TEN_DIGITS.search(name):
        for found in _NUMBER.finditer(name):
            if found["mark"] in ("-", "+") and not _recent(found) and _is_identity(found):
                return IDENTITY
    return None


def _plain(text: str) -> str:
    """Spaces, dashes and digits as a keyboard writes them; a space beside a dash is none."""
    known = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    plain = "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in known)
    return _DASHES.sub("-", _SPACES.sub(" ", plain))


def _is_identity(found: re.Match[str]) -> bool:
    """A day of birth (a coordination number's is 60 more) and four digits.

    Written with its mark or its whole year, nothing else looks so; otherwise, and where the day is rather one of a
    report, the check digit decides, and a clock time is one.
    """
    day = int(found["day"])
    if not _is_day(found, day - 60 if day > 60 else day):  # noqa: PLR2004 - the coordination number's offset
        return False
    marked = found["mark"] in ("-", "+") or (found["century"] and not found["apart"])
    if _recent(found):
        return not _CLOCK.fullmatch(_last(found)) and _checks(found)
    return bool(marked) or _checks(found)


def _is_day(found: re.Match[str], day: int) -> bool:
    century = found["century"] or ("19" if int(found["year"]) % 4 else "20")
    try:
        date(int(century + found["year"]), int(found["month"]), day)
    except ValueError:
        return False
    return True


def _recent(found: re.Match[str]) -> bool:
    if found["mark"] == "+":
        return False
    year = int((found["century"] or "20") + found["year"])
    return RECENT <= year < RECENT + 10 if found["century"] is None else year >= RECENT


def _last(found: re.Match[str]) -> str:
    return found["last"].replace(" ", "")


def _checks(found: re.Match[str]) -> bool:
    """Luhn's sum over the ten digits without the century."""
    digits = found["year"] + found["month"] + found["day"] + _last(found)
    doubled = (int(digit) * (2 - n % 2) for n, digit in enumerate(digits))
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def _is_phone(found: re.Match[str]) -> bool:
    """Not four pairs that are two clock times, nor a day written backwards."""
    digits = "".join(filter(str.isdigit, found[0]))
    return not (_TIMES.fullmatch(digits) or _DAY_BACKWARDS.fullmatch(digits))


def _is_plate(found: re.Match[str]) -> bool:
    """Apart from its digits, a word before a number is more often a word; one in capitals stands out of its text."""
    text, place = found.string, found.start()
    before = _PLATE_START.search(text[max(0, place - 5) : place])
    if before is None:
        return False
    letters, apart = before.groups()
    word, stands_out = letters.lower(), letters.isupper() and not text.isupper()
    return not apart or not (word in ABBREVIATIONS or (word in WORDS and not stands_out))
