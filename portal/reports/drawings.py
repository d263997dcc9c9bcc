"""Drawings of the Charity Day report: cover, month bars, target meter, contents, and the place of the signature."""

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from portal.i18n import gettext as _
from portal.reports.fonts import BOLD, printable
from portal.reports.linebreaking import break_lines
from portal.reports.sheet import HEIGHT, WIDTH, draw_card, draw_qr, page_form
from portal.reports.typography import (
    AMBER_PALE,
    CARD,
    FOOT,
    GOLD,
    INK,
    INK_SOFT,
    KAPOK,
    PAGE_MARGIN,
    PAPER,
    RIVER,
    RIVER_PALE,
    SMALL,
    Align,
    TextStyle,
    dotted_line,
    draw_text,
    shortened,
)
from portal.reports.wording import TEN_THOUSAND, amount, headline, in_ten_thousands

_MESSAGE = TextStyle(face=BOLD, size=10, colour=INK)
_MONTH = TextStyle(size=7, colour=INK_SOFT, align="centre")
_BAR_FIGURE = TextStyle(size=6.2, colour=INK_SOFT, align="centre")


class Cover(Flowable):
    """The first page: whose report, of which year, one number, and the sentence that goes with it."""

    def __init__(
        self, title: Sequence[str], headline_of: tuple[str, int], sentence: str, foot: Sequence[str]
    ) -> None:
        super().__init__()
        self._title, self._headline, self._sentence, self._foot = title, headline_of, sentence, foot

    def draw(self) -> None:
        """Fill the page."""
        canvas = self.canv
        canvas.setFillColor(PAPER)
        canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
        canvas.setFillColor(RIVER)
        canvas.rect(0, HEIGHT * 0.6, WIDTH, HEIGHT * 0.4, stroke=0, fill=1)
        canvas.setFillColor(KAPOK)
        canvas.rect(PAGE_MARGIN, HEIGHT * 0.6 - 1.6 * mm, 36 * mm, 3.2 * mm, stroke=0, fill=1)
        self._lines(self._title, HEIGHT * 0.6 + 52 * mm, TextStyle(face=BOLD, size=27, colour=CARD), 15 * mm)
        words, fen = self._headline
        y = HEIGHT * 0.6 - 22 * mm
        draw_text(canvas, PAGE_MARGIN, y, words, TextStyle(size=12, colour=INK_SOFT))
        figure, unit = headline(fen)
        number = TextStyle(face=BOLD, size=46 if unit else 36, colour=RIVER)
        drawn = draw_text(canvas, PAGE_MARGIN, y - 19 * mm, figure, number)
        draw_text(canvas, PAGE_MARGIN + drawn + 3 * mm, y - 19 * mm, unit, TextStyle(size=15, colour=RIVER))
        self._lines((self._sentence,), y - 33 * mm, TextStyle(size=13, colour=INK), 8.5 * mm)
        self._lines(self._foot, 52 * mm, TextStyle(size=10, colour=INK_SOFT), 6 * mm)

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
            style = TextStyle(face=BOLD, size=15, colour=RIVER)
            drawn = draw_text(self.canv, x + 3 * mm, self.height - 14.5 * mm, shown, style)
            draw_text(self.canv, x + 4.2 * mm + drawn, self.height - 14.5 * mm, unit, SMALL)
            fitted = shortened(note, FOOT, width - 5 * mm)
            draw_text(self.canv, x + 3 * mm, self.height - 21.5 * mm, fitted, FOOT)


class MonthBars(Flowable):
    """What came and went in each month, as pairs of bars with their figures."""

    def __init__(self, message: str, months: Sequence[tuple[str, int, int]]) -> None:
        super().__init__()
        self._message, self._months = message, months
        self.height = 58 * mm

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """As wide as the measure."""
        self.width = available_width
        return self.width, self.height

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted below."""
        return 3 * mm

    def draw(self) -> None:
        """The message, a key, a base line and the bars; a month that took back more stands below the line."""
        amounts = [fen for _month, came, went in self._months for fen in (came, went)]
        top, low = max([1, *amounts]), min([0, *amounts])
        scale = (self.height - 26 * mm) / (top - low)
        base = 7 * mm - low * scale
        step = self.width / len(self._months)
        in_wan = top >= TEN_THOUSAND
        self._head(in_wan=in_wan)
        for number, (month, came, went) in enumerate(self._months):
            x = number * step
            for place, (fen, colour) in enumerate(((came, RIVER), (went, AMBER_PALE))):
                self.canv.setFillColor(colour)
                self.canv.rect(
                    x + step * (0.14 + 0.37 * place), base, step * 0.34, fen * scale, stroke=0, fill=1
                )
            draw_text(self.canv, x + step / 2, 2.6 * mm, str(int(month[-2:])), _MONTH)
            if came:
                y = base + max(came, went, 0) * scale + 1.3 * mm
                figure = in_ten_thousands(came) if in_wan else amount(came)
                draw_text(self.canv, x + step / 2, y, figure, _BAR_FIGURE)
        dotted_line(self.canv, 0, self.width, base)

    def _head(self, *, in_wan: bool) -> None:
        draw_text(self.canv, 0, self.height - 4.5 * mm, self._message, _MESSAGE)
        x, y = 0.0, self.height - 11.5 * mm
        for colour, words in ((RIVER, _("收入")), (AMBER_PALE, _("支出"))):
            self.canv.setFillColor(colour)
            self.canv.rect(x, y, 3 * mm, 3 * mm, stroke=0, fill=1)
            x += 4.5 * mm + draw_text(self.canv, x + 4 * mm, y + 0.4 * mm, words, FOOT) + 4 * mm
        unit = _("横轴：月份；柱上：当月收入（万元）") if in_wan else _("横轴：月份；柱上：当月收入（元）")
        draw_text(self.canv, self.width, y + 0.4 * mm, unit, FOOT, align="right")


class TargetMeter(Flowable):
    """Where the district stands on the way to the plan's targets."""

    def __init__(self, value_fen: int, marks: Sequence[tuple[int, str]]) -> None:
        super().__init__()
        self._value, self._marks = value_fen, marks
        self.height = 20 * mm

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """As wide as the measure."""
        self.width = available_width
        return self.width, self.height

    def draw(self) -> None:
        """A track, the part that is reached, and the marks."""
        whole = max([1, self._value, *(fen for fen, _words in self._marks)])
        y, high = 10 * mm, 5 * mm
        self.canv.setFillColor(RIVER_PALE)
        self.canv.roundRect(0, y, self.width, high, 2.5 * mm, stroke=0, fill=1)
        if self._value > 0:
            self.canv.setFillColor(RIVER)
            self.canv.roundRect(0, y, self.width * self._value / whole, high, 2.5 * mm, stroke=0, fill=1)
        for fen, words in self._marks:
            x = self.width * fen / whole
            self.canv.setStrokeColor(GOLD)
            self.canv.setLineWidth(1.6)
            self.canv.line(x, y - 1.5 * mm, x, y + high + 1.5 * mm)
            align: Align = "right" if fen > whole * 0.94 else "centre"
            draw_text(self.canv, x, y - 5.5 * mm, words, FOOT, align=align)


class ContentsList(Flowable):
    """The sections with their pages, in two columns; the page numbers are filled in when all is drawn."""

    def __init__(self, sections: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._sections = sections
        self._rows = (len(sections) + 1) // 2
        self._step = 7.5 * mm

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """Half the sections high."""
        self.width, self.height = available_width, self._step * self._rows
        return self.width, self.height

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted below."""
        return 6 * mm

    def draw(self) -> None:
        """Words, a dotted leader, the page."""
        style = TextStyle(size=10)
        gap = 10 * mm
        width = (self.width - gap) / 2
        for number, (key, words) in enumerate(self._sections):
            column, row = divmod(number, self._rows)
            left, y = column * (width + gap), self.height - (row + 1) * self._step + 2.5 * mm
            drawn = draw_text(self.canv, left, y, shortened(words, style, width - 12 * mm), style)
            dotted_line(self.canv, left + drawn + 3 * mm, left + width - 9 * mm, y + 1)
            self.canv.saveState()
            self.canv.translate(left + width, y)
            self.canv.doForm(page_form(key))
            self.canv.restoreState()
            self.canv.linkRect("", key, (left, y - 2 * mm, left + width, y + 5 * mm), relative=1)


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
