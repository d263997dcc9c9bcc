"""Figures in the words of a printed report. Amounts in fen."""

from decimal import ROUND_HALF_UP, Decimal

from portal.i18n import current_locale
from portal.i18n import gettext as _
from portal.money import format_yuan

MINUS = "\N{MINUS SIGN}"
_WAN = 10_000 * 100
_YI = 10_000 * _WAN
_FEWEST_PEOPLE = 5
"""Counts of people helped below this are not printed: too few could be recognised."""


def amount(fen: int) -> str:
    """``1,234.56``, with a real minus sign below zero."""
    return (MINUS if fen < 0 else "") + format_yuan(abs(fen))


def yuan(fen: int) -> str:
    """``¥1,234.56``."""
    return (MINUS if fen < 0 else "") + "¥" + format_yuan(abs(fen))


def signed(fen: int, sign: str) -> str:
    """An amount with the sign of its direction; a negative one (a reversal) turns it round."""
    if fen < 0:
        sign = MINUS if sign == "+" else "+"
    return f"{sign} {format_yuan(abs(fen))}"


def number(count: int) -> str:
    """A whole number with separators."""
    return (MINUS if count < 0 else "") + f"{abs(count):,}"


def headline(fen: int) -> tuple[str, str]:
    """Number and unit for a headline: from ten thousand yuan on, ``("12.35", "万元")``."""
    if current_locale() == "en":
        return f"¥{amount(fen)}", ""
    size = abs(fen)
    unit, divisor = (_("亿元"), _YI) if size >= _YI else (_("万元"), _WAN)
    if size < _WAN:
        return amount(fen), _("元")
    rounded = (Decimal(size) / divisor).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return (MINUS if fen < 0 else "") + f"{rounded:,}", unit


def in_short(fen: int) -> str:
    """A headline in one piece: ``12.35 万元``."""
    figure, unit = headline(fen)
    return f"{figure} {unit}".strip()


def share(part: int, whole: int) -> str:
    """``58.9%``; of nothing an em dash."""
    if not whole:
        return "—"
    ratio = (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return (MINUS if ratio < 0 else "") + f"{abs(ratio)}%"


def people(count: int | None) -> str:
    """How many were helped; a count below five is not given exactly."""
    if count is None:
        return "—"
    return number(count) if count >= _FEWEST_PEOPLE else _("不足 5")
