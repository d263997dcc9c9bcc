"""One cell: its text without invisible characters, its amount, its day."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from portal.money import MAX_FEN, AmountError, fen_from_number, parse_yuan

Cell = str | int | float | bool | date | datetime | time | timedelta | None

_INVISIBLE = dict.fromkeys(
    [0xFEFF, 0xAD, 0x200E, 0x200F, *range(0x200B, 0x200E), *range(0x202A, 0x202F), *range(0x2060, 0x2065)]
)
"""Zero-width spaces, byte order marks, soft hyphens and direction marks: they look like nothing and differ."""

PLACEHOLDERS = frozenset({"", "/", "-", "--", "—", "——", "无", "\\", "*", "null", "none", "nan"})
"""What exports write where there is nothing."""

_SPACES = re.compile(r"\s+")
_CURRENCY = re.compile(r"^(?:人民币|RMB|CNY|[¥￥+])+", re.IGNORECASE)
_TAIL = re.compile(r"(万元|亿元|万|亿|元整|圆整|元|圆|整)$")
_TIMES = {"万元": 10_000, "万": 10_000, "亿元": 100_000_000, "亿": 100_000_000}


def text_of(cell: Cell) -> str:
    """The cell as a person reads it: one line, no invisible characters, no ``.0`` after whole numbers."""
    if isinstance(cell, str):
        if cell.isascii() and cell.isalnum():
            return cell
        return _SPACES.sub(" ", cell.translate(_INVISIBLE)).strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, float):
        return repr(cell)
    return str(cell)


def folded(text: str) -> str:
    """Text for comparing: compatibility forms joined, no spaces at all, no case."""
    if text.isascii() and " " not in text:
        return text.casefold()
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()


def is_number(cell: Cell) -> bool:
    """Whether the spreadsheet holds a number here (a truth value is none)."""
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def fen_of(cell: Cell, unit: int = 1) -> int:
    """The amount of a cell in fen; ``unit`` is 10,000 where the column counts in 万元.

    Raises:
        AmountError: as ``portal.money`` says; ``negative`` and ``zero`` also for numbers.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        number = Decimal(repr(cell)) * unit if unit != 1 else cell
        fen = fen_from_number(number)
        if fen <= 0:
            raise AmountError("negative" if fen < 0 else "zero", text_of(cell))
        return fen
    return _fen_of_text(text_of(cell), unit)


def _fen_of_text(text: str, unit: int) -> int:
    plain = _CURRENCY.sub("", unicodedata.normalize("NFKC", text).strip()).replace(" ", "")
    found = _TAIL.search(plain)
    if found:
        unit = _TIMES.get(found[1], 1)
        plain = plain[: found.start()]
    if unit == 1:
        return parse_yuan(plain)
    try:
        fen = fen_from_number(Decimal(plain.replace(",", "")) * unit)
    except InvalidOperation:
        raise AmountError("malformed", text) from None
    if fen <= 0:
        raise AmountError("negative" if fen < 0 else "zero", text)
    return fen


def declared_fen(number: Decimal | float) -> int | None:
    """A declared total in fen. Sums made by spreadsheets carry noise (4761028.68000006), so it is rounded off."""
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not exact.is_finite() or not 0 < exact * 100 <= MAX_FEN * 100:
        return None
    return int((exact * 100).to_integral_value())
