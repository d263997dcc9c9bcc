"""Styles and colours of the printed page, and ``para``: the one way a text becomes part of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Literal

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from portal.reports.fonts import BOLD, REGULAR, printable, runs, show, text_width
from portal.reports.linebreaking import break_lines

INK = HexColor("#1B2A30")
INK_SOFT = HexColor("#55666D")
PAPER = HexColor("#FBF9F4")
CARD = HexColor("#FFFFFF")
LINE = HexColor("#E4DFD3")
RIVER = HexColor("#0E5A63")
RIVER_PALE = HexColor("#DCE9E9")
KAPOK = HexColor("#B8322A")
AMBER = HexColor("#8A4B00")
AMBER_PALE = HexColor("#D9B98A")
GOLD = HexColor("#C9A24B")
DOTS = HexColor("#A9B2B3")

Align = Literal["left", "right", "centre"]
_PART_LEFT: dict[str, float] = {"left": 0.0, "centre": 0.5, "right": 1.0}
"""How much of a text stands left of the place that it is drawn at."""


@dataclass(frozen=True)
class TextStyle:
    """How a text is set. Lengths in points."""

    face: str = REGULAR
    size: float = 10
    leading: float = 17
    colour: Color = INK
    align: Align = "left"
    justified: bool = False
    space_before: float = 0
    space_after: float = 0

    def width(self, text: str) -> float:
        """How wide a printable text is in this style."""
        return text_width(text, self.face, self.size)


BODY = TextStyle(justified=True, space_after=6)
LEAD = TextStyle(size=12, leading=20.5, justified=True, space_after=8)
SMALL = TextStyle(size=8.5, leading=13.5, colour=INK_SOFT, space_after=4)
TITLE = TextStyle(face=BOLD, size=17, leading=25, space_before=14, space_after=6)
SUBTITLE = TextStyle(face=BOLD, size=12, leading=18, space_before=10, space_after=4)
CELL = TextStyle(size=8.5, leading=12.2)
CELL_HEAD = TextStyle(face=BOLD, size=8, leading=11, colour=RIVER)
CELL_TOTAL = TextStyle(face=BOLD, size=8.5, leading=12.2)
FOOT = TextStyle(size=7.2, leading=10, colour=INK_SOFT)
BOLD_SMALL = TextStyle(face=BOLD, size=8, leading=11, colour=CARD)


class Prose(Flowable):
    """Plain text broken into lines by our own rules; it can be split between pages."""

    def __init__(self, lines_of: str | list[str], style: TextStyle) -> None:
        super().__init__()
        self.style = style
        self._source = lines_of
        self._lines: list[str] = []
        self._ends_paragraph = True

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """Break into lines of the width there is."""
        self.width = available_width
        if isinstance(self._source, str):
            self._lines = break_lines(printable(self._source), available_width, self.style.width)
        else:
            self._lines = self._source
        self.height = len(self._lines) * self.style.leading
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Cut at a page's end, never leaving one line of three or more alone."""
        self.wrap(available_width, available_height)
        fitting = int(available_height // self.style.leading)
        if fitting >= len(self._lines):
            return [self]
        if len(self._lines) - fitting == 1:
            fitting -= 1
        if fitting < 2:
            return []
        first, rest = Prose(self._lines[:fitting], self.style), Prose(self._lines[fitting:], self.style)
        first._ends_paragraph = False
        return [first, rest]

    def getSpaceBefore(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted above."""
        return self.style.space_before

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted below."""
        return self.style.space_after

    def draw(self) -> None:
        """Draw the lines; all but the last fill the measure when the style is justified."""
        last = len(self._lines) - 1
        for number, line in enumerate(self._lines):
            fill = self.style.justified and (number < last or not self._ends_paragraph)
            baseline = self.height - number * self.style.leading - _ascent(self.style)
            x = _PART_LEFT[self.style.align] * self.width
            draw_text(self.canv, x, baseline, line, self.style, fill_to=self.width if fill else None)


def para(text: str, style: TextStyle = BODY) -> Prose:
    """A paragraph of plain text. Whatever it holds is shown as it is, never read as markup."""
    return Prose(text, style)


def _ascent(style: TextStyle) -> float:
    # Noto's Chinese glyphs stand 0.88 em above and 0.12 em below the baseline: centre them in the leading.
    return (style.leading - style.size) / 2 + style.size * 0.88


def draw_text(
    canvas: Canvas,
    x: float,
    y: float,
    text: str,
    style: TextStyle,
    *,
    align: Align | None = None,
    fill_to: float | None = None,
) -> float:
    """Draw one line at a baseline and return its width.

    Args:
        canvas: where to draw.
        x: the line's left end, middle or right end, as ``align`` says.
        y: the baseline.
        text: any text; what cannot be drawn is shown as ``〓``.
        style: face, size and colour.
        align: other than the style's own.
        fill_to: spread the characters to this width, where less than two characters' width is missing.
    """
    shown = printable(text)
    width = style.width(shown)
    offset = _PART_LEFT[align or style.align] * width
    missing = (fill_to - width) if fill_to is not None else 0.0
    spread = missing / (len(shown) - 1) if 0 < missing <= 2 * style.size and len(shown) > 1 else 0.0
    parts = " ".join(show(canvas, part, face, style.size) for face, part in runs(shown, style.face))
    if spread:
        parts = f"{spread:.3f} Tc {parts} 0 Tc"
    canvas.addLiteral(f"BT 1 0 0 1 {x - offset:.2f} {y:.2f} Tm {_fill(style.colour)} {parts} ET")
    return width


def shortened(text: str, style: TextStyle, available: float) -> str:
    """The text, cut with an ellipsis where it does not fit in one line."""
    shown = printable(text)
    if style.width(shown) <= available:
        return shown
    measure = partial(style.width)
    while shown and measure(shown + "…") > available:
        shown = shown[:-1]
    return shown + "…"


@cache
def _fill(colour: Color) -> str:
    return f"{colour.red:.4f} {colour.green:.4f} {colour.blue:.4f} rg"


def dotted_line(canvas: Canvas, x1: float, x2: float, y: float, colour: Color = DOTS) -> None:
    """The slip's dotted rule."""
    dotted_lines(canvas, x1, x2, (y,), colour)


def dotted_lines(canvas: Canvas, x1: float, x2: float, ys: Iterable[float], colour: Color = DOTS) -> None:
    """Dotted rules of the same length at several heights."""
    canvas.saveState()
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(0.9)
    canvas.setLineCap(1)
    canvas.setDash([0, 2.6])
    canvas.addLiteral(" ".join(f"{x1:.2f} {y:.2f} m {x2:.2f} {y:.2f} l S" for y in ys))
    canvas.restoreState()


PAGE_MARGIN = 20 * mm
