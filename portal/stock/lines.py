"""How much of a thing there is, and what its value rests on."""

import re
import unicodedata
from enum import StrEnum

MAX_THOUSANDTHS = 10**15
_PLAIN = re.compile(r"\d+(?:\.\d{0,3})?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{0,3})?")


class ValuationBasis(StrEnum):
    """What a value rests on, in the order in which the rules ask for it (财会〔2024〕25号 18, 19; E31)."""

    EVIDENCE = "evidence"
    EX_FACTORY = "ex_factory"
    SALES = "sales"
    GUIDE = "guide"
    ECOMMERCE = "ecommerce"
    APPRAISAL = "appraisal"
    NOMINAL = "nominal"


class QuantityError(ValueError):
    """A quantity that cannot be read."""


def parse_quantity(text: str) -> int:
    """Read a quantity such as ``1,234.5`` and return thousandths.

    Raises:
        QuantityError: it is no number, not above zero, too large, or has more than three decimals.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not (_PLAIN.fullmatch(plain) or _GROUPED.fullmatch(plain)):
        raise QuantityError(text)
    whole, _, fraction = plain.replace(",", "").partition(".")
    if len(whole) > 12:
        raise QuantityError(text)
    thousandths = int(whole) * 1000 + int(fraction.ljust(3, "0") or 0)
    if not 0 < thousandths <= MAX_THOUSANDTHS:
        raise QuantityError(text)
    return thousandths


def format_quantity(thousandths: int) -> str:
    """Write thousandths as people do: ``1234500`` → ``1,234.5``."""
    whole, fraction = divmod(abs(thousandths), 1000)
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{whole:,}" + (f".{fraction:03d}".rstrip("0") if fraction else "")
