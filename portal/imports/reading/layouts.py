"""Layouts that a person once explained: which column of a header holds what, found again by the header's words."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.imports.reading.cells import Cell, fen_of, folded, is_number, text_of
from portal.imports.reading.columns import Columns, Role, columns_of, role_of
from portal.money import AmountError

HEIGHTS = (1, 2, 3)
"""So many rows a header may have."""

OFFERED = (
    Role.DONOR,
    Role.AMOUNT,
    Role.INCOME,
    Role.OUTGO,
    Role.DAY,
    Role.CLOCK,
    Role.REFERENCE,
    Role.REMARK,
    Role.CHANNEL,
    Role.DIRECTION,
    Role.STATUS,
    Role.DEAL,
)
"""What a column may be said to hold."""

WITHIN = 100

_DAY = re.compile(r"(20)?\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}")


@dataclass(frozen=True)
class Layout:
    """The words of a header, joined over its rows, and what each column holds."""

    labels: tuple[str, ...]
    roles: tuple[Role | None, ...]
    height: int = 1

    @property
    def key(self) -> str:
        """By which the same header is found again, whatever stands above it."""
        return key_of(self.labels)

    @property
    def complete(self) -> bool:
        """Whether gifts can be read by it: an amount, and something that tells one from another."""
        return bool({Role.AMOUNT, Role.INCOME} & set(self.roles)) and bool(
            {Role.DONOR, Role.REFERENCE, Role.DAY} & set(self.roles)
        )

    def columns(self) -> Columns:
        """The layout as the reader of tables takes it."""
        return columns_of(self.labels, self.roles)


Layouts = Mapping[str, Layout]
"""Layouts by key."""


def key_of(labels: Sequence[str]) -> str:
    """SHA-256 of the words of a header; blanks, widths and empty columns at the end do not matter."""
    words = [folded(one) for one in labels]
    while words and not words[-1]:
        words.pop()
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


def labels_at(rows: Sequence[Sequence[Cell]], place: int, height: int) -> tuple[str, ...]:
    """The words of a header that begins in a row: of each column the words of all its rows, the upper ones first.

    An upper cell that is merged over several columns stands in the first of them; it speaks for the others too.
    """
    width = max((len(row) for row in rows[place : place + height]), default=0)
    joined: list[list[str]] = [[] for _ in range(width)]
    for step, row in enumerate(rows[place : place + height]):
        above = ""
        for column in range(width):
            words = text_of(row[column]) if column < len(row) else ""
            above = words or (above if step < height - 1 else "")
            if above and above not in joined[column]:
                joined[column].append(above)
    return tuple(" ".join(words) for words in joined)


def find_layout(rows: Sequence[Sequence[Cell]], layouts: Layouts) -> tuple[int, Layout] | None:
    """The first header that somebody explained before: the row after it, and the layout."""
    heights = sorted({one.height for one in layouts.values()})
    for place in range(min(len(rows), WITHIN)):
        for height in heights:
            layout = layouts.get(key_of(labels_at(rows, place, height)))
            if layout is not None and layout.height == height:
                return place + height, layout
    return None


def guess_header(rows: Sequence[Sequence[Cell]]) -> int:
    """Where a header most likely stands: the widest row of words only, with something like a list below it."""
    best, score = 0, 0
    for place, row in enumerate(rows[:WITHIN]):
        words = [cell for cell in row if text_of(cell)]
        below = rows[place + 1] if place + 1 < len(rows) else []
        if any(is_number(cell) for cell in words) or len(words) < 2:
            continue
        known = sum(role_of(cell) is not None for cell in words)
        found = len(words) + 3 * known + (4 if any(is_number(cell) for cell in below) else 0)
        if found > score:
            best, score = place, found
    return best


def guess_layout(rows: Sequence[Sequence[Cell]], place: int, height: int) -> Layout:
    """A first guess at what each column holds, by the words of the header, then by what stands below."""
    labels = labels_at(rows, place, height)
    body = rows[place + height : place + height + 30]
    roles: list[Role | None] = []
    for column, words in enumerate(labels):
        role = role_of(words) or next((found for part in words.split() if (found := role_of(part))), None)
        cells = [row[column] for row in body if column < len(row) and text_of(row[column])]
        if role is None and cells:
            role = _told_by(cells, roles)
        roles.append(role if role in OFFERED else None)
    return Layout(labels, tuple(roles), height)


def _told_by(cells: Sequence[Cell], taken: Sequence[Role | None]) -> Role | None:
    """What a column holds, told by what stands in it."""
    if Role.AMOUNT not in taken and all(_is_amount(cell) for cell in cells):
        return Role.AMOUNT
    if Role.DAY not in taken and all(_DAY.match(text_of(cell)) for cell in cells):
        return Role.DAY
    return None


def _is_amount(cell: Cell) -> bool:
    try:
        fen_of(cell)
    except AmountError:
        return False
    return True
