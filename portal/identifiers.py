"""Numbers that name things: the credit code, the filing number, our own document numbers."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_FILING = re.compile(r"([0-9A-HJ-NPQRTUWXY]{18})A(\d{2})(\d{3})")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,23}")
_CITIZEN = re.compile(r"\d{17}[\dX]")
_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_CHECKS = "10X98765432"
_REGIONS = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
"""The first two digits (GB/T 2260); 81, 82 and 83 are residence permits of Hong Kong, Macao and Taiwan residents."""
_PERMITS = {"810000", "820000", "830000"}
_OLDEST = date(1890, 1, 1)


class IdentifierError(ValueError):
    """An identifier that cannot be right. ``reason`` names the fault."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(f"{reason}: {text!r}")
        self.reason = reason
        self.text = text


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().upper()


def uscc_check_character(first_seventeen: str) -> str:
    """The check character of a unified social credit code (GB 32100-2015)."""
    total = sum(
        _USCC_ALPHABET.index(character) * weight
        for character, weight in zip(first_seventeen, _USCC_WEIGHTS, strict=True)
    )
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def parse_uscc(text: str) -> str:
    """Read a unified social credit code and return its canonical form.

    Raises:
        IdentifierError: ``length``, ``characters`` or ``check_digit``.
    """
    code = _tidy(text)
    if len(code) != 18:
        raise IdentifierError("length", text)
    if not _USCC.fullmatch(code):
        raise IdentifierError("characters", text)
    if code[17] != uscc_check_character(code[:17]):
        raise IdentifierError("check_digit", text)
    return code


def parse_filing_no(text: str, organisation_uscc: str, filed_year: int | None = None) -> str:
    """Read a fundraising filing number: credit code, ``A``, two digits of the year, three digits (rule E14).

    Raises:
        IdentifierError: ``format``, ``check_digit``, ``other_organisation`` or ``year``.
    """
    number = _tidy(text)
    found = _FILING.fullmatch(number)
    if not found:
        raise IdentifierError("format", text)
    if found[1][17] != uscc_check_character(found[1][:17]):
        raise IdentifierError("check_digit", text)
    if found[1] != organisation_uscc:
        raise IdentifierError("other_organisation", text)
    if filed_year is not None and int(found[2]) != filed_year % 100:
        raise IdentifierError("year", text)
    return number


def parse_code(text: str) -> str:
    """Read one of our own codes (fund, station, project): 2–24 of A–Z, 0–9 and ``-``.

    Raises:
        IdentifierError: ``format``.
    """
    code = _tidy(text)
    if not _CODE.fullmatch(code):
        raise IdentifierError("format", text)
    return code


def document_no(prefix: str, year: int, number: int) -> str:
    """A document number such as ``D-2026-000123``."""
    return f"{prefix}-{year:04d}-{number:06d}"


@dataclass(frozen=True)
class CitizenNumber:
    """A citizen's number (GB 11643-1999); ``permit`` when it is that of a residence permit (港澳台居民居住证)."""

    number: str
    born: date
    permit: bool

    def age_on(self, day: date) -> int:
        """Full years on a day."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


def citizen_check_character(first_seventeen: str) -> str:
    """The check character of a citizen's number (GB 11643-1999, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _CITIZEN_WEIGHTS, strict=True))
    return _CITIZEN_CHECKS[total % 11]


def parse_citizen_number(text: str) -> CitizenNumber:
    """Read a citizen's number or that of a residence permit.

    Raises:
        IdentifierError: ``old`` (15 digits, no longer valid), ``length``, ``characters``, ``region``, ``birthday`` or
            ``check_digit``.
    """
    number = re.sub(r"\s", "", _tidy(text))
    if len(number) != 18:
        raise IdentifierError("old" if len(number) == 15 and number.isdigit() else "length", text)
    if not number.isascii() or not _CITIZEN.fullmatch(number):
        raise IdentifierError("characters", text)
    if number[:2] not in _REGIONS:
        raise IdentifierError("region", text)
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise IdentifierError("birthday", text) from None
    if born < _OLDEST:
        raise IdentifierError("birthday", text)
    if number[17] != citizen_check_character(number[:17]):
        raise IdentifierError("check_digit", text)
    return CitizenNumber(number, born, number[:6] in _PERMITS)


def is_card(account: str) -> bool:
    """Whether a number is that of a bank card: 62 and 16 to 19 digits (GB/T 14504); passbooks have no check digit."""
    return account.startswith("62") and 16 <= len(account) <= 19


def luhn_holds(digits: str) -> bool:
    """Whether the last digit of a card's number checks the others (GB/T 14504, ISO/IEC 7812)."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        digit = int(sign) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0
