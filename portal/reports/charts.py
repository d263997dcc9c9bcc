"""The charts of a report, drawn by reportlab.graphics from the tables that stand below them.

Two colours and grey, figures beside the bars instead of a legend, nought on the axis, one message for each chart.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from reportlab.graphics.renderPDF import _PDFRenderer
from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, Shape, String
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from portal.i18n import gettext as _
from portal.reports.document import Cell, Chart
from portal.reports.fonts import BOLD, REGULAR
from portal.reports.sheet import MEASURE
from portal.reports.typography import (
    AMBER_PALE,
    CARD,
    DOTS,
    GOLD,
    INK,
    INK_SOFT,
    RIVER,
    Align,
    TextStyle,
    draw_text,
    shortened,
)
from portal.reports.wording import TEN_THOUSAND, amount, in_short, in_ten_thousands

_MESSAGE = TextStyle(face=BOLD, size=10.5, colour=INK)
_LABEL = TextStyle(size=8, colour=INK_SOFT)
_VALUE = TextStyle(size=8, colour=INK)
_SMALL_VALUE = TextStyle(size=6.4, colour=INK_SOFT)
_TARGET = TextStyle(face=BOLD, size=7.5, colour=INK_SOFT)
_TILES = tuple(map(HexColor, ("#F3EFE5", "#E2EBEC", "#BCD1D3", "#0E5A63", "#0A454C")))
"""How strong a tile is coloured, as on the site."""
Anchor = Literal["start", "middle", "end"]
_ANCHORS: dict[str, Align] = {"start": "left", "middle": "centre", "end": "right"}
_MOST_SHARES = 15


class ChartDrawing(Flowable):
    """A drawing on the page; its words are set like all others, so that none of their characters is lost."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self.width, self.height = drawing.width, drawing.height

    def wrap(self, _available_width: float, _available_height: float) -> tuple[float, float]:
        """As it was drawn."""
        return self.width, self.height

    def getSpaceBefore(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted above."""
        return 3 * mm

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted below."""
        return 2 * mm

    def draw(self) -> None:
        """Draw."""
        _Renderer().draw(self._drawing, self.canv, 0, 0, showBoundary=0)


class _Renderer(_PDFRenderer):  # type: ignore[misc, unused-ignore]
    """reportlab's own, but for text: it would name fonts that are not embedded, and lose rare characters."""

    _canvas: Any

    def applyStateChanges(self, delta: dict[str, Any], newState: Any) -> None:  # noqa: N802, N803 - reportlab's names
        """Everything but faces and sizes, which each text brings itself."""
        kept = {key: value for key, value in delta.items() if key not in ("fontName", "fontSize")}
        super().applyStateChanges(kept, newState)

    def drawString(self, stringObj: Any) -> None:  # noqa: N802, N803 - reportlab's names
        """Set a text as on the rest of the page."""
        style = TextStyle(stringObj.fontName, stringObj.fontSize, colour=stringObj.fillColor)
        align = _ANCHORS[stringObj.textAnchor]
        draw_text(self._canvas, stringObj.x, stringObj.y, stringObj.text, style, align=align)


def chart_drawing(chart: Chart) -> Flowable | None:
    """The drawing of a chart, as wide as the text; None where there is nothing to draw."""
    if not any(_figure(row[place]) for row in chart.table.rows for place in chart.series):
        return None
    shapes, height = _DRAWERS[chart.kind](chart)
    top = [_words(0, height + 6 * mm, chart.message, _MESSAGE)]
    drawing = Drawing(MEASURE, height + 12 * mm, *top, *shapes)
    return ChartDrawing(drawing)


def _figure(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def _words(x: float, y: float, text: str, style: TextStyle, anchor: Anchor = "start") -> String:
    return String(
        x, y, text, fontName=style.face, fontSize=style.size, fillColor=style.colour, textAnchor=anchor
    )


def _box(x: float, y: float, width: float, height: float, colour: Color, radius: float = 0) -> Rect:
    # A bar below nought is drawn from its lower end.
    y, height = (y + height, -height) if height < 0 else (y, height)
    bar = Rect(x, y, width, height, rx=radius, ry=radius)
    bar.fillColor, bar.strokeColor = colour, None
    return bar


def _dotted(x1: float, x2: float, y: float) -> Line:
    return Line(x1, y, x2, y, strokeColor=DOTS, strokeWidth=0.9, strokeLineCap=1, strokeDashArray=[0, 2.6])


def _shown(fen: int, *, in_wan: bool) -> str:
    return in_ten_thousands(fen) if in_wan else amount(fen)


def _bars(chart: Chart) -> tuple[list[Shape], float]:
    """A pair of bars for each row; where more was taken back than given, the bar stands below the line."""
    height = 46 * mm
    rows = chart.table.rows
    values = [[_figure(row[place]) for place in chart.series] for row in rows]
    top, low = max([1, *map(max, values)]), min([0, *map(min, values)])
    scale = (height - 14 * mm) / (top - low)
    base, step = 7 * mm - low * scale, MEASURE / len(rows)
    in_wan = top >= TEN_THOUSAND
    shapes: list[Shape] = _key(chart, height - 4 * mm, in_wan=in_wan)
    wide = min(step * 0.34, 9 * mm)
    for number, (row, pair) in enumerate(zip(rows, values, strict=True)):
        middle = (number + 0.5) * step
        left = middle - wide * len(pair) / 2
        for place, fen in enumerate(pair):
            colour = (RIVER, AMBER_PALE)[place]
            shapes.append(_box(left + place * wide, base, wide * 0.94, fen * scale, colour))
        shapes.append(_words(middle, 2.4 * mm, str(row[0]), _LABEL, "middle"))
        if pair[0]:
            y = base + max(0, *pair) * scale + 1.3 * mm
            shapes.append(_words(middle, y, _shown(pair[0], in_wan=in_wan), _SMALL_VALUE, "middle"))
    return [*shapes, _dotted(0, MEASURE, base)], height


def _key(chart: Chart, y: float, *, in_wan: bool) -> list[Shape]:
    shapes: list[Shape] = []
    x = 0.0
    for place, colour in zip(chart.series, (RIVER, AMBER_PALE), strict=False):
        words = chart.table.columns[place].title
        shapes += [_box(x, y, 3 * mm, 3 * mm, colour), _words(x + 4.2 * mm, y + 0.4 * mm, words, _LABEL)]
        x += _LABEL.width(words) + 10 * mm
    unit = _("柱上：%(words)s，单位万元") if in_wan else _("柱上：%(words)s，单位元")
    first = chart.table.columns[chart.series[0]].title.split("（")[0]
    return [*shapes, _words(MEASURE, y + 0.4 * mm, unit % {"words": first}, _LABEL, "end")]


def _shares(chart: Chart) -> tuple[list[Shape], float]:
    """Bars that lie, a row each, with words at the left and the amount at the end."""
    rows = chart.table.rows[:_MOST_SHARES]
    step, left, room = 7 * mm, 40 * mm, 34 * mm
    height = step * len(rows) + 2 * mm
    values = [_figure(row[chart.series[0]]) for row in rows]
    scale = (MEASURE - left - room) / max(1, *values)
    shapes: list[Shape] = []
    for number, (row, fen) in enumerate(zip(rows, values, strict=True)):
        y = height - (number + 1) * step + 1.6 * mm
        shapes.append(_words(0, y + 1 * mm, shortened(str(row[0]), _VALUE, left - 3 * mm), _VALUE))
        long = max(fen, 0) * scale
        shapes.append(_box(left, y, max(long, 0.6), 4 * mm, RIVER, 1))
        shapes.append(_words(left + long + 2 * mm, y + 1 * mm, in_short(fen), _LABEL))
    return [*shapes, Line(left, 1 * mm, left, height, strokeColor=DOTS, strokeWidth=0.7)], height


def _path(chart: Chart) -> tuple[list[Shape], float]:
    """What was reached each year as bars, the plan's path as a gold line; a year that is not known has no bar."""
    height = 56 * mm
    rows, place, target = chart.table.rows, chart.series[0], chart.target
    targets = [_figure(row[target]) if target is not None else 0 for row in rows]
    top = max([1, *targets, *(_figure(row[place]) for row in rows)])
    scale = (height - 17 * mm) / top
    base, step = 7 * mm, MEASURE / len(rows)
    shapes: list[Shape] = [_dotted(0, MEASURE, base)]
    for number, row in enumerate(rows):
        middle = (number + 0.5) * step
        shapes.append(_words(middle, 2.2 * mm, str(row[0]), _LABEL, "middle"))
        shapes += _reached(row[place], middle, base, min(step * 0.5, 14 * mm), scale)
    points = [((number + 0.5) * step, base + fen * scale, fen) for number, fen in enumerate(targets) if fen]
    return [*shapes, *_target_line(points)], height


def _reached(cell: Cell, middle: float, base: float, wide: float, scale: float) -> list[Shape]:
    if not isinstance(cell, int):
        return [_words(middle, base + 2 * mm, _("未知"), _LABEL, "middle")]
    high = max(cell, 0) * scale
    inside = high > 7 * mm
    style = TextStyle(face=BOLD, size=7.5, colour=CARD if inside else RIVER)
    y = base + high - 4 * mm if inside else base + high + 1.4 * mm
    return [
        _box(middle - wide / 2, base, wide, high, RIVER),
        _words(middle, y, amount(cell), style, "middle"),
    ]


def _target_line(points: Sequence[tuple[float, float, int]]) -> list[Shape]:
    if not points:
        return []
    flat = [value for x, y, _fen in points for value in (x, y)]
    shapes: list[Shape] = [PolyLine(flat, strokeColor=GOLD, strokeWidth=2)] if len(points) > 1 else []
    shapes += [Circle(x, y, 2.4, fillColor=GOLD, strokeColor=CARD, strokeWidth=0.8) for x, y, _fen in points]
    shapes += [_words(x, y + 2.2 * mm, amount(fen), _TARGET, "middle") for x, y, fen in points]
    return shapes


def _tiles(chart: Chart) -> tuple[list[Shape], float]:
    """A tile for each row that has a place; the amount stands on it, so that its shade is never needed."""
    columns, lines = max(one[0] for one in chart.places), max(one[1] for one in chart.places)
    wide, high, gap = MEASURE / columns, 13.5 * mm, 1.2 * mm
    height = lines * high
    shapes: list[Shape] = []
    for row, (column, line), level in zip(chart.table.rows, chart.places, chart.levels, strict=False):
        x, y = (column - 1) * wide, height - line * high
        ink = CARD if level >= 3 else INK
        shapes.append(_box(x, y + gap, wide - gap, high - gap, _TILES[level], 3))
        name = shortened(str(row[0]), TextStyle(size=8.5), wide - 5 * mm)
        amount_words = in_short(_figure(row[chart.series[0]]))
        shapes.append(_words(x + 2 * mm, y + 8 * mm, name, TextStyle(face=BOLD, size=8.5, colour=ink)))
        shapes.append(_words(x + 2 * mm, y + 3.6 * mm, amount_words, TextStyle(REGULAR, 7.6, colour=ink)))
    return shapes, height


_DRAWERS: dict[str, Callable[[Chart], tuple[list[Shape], float]]] = {
    "bars": _bars,
    "shares": _shares,
    "path": _path,
    "tiles": _tiles,
}
