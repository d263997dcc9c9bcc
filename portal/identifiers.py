"""Numbers that name things: the credit code, the filing number, our own document numbers."""

import re
import unicodedata

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_FILING = re.compile(r"([0-9A-HJ-NPQRTUWXY]{18})A(\d{2})(\d{3})")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,23}")


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
