"""Tables of the printed page: the head repeated on each page, sums carried forward, any length in linear time.

reportlab's own tables were measured superlinear in their rows; this one breaks each cell once and draws plain lines.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Literal

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from portal.i18n import gettext as _
from portal.reports.fonts import BOLD, printable
from portal.reports.linebreaking import break_lines
from portal.reports.typography import (
    CELL,
    CELL_HEAD,
    INK,
    RIVER,
    TextStyle,
    dotted_lines,
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
    """A row that is set: its cells' lines, its height, and the sums of the summed columns after it."""

    lines: tuple[tuple[str, ...], ...]
    height: float
    sums: tuple[int, ...] = ()


class MoneyTable(Flowable):
    """Rows of text and figures; where a page ends, the sum so far is carried over to the next.

    Rows are taken from their source as pages need them, so a table of any length takes the memory of one page.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Cell]],
        *,
        total: str = "",
        carried: bool = True,
        cell: TextStyle = CELL,
    ) -> None:
        super().__init__()
        self._setter = _Setter(tuple(columns), iter(rows), cell)
        self._total = total
        self._carried = carried and any(column.summed for column in columns)
        self._brought: tuple[int, ...] | None = None
        self._ready: deque[_Row] = deque()

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As wide as the measure, and as high as the rows that are left; more than there is when they do not fit."""
        self._setter.set_width(available_width)
        self.width = available_width
        self.height = self._top_height + sum(row.height for row in self._ready)
        while self.height <= available_height and (row := self._setter.following()) is not None:
            self._ready.append(row)
            self.height += row.height
        self.height += self._setter.line_height if self._total else 0
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Cut after the last row that fits, leaving room for the line that carries the sum."""
        self.wrap(available_width, available_height)
        room = available_height - self._top_height - (self._setter.line_height if self._carried else 0)
        fitting = 0
        for row in self._ready:
            room -= row.height
            if room < 0:
                break
            fitting += 1
        if len(self._ready) - fitting < 2 and (more := self._setter.following()) is not None:
            self._ready.append(more)
        # At least two rows stand on the last page, or the sum would stand alone.
        fitting = min(fitting, len(self._ready) - 2)
        if fitting < 2:
            return []
        rows = [self._ready.popleft() for _number in range(fitting)]
        part = _Page(self._setter, rows, self._brought, self._carried, self._top_height)
        rest = copy(self)  # another one for reportlab, which marks what it put off before
        rest.__dict__.pop("_postponed", None)
        rest.bring(rows[-1].sums)
        return [part, rest]

    def bring(self, sums: tuple[int, ...]) -> None:
        """Say what the rows of the pages before came to."""
        self._brought = sums

    def getSpaceBefore(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted above."""
        return 2 * mm

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted below."""
        return 4 * mm

    def draw(self) -> None:
        """Head, what is carried over, the last rows, and the sum."""
        self._setter.canvas = self.canv
        y = self._setter.draw_head(self.height, self._brought if self._carried else None)
        y = self._setter.draw_rows(list(self._ready), y)
        if self._total:
            self.canv.setStrokeColor(RIVER)
            self.canv.line(0, y, self.width, y)
            sums = self._ready[-1].sums if self._ready else self._brought
            style = replace(self._setter.cell, face=BOLD)
            self._setter.draw_sum(self._total, sums or self._setter.nothing, y, style)
        # A canvas holds every page, and the table outlives them: its rows are attached as a file.
        del self._setter.canvas

    @property
    def _top_height(self) -> float:
        carried = self._carried and self._brought is not None
        return self._setter.head.height + (self._setter.line_height if carried else 0)


class _Page(Flowable):
    """The rows of a long table that stand on one page."""

    def __init__(
        self,
        setter: "_Setter",
        rows: Sequence[_Row],
        brought: tuple[int, ...] | None,
        carried: bool,
        top: float,
    ) -> None:
        super().__init__()
        self._setter, self._rows, self._brought, self._carried = setter, rows, brought, carried
        self.width = sum(setter.widths)
        self.height = top + sum(row.height for row in rows)
        self.height += setter.line_height if carried else 0

    def wrap(self, _available_width: float, _available_height: float) -> tuple[float, float]:
        """As it was cut."""
        return self.width, self.height

    def draw(self) -> None:
        """Head, what is carried over, rows, what is carried on."""
        self._setter.canvas = self.canv
        y = self._setter.draw_head(self.height, self._brought if self._carried else None)
        y = self._setter.draw_rows(self._rows, y)
        if self._carried:
            self._setter.draw_sum(_("过次页"), self._rows[-1].sums, y, self._setter.cell)


class _Setter:
    """Sets the rows of one table into its columns and draws them; what all pages of a table share."""

    canvas: Canvas

    def __init__(self, columns: tuple[Column, ...], rows: Iterator[Sequence[Cell]], cell: TextStyle) -> None:
        self._columns, self._rows, self.cell = columns, rows, cell
        self.nothing = (0,) * len(columns)
        self._sums = self.nothing
        self._styles = [replace(cell, colour=column.colour) for column in columns]
        self.widths: list[float] = []

    @property
    def line_height(self) -> float:
        """How high a row of one line is."""
        return self.cell.leading + 2 * _PADDING

    def set_width(self, width: float) -> None:
        """Share the measure out among the columns, once."""
        if self.widths:
            return
        shares = sum(column.share for column in self._columns)
        self.widths = [width * column.share / shares for column in self._columns]
        self.head = self._set([column.title for column in self._columns], CELL_HEAD)

    def following(self) -> _Row | None:
        """The next row, set; None at the end."""
        row = next(self._rows, None)
        if row is None:
            return None
        self._sums = tuple(
            held + cell if column.summed and isinstance(cell, int) else held
            for column, held, cell in zip(self._columns, self._sums, row, strict=True)
        )
        shown = [column.shown(cell) for column, cell in zip(self._columns, row, strict=True)]
        return self._set(shown, self.cell)

    def draw_head(self, top: float, brought: tuple[int, ...] | None) -> float:
        """The titles with their rule, and what is carried over; return where the rows begin."""
        y = self._draw(self.head, top, [CELL_HEAD] * len(self._columns))
        self.canvas.setStrokeColor(RIVER)
        self.canvas.setLineWidth(1)
        self.canvas.line(0, y, sum(self.widths), y)
        return y if brought is None else self.draw_sum(_("承前页"), brought, y, self.cell)

    def draw_rows(self, rows: Sequence[_Row], y: float) -> float:
        """Rows, each with its dotted rule; return where the last ends."""
        ends = []
        for row in rows:
            y = self._draw(row, y, self._styles)
            ends.append(y)
        dotted_lines(self.canvas, 0, sum(self.widths), ends)
        return y

    def draw_sum(self, words: str, sums: tuple[int, ...], y: float, style: TextStyle) -> float:
        """A line with the sums of the summed columns; return where it ends."""
        texts = [
            column.shown(held) if column.summed else ""
            for column, held in zip(self._columns, sums, strict=True)
        ]
        if not texts[0]:
            texts[0] = words
        row = _Row(tuple((text,) for text in texts), self.line_height)
        return self._draw(row, y, [replace(style, colour=column.colour) for column in self._columns])

    def _set(self, texts: Sequence[str], style: TextStyle) -> _Row:
        lines = tuple(
            tuple(break_lines(printable(text), width - _GAP - self._indent(place), style.width))
            for place, (text, width) in enumerate(zip(texts, self.widths, strict=True))
        )
        return _Row(lines, max(map(len, lines)) * style.leading + 2 * _PADDING, self._sums)

    def _indent(self, place: int) -> float:
        after_figure = place > 0 and self._columns[place - 1].is_figure
        return _INDENT if after_figure and not self._columns[place].is_figure else 0

    def _draw(self, row: _Row, top: float, styles: Sequence[TextStyle]) -> float:
        x = 0.0
        last = len(self._columns) - 1
        for place, (column, width, lines, style) in enumerate(
            zip(self._columns, self.widths, row.lines, styles, strict=True)
        ):
            figure = column.is_figure
            at = x + width - (0 if place == last else _GAP) if figure else x + self._indent(place)
            baseline = top - _PADDING - (style.leading - style.size) / 2 - style.size * 0.86
            for line in lines:
                if line:
                    draw_text(self.canvas, at, baseline, line, style, align="right" if figure else "left")
                baseline -= style.leading
            x += width
        return top - row.height
