"""The slip (账单小票): a strip of paper with dotted rules and figures set in columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from portal.reports.fonts import BOLD
from portal.reports.linebreaking import break_lines
from portal.reports.typography import (
    CARD,
    INK,
    INK_SOFT,
    KAPOK,
    LINE,
    TextStyle,
    dotted_line,
    draw_text,
    shortened,
)

_TITLE = TextStyle(face=BOLD, size=15, leading=22, align="centre")
_SUBTITLE = TextStyle(size=9.5, leading=15, colour=INK_SOFT, align="centre")
_ROW = TextStyle(size=10.5, leading=19)
_PART = TextStyle(size=9, leading=15.5, colour=INK_SOFT)
_TOTAL = TextStyle(face=BOLD, size=13, leading=24)
_HEADING = TextStyle(face=BOLD, size=8.5, leading=16, colour=INK_SOFT)
_NOTE = TextStyle(size=8.5, leading=13.5, colour=INK_SOFT)
_TOOTH = 2.2 * mm
_PADDING = 9 * mm


@dataclass(frozen=True)
class Line:
    """One line of a slip: words at the left, a value at the right, a dotted leader between.

    ``part`` is a share of the row above it, set smaller and further in. ``rule`` and ``double_rule`` carry no
    words; ``note`` and ``heading`` carry only words.
    """

    words: str = ""
    value: str = ""
    kind: Literal["row", "part", "total", "rule", "double_rule", "note", "heading"] = "row"
    colour: Color = INK


class Slip(Flowable):
    """A strip of paper in the middle of the measure; it is never split."""

    def __init__(
        self,
        title: str,
        lines: Sequence[Line],
        *,
        subtitles: Sequence[str] = (),
        seal: str = "",
        seal_colour: Color = KAPOK,
        width: float = 120 * mm,
    ) -> None:
        super().__init__()
        self._title, self._lines, self._subtitles, self._seal = title, lines, subtitles, seal
        self._seal_colour = seal_colour
        self._paper = width
        self.hAlign = "CENTER"

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """As wide as the measure, as high as its lines."""
        self.width = available_width
        self._paper = min(self._paper, available_width)
        titles = len(self._broken(self._title, _TITLE)) * _TITLE.leading
        self.height = (
            2 * _TOOTH
            + 2 * _PADDING
            + titles
            + len(self._subtitles) * _SUBTITLE.leading
            + 4
            + sum(self._height_of(line) for line in self._lines)
        )
        return self.width, self.height

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted below."""
        return 4 * mm

    def draw(self) -> None:
        """Paper, head, lines, seal."""
        left = (self.width - self._paper) / 2
        _paper(self.canv, left, 0, self._paper, self.height)
        y = self.height - _TOOTH - _PADDING
        middle = self.width / 2
        for part in self._broken(self._title, _TITLE):
            y -= _TITLE.leading
            draw_text(self.canv, middle, y + 6, part, _TITLE)
        for text in self._subtitles:
            y -= _SUBTITLE.leading
            draw_text(self.canv, middle, y + 4, shortened(text, _SUBTITLE, self._inner), _SUBTITLE)
        y -= 4
        x1, x2 = left + _PADDING, left + self._paper - _PADDING
        for line in self._lines:
            height = self._height_of(line)
            self._draw_line(line, x1, x2, y - height, height)
            y -= height
        if self._seal:
            _seal(
                self.canv,
                left + self._paper - 27 * mm,
                self.height - _TOOTH - 19 * mm,
                self._seal,
                self._seal_colour,
            )

    @property
    def _inner(self) -> float:
        return self._paper - 2 * _PADDING

    def _broken(self, text: str, style: TextStyle) -> list[str]:
        return break_lines(text, self._inner, style.width)

    def _height_of(self, line: Line) -> float:
        if line.kind in ("note", "heading"):
            style = _NOTE if line.kind == "note" else _HEADING
            return len(self._broken(line.words, style)) * style.leading
        return {"rule": 9.0, "double_rule": 10.0}.get(line.kind) or _style_of(line).leading

    def _draw_line(self, line: Line, x1: float, x2: float, y: float, height: float) -> None:
        if line.kind in ("rule", "double_rule"):
            dotted_line(self.canv, x1, x2, y + height / 2 + 1.3)
            if line.kind == "double_rule":
                dotted_line(self.canv, x1, x2, y + height / 2 - 1.3)
            return
        if line.kind in ("note", "heading"):
            style = _NOTE if line.kind == "note" else _HEADING
            for number, part in enumerate(self._broken(line.words, style)):
                draw_text(self.canv, x1, y + height - (number + 1) * style.leading + 4, part, style)
            return
        style = _style_of(line)
        colour = style.colour if line.kind == "part" else line.colour
        value_style = TextStyle(face=style.face, size=style.size, colour=colour)
        x1 += 5 * mm if line.kind == "part" else 0
        baseline = y + 6
        value_width = draw_text(self.canv, x2, baseline, line.value, value_style, align="right")
        words = shortened(line.words, style, x2 - x1 - value_width - 8 * mm)
        words_width = draw_text(self.canv, x1, baseline, words, style)
        if line.kind != "total":
            dotted_line(self.canv, x1 + words_width + 2 * mm, x2 - value_width - 2 * mm, baseline + 1)


def _style_of(line: Line) -> TextStyle:
    return {"total": _TOTAL, "part": _PART}.get(line.kind, _ROW)


def _paper(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    """A strip torn off at a toothed edge, above and below."""
    teeth = max(1, round(width / (2 * _TOOTH)))
    step = width / teeth
    path = canvas.beginPath()
    path.moveTo(x, y + _TOOTH)
    for number in range(teeth):
        path.lineTo(x + (number + 0.5) * step, y + _TOOTH * 0.35)
        path.lineTo(x + (number + 1) * step, y + _TOOTH)
    path.lineTo(x + width, y + height - _TOOTH)
    for number in range(teeth, 0, -1):
        path.lineTo(x + (number - 0.5) * step, y + height - _TOOTH * 0.35)
        path.lineTo(x + (number - 1) * step, y + height - _TOOTH)
    path.close()
    canvas.setFillColor(CARD)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.9)
    canvas.drawPath(path, stroke=1, fill=1)


def _seal(canvas: Canvas, x: float, y: float, words: str, colour: Color) -> None:
    """A seal, set a little askew as by hand."""
    style = TextStyle(face=BOLD, size=11, colour=colour)
    width = style.width(words) + 5 * mm
    canvas.saveState()
    canvas.translate(x + width / 2, y)
    canvas.rotate(-8)
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(1.4)
    canvas.roundRect(-width / 2, -3.6 * mm, width, 8 * mm, 3, stroke=1, fill=0)
    draw_text(canvas, 0, -1 * mm, words, style, align="centre")
    canvas.restoreState()
