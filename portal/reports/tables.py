"""Tables of the printed page: the head repeated on each page, sums carried forward, any length in linear time.

reportlab's own tables were measured superlinear in their rows; this one breaks each cell once and draws plain lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from portal.i18n import gettext as _
from portal.reports.fonts import printable
from portal.reports.linebreaking import break_lines
from portal.reports.typography import (
    CELL,
    CELL_HEAD,
    CELL_TOTAL,
    INK,
    RIVER,
    TextStyle,
    dotted_line,
    draw_text,
)
from portal.reports.wording import amount, number

Cell = str | int | None
_PADDING = 2.6
_GAP = 2.2 * mm
_INDENT = 4 * mm
"""Left of words that follow a figure, so that the two do not touch."""


@dataclass(frozen=True)
class Column:
    """One column. ``money`` cells hold fen, ``number`` cells whole numbers; ``summed`` ones are carried forward.

    ``share`` is the column's part of the measure, in the unit of the other columns' shares.
    """

    title: str
    share: float
    kind: Literal["text", "money", "number"] = "text"
    summed: bool = False
    colour: Color = INK

    @property
    def is_figure(self) -> bool:
        """Whether it is set flush right."""
        return self.kind != "text"

    def shown(self, cell: Cell) -> str:
        """A cell as text."""
        if cell is None or cell == "":
            return ""
        if isinstance(cell, str):
            return cell
        return amount(cell) if self.kind == "money" else number(cell)


@dataclass(frozen=True)
class _Row:
    lines: tuple[tuple[str, ...], ...]
    height: float


class MoneyTable(Flowable):
    """Rows of text and figures; where a page ends, the sum so far is carried over to the next."""

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        *,
        total: str = "",
        carried: bool = True,
    ) -> None:
        super().__init__()
        self._columns, self._rows, self._total = tuple(columns), rows, total
        self._carried = carried and any(column.summed for column in columns)
        self._first, self._end = 0, len(rows)
        self._set: list[_Row] = []
        self._sums: list[tuple[int, ...]] = []
        self._set_for = 0.0

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """As wide as the measure; every cell is broken into lines once."""
        if self._set_for != available_width:
            self._set_rows(available_width)
        self.width = available_width
        self.height = self._head.height + self._frame_height(self._first, self._end)
        self.height += sum(row.height for row in self._set[self._first : self._end])
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Cut after the last row that fits, leaving room for the line that carries the sum."""
        self.wrap(available_width, available_height)
        end, used = self._first, self._head.height + self._frame_height(self._first, self._first)
        line = self._line_height
        while (
            end < self._end
            and used + self._set[end].height + (line if self._carried else 0) <= available_height
        ):
            used += self._set[end].height
            end += 1
        if self._end - end == 1:
            end -= 1
        if end - self._first < 2:
            return []
        return [self._part(self._first, end), self._part(end, self._end)]

    def getSpaceBefore(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted above."""
        return 2 * mm

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted below."""
        return 4 * mm

    def draw(self) -> None:
        """Head, what is carried over, rows, and the sum or what is carried on."""
        y = self._draw_row(self._head, self.height, CELL_HEAD, titles=True)
        self.canv.setStrokeColor(RIVER)
        self.canv.setLineWidth(1)
        self.canv.line(0, y, self.width, y)
        if self._carried and self._first:
            y = self._draw_sum(_("承前页"), self._first, y, CELL)
        for row in self._set[self._first : self._end]:
            y = self._draw_row(row, y, CELL)
            dotted_line(self.canv, 0, self.width, y)
        if self._end < len(self._rows):
            if self._carried:
                self._draw_sum(_("过次页"), self._end, y, CELL)
        elif self._total:
            self.canv.setStrokeColor(RIVER)
            self.canv.line(0, y, self.width, y)
            self._draw_sum(self._total, self._end, y, CELL_TOTAL)

    @property
    def _line_height(self) -> float:
        return CELL.leading + 2 * _PADDING

    def _frame_height(self, first: int, end: int) -> float:
        lines = 1 if self._carried and first else 0
        if end == len(self._rows):
            lines += 1 if self._total else 0
        elif self._carried:
            lines += 1
        return lines * self._line_height

    def _part(self, first: int, end: int) -> "MoneyTable":
        part = MoneyTable(self._columns, self._rows, total=self._total, carried=self._carried)
        part._set, part._sums, part._set_for = self._set, self._sums, self._set_for
        part._widths, part._head = self._widths, self._head
        part._first, part._end = first, end
        return part

    def _set_rows(self, available_width: float) -> None:
        shares = sum(column.share for column in self._columns)
        self._widths = [available_width * column.share / shares for column in self._columns]
        self._head = self._set_row([column.title for column in self._columns], CELL_HEAD)
        self._set = [
            self._set_row([column.shown(cell) for column, cell in zip(self._columns, row, strict=True)], CELL)
            for row in self._rows
        ]
        nothing = (0,) * len(self._columns)
        self._sums = list(accumulate(self._rows, self._add, initial=nothing))
        self._set_for = available_width

    def _add(self, sums: tuple[int, ...], row: Sequence[Cell]) -> tuple[int, ...]:
        return tuple(
            held + (cell if column.summed and isinstance(cell, int) else 0)
            for column, held, cell in zip(self._columns, sums, row, strict=True)
        )

    def _set_row(self, texts: Sequence[str], style: TextStyle) -> _Row:
        lines = tuple(
            tuple(break_lines(printable(text), width - _GAP - self._indent(place), style.width))
            for place, (text, width) in enumerate(zip(texts, self._widths, strict=True))
        )
        return _Row(lines, max(len(cell) for cell in lines) * style.leading + 2 * _PADDING)

    def _indent(self, place: int) -> float:
        after_figure = place > 0 and self._columns[place - 1].is_figure
        return _INDENT if after_figure and not self._columns[place].is_figure else 0

    def _draw_sum(self, words: str, count: int, y: float, style: TextStyle) -> float:
        texts = [
            column.shown(held) if column.summed else ""
            for column, held in zip(self._columns, self._sums[count], strict=True)
        ]
        first_figure = next((i for i, text in enumerate(texts) if text), len(texts))
        if first_figure:
            texts[0] = words
        row = _Row(tuple((text,) for text in texts), self._line_height)
        return self._draw_row(row, y, style)

    def _draw_row(self, row: _Row, top: float, style: TextStyle, *, titles: bool = False) -> float:
        x = 0.0
        last = len(self._columns) - 1
        for place, (column, width, lines) in enumerate(
            zip(self._columns, self._widths, row.lines, strict=True)
        ):
            right = x + width - (0 if place == last else _GAP)
            own = style if titles else replace(style, colour=column.colour)
            baseline = top - _PADDING - (style.leading - style.size) / 2 - style.size * 0.86
            for line in lines:
                if line:
                    draw_text(
                        self.canv,
                        right if column.is_figure else x + self._indent(place),
                        baseline,
                        line,
                        own,
                        align="right" if column.is_figure else "left",
                    )
                baseline -= style.leading
            x += width
        return top - row.height
