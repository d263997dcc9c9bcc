"""Figures in the words of a printed report. Amounts in fen."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from portal.disclosure.checkpoints import Mark
from portal.i18n import current_locale
from portal.i18n import gettext as _
from portal.money import format_yuan
from portal.reports.document import Cell, ColumnKind

MINUS = "\N{MINUS SIGN}"
UNKNOWN = "—"
"""Stands for a figure that nobody knows."""
TEN_THOUSAND = 10_000 * 100
"""Ten thousand yuan, in fen: from here on headlines count in 万."""
_YI = 10_000 * TEN_THOUSAND


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
    unit, divisor = (_("亿元"), _YI) if size >= _YI else (_("万元"), TEN_THOUSAND)
    if size < TEN_THOUSAND:
        return amount(fen), _("元")
    rounded = (Decimal(size) / divisor).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return (MINUS if fen < 0 else "") + f"{rounded:,}", unit


def in_short(fen: int) -> str:
    """A headline in one piece: ``12.35 万元``."""
    figure, unit = headline(fen)
    return f"{figure} {unit}".strip()


def in_ten_thousands(fen: int) -> str:
    """``1,477.24``: the amount in units of ten thousand yuan."""
    rounded = (Decimal(abs(fen)) / TEN_THOUSAND).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return (MINUS if fen < 0 and rounded else "") + f"{rounded:,}"


def state_of_books(entries: int, checkpoint: Mark | None) -> str:
    """The ledger's state at the foot of every page: how many entries, and the signed head that covers them."""
    if checkpoint is None:
        return _("账本状态：第 %(size)s 笔", size=number(entries))
    return _(
        "账本状态：第 %(size)s 笔 · 校验点 %(leaves)s 条 %(root)s",
        size=number(entries),
        leaves=number(checkpoint.size),
        root=checkpoint.short_root,
    )


def cell_words(cell: Cell, kind: ColumnKind) -> str:
    """A cell of a report's table in words."""
    if cell is None:
        return UNKNOWN
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return percent(cell)
    return amount(cell) if kind == "money" else number(cell)


def percent(share: Decimal) -> str:
    """``2.35%``, with a real minus sign; the digits that were counted, no more and no fewer."""
    return (MINUS if share < 0 else "") + f"{abs(share):f}%"
