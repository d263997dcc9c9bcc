"""Bank and wallet statements: credits become donations; debits and what was refunded are no rows at all."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from portal.imports.reading.cells import PLACEHOLDERS, Cell, fen_of, folded, text_of
from portal.imports.reading.columns import Columns, Role
from portal.money import AmountError

_REFUND = re.compile(r"退款|退回|退还|已全额退|冲正|撤销|交易关闭|交易失败|支付失败")
_PARTLY = re.compile(r"已退款?[(（]|部分退款")
_NO_GIFT = re.compile(r"结息|利息|工资|提现|赎回|理财|转存|充值")
_FAILED = re.compile(r"交易关闭|交易失败|支付失败|已撤销")
_OUTGOING = re.compile(r"支出?|借|出|支取|转出|dr?|debit", re.IGNORECASE)
_INCOMING = re.compile(r"收入?|贷|入|存入|转入|cr?|credit", re.IGNORECASE)


class Credit(Enum):
    """What a line of a statement is."""

    GIFT = auto()
    DOUBTFUL = auto()
    PARTLY_REFUNDED = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Credited:
    """A line's credit: the cell of its amount, and what to say of it."""

    kind: Credit
    amount: Cell = None
    place: int = 0
    words: str = ""


_NOTHING = Credited(Credit.NONE)


def credit_of(cells: list[Cell], columns: Columns) -> Credited:
    """The credit on a line, if it is one."""
    place, amount = _incoming(cells, columns)
    if amount is None:
        return _NOTHING
    words = [_at(cells, columns.place(role)) for role in (Role.DEAL, Role.STATUS, Role.REMARK)]
    for word in words:
        if _PARTLY.search(word):
            return Credited(Credit.PARTLY_REFUNDED, amount, place, word)
        if _REFUND.search(word):
            return _NOTHING
    for word in words[:1]:
        if _NO_GIFT.search(word):
            return Credited(Credit.DOUBTFUL, amount, place, word)
    return Credited(Credit.GIFT, amount, place)


def movement_of(cells: list[Cell], columns: Columns) -> tuple[Cell, int] | None:
    """What a line moves: the cell of the amount, and 1 for what came in or −1 for what went out; None for nothing."""
    words = [_at(cells, columns.place(role)) for role in (Role.STATUS, Role.DEAL)]
    if any(_FAILED.search(word) for word in words):
        return None
    for places, sign in ((columns.incomes, 1), (columns.outgoes, -1)):
        for place in places:
            cell = cells[place] if place < len(cells) else None
            if text_of(cell) not in PLACEHOLDERS and not _is_zero(cell):
                return cell, sign
    only = columns.place(Role.AMOUNT)
    cell = cells[only] if only is not None and only < len(cells) else None
    if columns.incomes or text_of(cell) in PLACEHOLDERS or _is_zero(cell):
        return None
    direction = columns.place(Role.DIRECTION)
    if direction is None:
        return cell, 1
    words_of_direction = folded(_at(cells, direction))
    if _INCOMING.fullmatch(words_of_direction):
        return cell, 1
    return (cell, -1) if _OUTGOING.fullmatch(words_of_direction) else None


def _is_zero(cell: Cell) -> bool:
    try:
        fen_of(cell)
    except AmountError as problem:
        return problem.reason == "zero"
    return False


def _incoming(cells: list[Cell], columns: Columns) -> tuple[int, Cell]:
    direction = columns.place(Role.DIRECTION)
    if direction is not None and not _INCOMING.fullmatch(folded(_at(cells, direction))):
        return 0, None
    candidates = columns.incomes or ((columns.places[Role.AMOUNT],) if Role.AMOUNT in columns.places else ())
    for place in candidates:
        cell = cells[place] if place < len(cells) else None
        if _is_credit(cell, signed=direction is None and not columns.incomes):
            return place, cell
    return 0, None


def _is_credit(cell: Cell, *, signed: bool) -> bool:
    """An empty cell, a dash and a zero are no credit; where one column holds both, the sign tells."""
    words = text_of(cell)
    if words in PLACEHOLDERS:
        return False
    try:
        return fen_of(cell) > 0
    except AmountError as problem:
        # An amount nobody can read must be looked at, not dropped; a zero or a debit is simply no credit.
        return problem.reason not in (("zero", "negative") if signed else ("zero",))


def _at(cells: list[Cell], place: int | None) -> str:
    return text_of(cells[place]) if place is not None and place < len(cells) else ""
