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
