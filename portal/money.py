"""Amounts of money as whole fen: read what people type, write what people read.

Every amount in the portal is an ``int`` of fen (1 yuan = 100 fen). No float ever holds money.
"""

import re
import unicodedata
from decimal import Decimal

MAX_FEN = 10**13
"""The largest amount one entry may carry, in fen (one hundred thousand million yuan)."""

_PLAIN = re.compile(r"\d+(?:\.\d{0,2})?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{0,2})?")
_TOO_FINE = re.compile(r"[\d,]+\.\d{3,}")

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


class AmountError(ValueError):
    """An amount that cannot be read. ``reason`` says why, for a message in the reader's language."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(f"{reason}: {text!r}")
        self.reason = reason
        self.text = text


def parse_yuan(text: str) -> int:
    """Read an amount typed in yuan and return fen.

    Accepts ``1234.5``, ``1,234.50``, full-width ``１，２３４．５０``, a leading ``¥`` and a trailing ``元``.

    Raises:
        AmountError: with reason ``empty``, ``negative``, ``too_fine`` (more than two decimals),
            ``too_large``, ``zero`` or ``malformed`` (exponents, misplaced commas, letters).
    """
    shown = unicodedata.normalize("NFKC", text).strip()
    plain = shown.removeprefix("¥").removesuffix("元").strip()
    if not plain:
        raise AmountError("empty", text)
    if plain[0] in "-−–":
        raise AmountError("negative", text)
    if _TOO_FINE.fullmatch(plain):
        raise AmountError("too_fine", text)
    if not plain.isascii() or not (_PLAIN.fullmatch(plain) or _GROUPED.fullmatch(plain)):
        raise AmountError("malformed", text)
    whole, _, fraction = plain.replace(",", "").partition(".")
    if len(whole) > 15:
        raise AmountError("too_large", text)
    fen = int(whole) * 100 + int(fraction.ljust(2, "0") or 0)
    if fen > MAX_FEN:
        raise AmountError("too_large", text)
    if fen == 0:
        raise AmountError("zero", text)
    return fen


def fen_from_number(number: Decimal | float) -> int:
    """Turn a spreadsheet's number of yuan into fen, forgiving float noise but no real third decimal.

    Raises:
        AmountError: ``too_fine`` when more than 10⁻⁶ yuan is left beyond the fen, ``too_large``, ``malformed``.
    """
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not exact.is_finite():
        raise AmountError("malformed", str(number))
    scaled = exact * 100
    fen = int(scaled.to_integral_value())
    if abs(scaled - fen) > Decimal("0.0001"):
        raise AmountError("too_fine", str(number))
    if abs(fen) > MAX_FEN:
        raise AmountError("too_large", str(number))
    return fen


def format_yuan(fen: int) -> str:
    """Write fen as yuan with thousands separators and two decimals: ``-123456`` → ``-1,234.56``."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan:,}.{rest:02d}"


def format_plain(fen: int) -> str:
    """Write fen as yuan for machines and form fields: no separators, two decimals."""
    return format_yuan(fen).replace(",", "")


def format_words(fen: int) -> str:
    """Write an amount in words as on a Chinese receipt (大写): ``1050`` → ``人民币壹拾元零伍分``.

    Rule (支付结算办法 annex 1): 零 stands where a digit group is skipped, 整 follows yuan or jiao.

    Raises:
        ValueError: for a negative amount.
    """
    if fen < 0:
        raise ValueError("amounts in words are never negative")
    if fen == 0:
        return "人民币零元整"
    yuan, rest = divmod(fen, 100)
    jiao, last = divmod(rest, 10)
    words = _whole_words(yuan) + "元" if yuan else ""
    if not rest:
        return f"人民币{words}整"
    if jiao:
        # A yuan figure that ends in 0 needs 零 before the jiao, as a skipped place does.
        words += ("零" if yuan and yuan % 10 == 0 else "") + _DIGITS[jiao] + "角"
    elif yuan:
        words += "零"
    return f"人民币{words}{_DIGITS[last] + '分' if last else '整'}"


def _whole_words(number: int) -> str:
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words, pending_zero = "", False
    for position in range(len(groups) - 1, -1, -1):
        group = groups[position]
        if group == 0:
            pending_zero = bool(words)
            continue
        if words and (pending_zero or group < 1000):
            words += "零"
        words += _group_words(group) + _GROUPS[position]
        pending_zero = False
    return words


def _group_words(group: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words
