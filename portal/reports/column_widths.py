"""How wide the columns of a printed table are: no amount and no day is ever broken over two lines."""

from collections.abc import Sequence

from reportlab.lib.units import mm

from portal.reports.document import Table
from portal.reports.fonts import printable
from portal.reports.sheet import MEASURE
from portal.reports.typography import CELL, CELL_TOTAL
from portal.reports.wording import cell_words

_AIR = 2.2 * mm + 1
"""What a table keeps free beside a cell."""
_MOST = 0.86
"""So much of the measure may go to figures; words need the rest."""


def widths_of(table: Table) -> list[float]:
    """Widths in points: as the columns' shares say, but a figure or a day has at least the room that it needs."""
    needed = _needed(table)
    shares = [column.share for column in table.columns]
    fixed: dict[int, float] = {}
    while True:
        left = MEASURE - sum(fixed.values())
        whole = sum(share for place, share in enumerate(shares) if place not in fixed)
        widths = [
            fixed[place] if place in fixed else left * share / whole for place, share in enumerate(shares)
        ]
        narrow = [place for place, width in enumerate(widths) if width < needed[place]]
        if not narrow:
            return widths
        fixed |= {place: needed[place] for place in narrow}


def _needed(table: Table) -> list[float]:
    """The room of the widest figure of each column; nought for words, which are broken."""
    rows = [*table.rows, *([table.sums] if table.sums else [])]
    needed = [0.0] * len(table.columns)
    for place, column in enumerate(table.columns):
        if column.is_figure or column.kind == "date":
            style = CELL_TOTAL if column.summed else CELL
            texts = {printable(cell_words(row[place], column.kind)) for row in rows}
            needed[place] = max((style.width(text) for text in texts), default=0) + _AIR
    return _bounded(needed)


def _bounded(needed: Sequence[float]) -> list[float]:
    """Together never more than most of the measure, so that words keep some room."""
    together = sum(needed)
    if together <= MEASURE * _MOST:
        return list(needed)
    return [one * MEASURE * _MOST / together for one in needed]
