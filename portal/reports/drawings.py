"""Drawings of a printed report: its cover, cards with figures, and the codes by which it is checked."""

from collections.abc import Sequence

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from portal.reports.fonts import BOLD, printable
from portal.reports.linebreaking import break_lines
from portal.reports.sheet import HEIGHT, WIDTH, draw_card, draw_qr
from portal.reports.typography import (
    CARD,
    FOOT,
    INK,
    INK_SOFT,
    KAPOK,
    PAGE_MARGIN,
    PAPER,
    RIVER,
    SMALL,
    TextStyle,
    draw_text,
    shortened,
)
from portal.reports.wording import headline

_TITLE_SIZES = (27, 21, 15.5)
_FIGURE_STYLES = [TextStyle(face=BOLD, size=size, colour=RIVER) for size in (15, 12.5, 10.5, 9)]
"""A headline figure is set in the largest that fits its card."""
_ORNAMENT = HexColor("#14666F")
_MESSAGE = TextStyle(face=BOLD, size=10, colour=INK)


class Cover(Flowable):
    """The first page: whose report, of which year, one number, and the sentence that goes with it."""

    def __init__(
        self,
        title: Sequence[str],
        headline_of: tuple[str, int],
        sentence: str,
        foot: Sequence[str],
        ornament: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self._title, self._headline, self._sentence, self._foot = title, headline_of, sentence, foot
        self._ornament = ornament

    def draw(self) -> None:
        """Fill the page."""
        canvas = self.canv
        canvas.setFillColor(PAPER)
        canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
        canvas.setFillColor(RIVER)
        canvas.rect(0, HEIGHT * 0.6, WIDTH, HEIGHT * 0.4, stroke=0, fill=1)
        self._bars(HEIGHT * 0.6)
        canvas.setFillColor(KAPOK)
        canvas.rect(PAGE_MARGIN, HEIGHT * 0.6 - 1.6 * mm, 36 * mm, 3.2 * mm, stroke=0, fill=1)
        self._lines(self._title, HEIGHT * 0.6 + 76 * mm, *self._title_style())
        words, fen = self._headline
        y = HEIGHT * 0.6 - 22 * mm
        draw_text(canvas, PAGE_MARGIN, y, words, TextStyle(size=12, colour=INK_SOFT))
        figure, unit = headline(fen)
        number = TextStyle(face=BOLD, size=46 if unit else 36, colour=RIVER)
        drawn = draw_text(canvas, PAGE_MARGIN, y - 19 * mm, figure, number)
        draw_text(canvas, PAGE_MARGIN + drawn + 3 * mm, y - 19 * mm, unit, TextStyle(size=15, colour=RIVER))
        self._lines((self._sentence,), y - 33 * mm, TextStyle(size=13, colour=INK), 8.5 * mm)
        self._lines(self._foot, 52 * mm, TextStyle(size=10, colour=INK_SOFT), 6 * mm)

    def _title_style(self) -> tuple[TextStyle, float]:
        """The largest type in which the title takes at most four lines, and the step between these."""
        available = WIDTH - 2 * PAGE_MARGIN
        for size in _TITLE_SIZES:
            style = TextStyle(face=BOLD, size=size, colour=CARD)
            if sum(len(break_lines(printable(one), available, style.width)) for one in self._title) <= 4:
                break
        return style, size * 1.58

    def _bars(self, base: float) -> None:
        """The ornament: a bar for each amount, rising from the edge of the dark field."""
        most = max([0, *self._ornament])
        step = (WIDTH - 2 * PAGE_MARGIN) / max(1, len(self._ornament))
        self.canv.setFillColor(_ORNAMENT)
        for number, fen in enumerate(self._ornament):
            if fen > 0:
                high = 46 * mm * fen / most
                self.canv.rect(PAGE_MARGIN + number * step, base, step * 0.72, high, stroke=0, fill=1)

    def _lines(self, texts: Sequence[str], y: float, style: TextStyle, step: float) -> None:
        available = WIDTH - 2 * PAGE_MARGIN
        lines = [line for text in texts for line in break_lines(printable(text), available, style.width)]
        for number, line in enumerate(lines):
            draw_text(self.canv, PAGE_MARGIN, y - number * step, line, style)


class FigureCards(Flowable):
    """A row of cards, each with one headline amount or number."""

    def __init__(self, cards: Sequence[tuple[str, int | str, str]]) -> None:
        super().__init__()
        self._cards = cards
        self.height = 27 * mm

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """As wide as the measure."""
        self.width = available_width
        return self.width, self.height

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted below."""
        return 5 * mm

    def draw(self) -> None:
        """Cards side by side: title, figure, small print."""
        gap = 4 * mm
        width = (self.width - gap * (len(self._cards) - 1)) / len(self._cards)
        for number, (title, figure, note) in enumerate(self._cards):
            x = number * (width + gap)
            draw_card(self.canv, x, 0, width, self.height)
            shown, unit = headline(figure) if isinstance(figure, int) else (figure, "")
            draw_text(self.canv, x + 3 * mm, self.height - 6.5 * mm, title, SMALL)
            room = width - 7.5 * mm - SMALL.width(unit)
            style = next(
                (one for one in _FIGURE_STYLES if one.width(shown) <= room),
                _FIGURE_STYLES[-1],
            )
            drawn = draw_text(self.canv, x + 3 * mm, self.height - 14.5 * mm, shown, style)
            draw_text(self.canv, x + 4.2 * mm + drawn, self.height - 14.5 * mm, unit, SMALL)
            fitted = shortened(note, FOOT, width - 5 * mm)
            draw_text(self.canv, x + 3 * mm, self.height - 21.5 * mm, fitted, FOOT)


class SignedHead(Flowable):
    """The signed checkpoint of the transparency log: in words at the left, as a QR code at the right."""

    def __init__(self, state: str, words: str, note: str) -> None:
        super().__init__()
        self._state, self._words, self._note = state, words, note
        self.height = 44 * mm

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """As wide as the measure."""
        self.width = available_width
        return self.width, self.height

    def draw(self) -> None:
        """A card: at the left the state and what the code is for, at the right the code."""
        draw_card(self.canv, 0, 0, self.width, self.height)
        side = 34 * mm
        left, room = 6 * mm, self.width - side - 20 * mm
        y = self.height - 11 * mm
        draw_text(self.canv, left, y, shortened(self._state, _MESSAGE, room), _MESSAGE)
        for number, line in enumerate(break_lines(self._words, room, SMALL.width), 1):
            draw_text(self.canv, left, y - 2 * mm - number * SMALL.leading, line, SMALL)
        draw_qr(self.canv, self._note, self.width - side - 5 * mm, 5 * mm, side)


class AddressCode(Flowable):
    """The code that leads on to the site, with what is found there."""

    def __init__(self, address: str, invitation: str, note: str) -> None:
        super().__init__()
        self._address, self._invitation, self._note = address, invitation, note
        self.height = 44 * mm

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """As wide as the measure."""
        self.width = available_width
        return self.width, self.height

    def getSpaceBefore(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted above."""
        return 4 * mm

    def draw(self) -> None:
        """A card: the code at the left, the words at the right."""
        draw_card(self.canv, 0, 0, self.width, self.height)
        side = 34 * mm
        draw_qr(self.canv, self._address, 5 * mm, 5 * mm, side)
        left, room = side + 13 * mm, self.width - side - 20 * mm
        y = self.height - 11 * mm
        draw_text(self.canv, left, y, shortened(self._invitation, _MESSAGE, room), _MESSAGE)
        lines = [*break_lines(self._note, room, SMALL.width), *break_lines(self._address, room, SMALL.width)]
        for number, line in enumerate(lines, 1):
            draw_text(self.canv, left, y - 2 * mm - number * SMALL.leading, line, SMALL)
