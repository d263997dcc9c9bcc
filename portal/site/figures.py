"""Figures as people read them: headline amounts, shares, and the geometry of the target meter."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from portal.i18n import current_locale
from portal.i18n import gettext as _
from portal.money import format_yuan

MINUS = "\N{MINUS SIGN}"

_WAN = 10_000 * 100
_YI = 10_000 * _WAN
_MILLION = 1_000_000 * 100


class Headline(NamedTuple):
    """An amount for a headline: ``¥`` + number, or number + unit; ``rounded`` when the exact figure differs."""

    prefix: str
    number: str
    unit: str
    rounded: bool

    def __str__(self) -> str:
        return f"{self.prefix}{self.number}{' ' if self.unit else ''}{self.unit}"


class Mark(NamedTuple):
    """One target on the meter: its amount in fen, its words, its place, and how its words are anchored."""

    fen: int
    words: str
    place: str
    anchor: str


class Meter(NamedTuple):
    """Where the fill ends and where the marks stand, each as a percentage of the whole length."""

    filled: str
    marks: tuple[Mark, ...]


def signed_yuan(fen: int) -> str:
    """Fen as ``1,234.56``, with a real minus sign below zero."""
    return (MINUS if fen < 0 else "") + format_yuan(abs(fen))


def whole_yuan(fen: int) -> str:
    """Fen as ``70`` where it is a whole number of yuan, else as ``70.50``."""
    return signed_yuan(fen).removesuffix(".00")


def headline(fen: int) -> Headline:
    """Shorten an amount in fen from ten thousand yuan on: ``12.35 万元`` (in English from a million on)."""
    sign = MINUS if fen < 0 else ""
    size = abs(fen)
    unit, divisor = _unit(size)
    if not unit:
        return Headline(f"{sign}¥", format_yuan(size), "", False)
    number = (Decimal(size) / divisor).quantize(Decimal("0.01"), ROUND_HALF_UP)
    prefix = f"{sign}¥" if current_locale() == "en" else sign
    return Headline(prefix, f"{number:,}", unit, number * divisor != size)


def _unit(size: int) -> tuple[str, int]:
    if current_locale() == "en":
        # English has no word for ten thousand; figures below a million are shown whole.
        return ("million", _MILLION) if size >= _MILLION else ("", 1)
    if size * 2 >= 2 * _YI - _WAN:  # 9,999.995 万元 would round to 10,000.00 万元
        return _("亿元"), _YI
    return (_("万元"), _WAN) if size >= _WAN else ("", 1)


def percent(value: float | Decimal, of: int | Decimal | None = None, digits: int = 1) -> str:
    """A share as ``58.9%``: either ``value`` is the ratio, or ``value`` out of ``of``. Of nothing: an em dash."""
    if of is not None and not of:
        return "—"
    ratio = Decimal(str(value)) / (Decimal(str(of)) if of is not None else 1) * 100
    shown = ratio.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{MINUS if shown < 0 else ''}{abs(shown):,}%"


def meter(value_fen: int, marks: Sequence[tuple[int, str]]) -> Meter:
    """Lay a value and its targets (fen, words) on one scale from zero to the largest of them."""
    whole = max([value_fen, *(fen for fen, _words in marks)], default=0) or 1

    def place(fen: int) -> Decimal:
        return (Decimal(max(fen, 0)) * 100 / whole).quantize(Decimal("0.01"))

    return Meter(
        f"{place(value_fen)}%",
        tuple(
            Mark(fen, words, f"{place(fen)}%", "end" if place(fen) > 92 else "middle") for fen, words in marks
        ),
    )


class Bar(NamedTuple):
    """Two parts of a whole side by side, as places in percent."""

    first: str
    second_at: str
    second: str


def bar(first: int, second: int, whole: int) -> Bar:
    """Lay two parts on a whole, such as what is spent and what is asked for on a budget."""
    scale = max(whole, first + second, 1)

    def share(part: int) -> str:
        return f"{(Decimal(max(part, 0)) * 100 / scale).quantize(Decimal('0.01'))}%"

    return Bar(share(first), share(first), share(second))
