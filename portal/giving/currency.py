"""Foreign money at the rate of the day: exact decimals in, whole fen out."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

HOME = "CNY"
CURRENCIES = (
    "CNY",
    "HKD",
    "MOP",
    "TWD",
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "SGD",
    "AUD",
    "CAD",
    "CHF",
    "THB",
    "MYR",
)
"""Currencies that the district's donors bring; the codes of ISO 4217."""

_DECIMAL = re.compile(r"\d{1,15}(?:\.\d{1,8})?")


def parse_decimal(text: str) -> str:
    """Read a positive decimal with at most eight places, as plain text; empty when it is none."""
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    return plain if _DECIMAL.fullmatch(plain) and Decimal(plain) > 0 else ""


def in_fen(foreign_amount: str, exchange_rate: str) -> int:
    """What foreign money is worth at a rate of yuan for one unit, rounded to the fen by commercial rounding."""
    worth = Decimal(foreign_amount) * Decimal(exchange_rate) * 100
    return int(worth.quantize(Decimal(1), rounding=ROUND_HALF_UP))
