"""Columns of a list that has no header row, told by what stands in them."""

from collections.abc import Sequence

from portal.imports.reading.cells import Cell, folded, is_number, text_of
from portal.imports.reading.columns import Columns, Role
from portal.imports.reading.days import moment_of
from portal.money import AmountError, parse_yuan

SAMPLE = 200
NEEDED = 0.8


def guess_columns(rows: Sequence[Sequence[Cell]]) -> list[Columns] | None:
    """Find the donors' and the amounts' columns by their content; None when there are no such columns."""
    sample = [row for row in rows[:SAMPLE] if sum(bool(text_of(cell)) for cell in row) >= 2]
    if len(sample) < 3:
        return None
    found: dict[Role, int] = {}
    for place in range(max(map(len, sample))):
        cells = [row[place] for row in sample if place < len(row) and text_of(row[place])]
        role = _role_by_content(cells) if len(cells) >= NEEDED * len(sample) else None
        if role is not None:
            found.setdefault(role, place)
    if Role.AMOUNT not in found or Role.DONOR not in found:
        return None
    width = max(map(len, rows))
    roles: list[Role | None] = [None] * width
    for role, place in found.items():
        roles[place] = role
    return [Columns(("",) * width, tuple(roles), found, (), (), ())]


def _role_by_content(cells: list[Cell]) -> Role | None:
    if not cells:
        return None
    if [text_of(cell) for cell in cells] == [str(number) for number in range(1, len(cells) + 1)]:
        return Role.SERIAL
    for role, test in ((Role.DAY, _is_day), (Role.AMOUNT, _is_amount), (Role.DONOR, _is_name)):
        if sum(map(test, cells)) >= NEEDED * len(cells):
            return role
    return None


def _is_day(cell: Cell) -> bool:
    if is_number(cell):
        return False
    found = moment_of(cell)
    return found is not None and found.day is not None


def _is_amount(cell: Cell) -> bool:
    if is_number(cell):
        return 0 < cell < 10**12  # type: ignore[operator]
    try:
        return parse_yuan(text_of(cell)) > 0 and len(text_of(cell)) < 15
    except AmountError:
        return False


def _is_name(cell: Cell) -> bool:
    words = folded(text_of(cell)) if isinstance(cell, str) else ""
    return 1 < len(words) <= 60 and any("\u4e00" <= sign <= "\u9fff" for sign in words)
