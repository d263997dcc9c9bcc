"""What people type when they look for a sum or a number on a piece of paper."""

import re
import unicodedata
from decimal import Decimal

from portal.money import MAX_FEN, AmountError, parse_yuan

_ROUND = re.compile(r"¥?\s*(\d{1,9}(?:\.\d{1,8})?)\s*(万|亿)元?")
_TIMES = {"万": 10**6, "亿": 10**10}
"""Fen of one 万 or 亿 yuan."""

LONGEST_NUMBER = 60


def amount_of(text: str) -> int | None:
    """The fen of ``1,234.56``, ``1234``, ``¥1234`` or ``1.2万``; None where it is no sum."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("萬", "万").replace("億", "亿")
    rounded = _ROUND.fullmatch(plain)
    if rounded:
        fen = Decimal(rounded[1]) * _TIMES[rounded[2]]
        return int(fen) if 0 < fen <= MAX_FEN and fen == int(fen) else None
    try:
        return parse_yuan(plain)
    except AmountError:
        return None


def number_of(text: str) -> str | None:
    """The number of an entry, receipt, document, bill or thing in the form in which it is kept, if it may be one."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if not plain or len(plain) > LONGEST_NUMBER or not any(one.isdigit() for one in plain):
        return None
    return plain if re.fullmatch(r"[\w-]+", plain) else None
