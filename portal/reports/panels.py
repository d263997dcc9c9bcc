"""Quiet parts of a printed page: facts in two columns, numbered steps, a panel with a warning."""

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from portal.reports.fonts import BOLD, printable
from portal.reports.linebreaking import break_lines
from portal.reports.sheet import draw_card
from portal.reports.typography import (
    GOLD,
    INK_SOFT,
    KAPOK,
    TextStyle,
    dotted_line,
    draw_text,
)

_WORDS = TextStyle(size=9.5, leading=15, colour=INK_SOFT)
_VALUE = TextStyle(size=9.5, leading=15)
_STEP = TextStyle(size=10, leading=17)
_STEP_NUMBER = TextStyle(face=BOLD, size=13, leading=17, colour=KAPOK)
_PANEL_TITLE = TextStyle(face=BOLD, size=9.5, leading=15)
_PANEL_TEXT = TextStyle(size=9.5, leading=15.5)
FOREWORD = TextStyle(size=11.5, leading=22, justified=True, space_after=8)
SIGNATURE = TextStyle(size=11.5, leading=22, align="right", space_before=10)
_WORDS_WIDTH = 42 * mm


class _Lines(Flowable):
    """Blocks of set lines, one below the other, that may be cut between two of them."""

    above = 0.0
    below = 4 * mm

    def getSpaceBefore(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted above."""
        return self.above

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted below."""
        return self.below


class FactList(_Lines):
    """Words at the left, what is known at the right, a dotted rule below each."""

    def __init__(self, rows: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._rows = rows

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """As high as the broken values."""
        self.width = available_width
        room = available_width - _WORDS_WIDTH
        self._set = [
            (
                break_lines(printable(words), _WORDS_WIDTH - 4 * mm, _WORDS.width),
                break_lines(printable(value), room, _VALUE.width),
            )
            for words, value in self._rows
        ]
        self.height = sum(self._heights)
        return self.width, self.height

    @property
    def _heights(self) -> list[float]:
        return [max(len(words), len(lines)) * _VALUE.leading + 6 for words, lines in self._set]

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Cut between two facts."""
        self.wrap(available_width, available_height)
        return _cut(self, self._heights, available_height)

    def part(self, first: int, last: int) -> "FactList":
        """Some of its facts."""
        return FactList(self._rows[first:last])

    def draw(self) -> None:
        """Draw the facts."""
        y = self.height
        for (words, lines), height in zip(self._set, self._heights, strict=True):
            for x, style, texts in ((0.0, _WORDS, words), (_WORDS_WIDTH, _VALUE, lines)):
                for number, line in enumerate(texts):
                    draw_text(self.canv, x, y - 12.5 - number * style.leading, line, style)
            y -= height
            dotted_line(self.canv, 0, self.width, y + 1)


def _cut(whole: "FactList | NumberedSteps", heights: Sequence[float], available: float) -> list[Flowable]:
    fitting = 0
    for height in heights:
        available -= height
        if available < 0:
            break
        fitting += 1
    if fitting in (0, len(heights)):
        return []
    return [whole.part(0, fitting), whole.part(fitting, len(heights))]


class NumberedSteps(_Lines):
    """What to do, one thing after the other."""

    def __init__(self, items: Sequence[str], first: int = 1) -> None:
        super().__init__()
        self._items, self._first = items, first

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """As high as the broken lines."""
        self.width = available_width
        self._set = [
            break_lines(printable(item), available_width - 9 * mm, _STEP.width) for item in self._items
        ]
        self.height = sum(_step_height(lines) for lines in self._set)
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Cut between two steps."""
        self.wrap(available_width, available_height)
        return _cut(self, [_step_height(lines) for lines in self._set], available_height)

    def part(self, first: int, last: int) -> "NumberedSteps":
        """Some of its steps."""
        return NumberedSteps(self._items[first:last], self._first + first)

    def draw(self) -> None:
        """Draw the steps."""
        y = self.height
        for number, lines in enumerate(self._set, self._first):
            draw_text(self.canv, 0, y - 13, str(number), _STEP_NUMBER)
            for place, line in enumerate(lines):
                draw_text(self.canv, 9 * mm, y - 13 - place * _STEP.leading, line, _STEP)
            y -= _step_height(lines)


def _step_height(lines: Sequence[str]) -> float:
    return len(lines) * _STEP.leading + 5


class Panel(_Lines):
    """A card with a golden edge: something that a reader must not miss."""

    above = 2 * mm

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self._text = title, text

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """As high as the broken text."""
        self.width = available_width
        self._set = break_lines(printable(self._text), available_width - 14 * mm, _PANEL_TEXT.width)
        self.height = _PANEL_TITLE.leading + len(self._set) * _PANEL_TEXT.leading + 8 * mm
        return self.width, self.height

    def draw(self) -> None:
        """Card, edge, title, text."""
        draw_card(self.canv, 0, 0, self.width, self.height)
        self.canv.setFillColor(GOLD)
        self.canv.rect(0, 2 * mm, 1.2 * mm, self.height - 4 * mm, stroke=0, fill=1)
        y = self.height - 4 * mm - 11
        draw_text(self.canv, 7 * mm, y, self._title, _PANEL_TITLE)
        for line in self._set:
            y -= _PANEL_TEXT.leading
            draw_text(self.canv, 7 * mm, y, line, _PANEL_TEXT)
