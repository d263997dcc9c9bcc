"""Drawings of the Charity Day report: cover, month bars, target meter, contents, and the place of the signature."""

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from portal.i18n import gettext as _
from portal.reports.fonts import BOLD
from portal.reports.sheet import HEIGHT, WIDTH, draw_card, page_form
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
from portal.reports.wording import headline, in_short


class Cover(Flowable):
    """The first page: whose report, of which year, and the one sentence that sums it up."""

    def __init__(self, title: Sequence[str], sentence: Sequence[str], foot: Sequence[str]) -> None:
        super().__init__()
        self._title, self._sentence, self._foot = title, sentence, foot

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
        self._lines(self._sentence, HEIGHT * 0.6 - 24 * mm, TextStyle(size=14, colour=INK), 9.5 * mm)
        self._lines(self._foot, 52 * mm, TextStyle(size=10, colour=INK_SOFT), 6 * mm)

    def _lines(self, lines: Sequence[str], y: float, style: TextStyle, step: float) -> None:
        for number, line in enumerate(lines):
            fitted = shortened(line, style, WIDTH - 2 * PAGE_MARGIN)
            draw_text(self.canv, PAGE_MARGIN, y - number * step, fitted, style)


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

    def __init__(self, months: Sequence[tuple[str, int, int]]) -> None:
        super().__init__()
        self._months = months
        self.height = 52 * mm

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """As wide as the measure."""
        self.width = available_width
        return self.width, self.height

    def getSpaceAfter(self) -> float:  # noqa: N802 - reportlab's name
        """The space wanted below."""
        return 3 * mm

    def draw(self) -> None:
        """A key, a base line, and the bars; a month that took back more than it brought stands below the line."""
        top = max([1, *(abs(fen) for _month, came, went in self._months for fen in (came, went))])
        base, tall = 8 * mm, self.height - 20 * mm
        step = self.width / len(self._months)
        self._key()
        for number, (month, came, went) in enumerate(self._months):
            x = number * step
            for place, (fen, colour) in enumerate(((came, RIVER), (went, AMBER_PALE))):
                height = max(fen, 0) / top * tall
                self.canv.setFillColor(colour)
                self.canv.rect(x + step * (0.14 + 0.37 * place), base, step * 0.34, height, stroke=0, fill=1)
            label = TextStyle(size=6, colour=INK_SOFT, align="centre")
            draw_text(self.canv, x + step / 2, base - 3.6 * mm, str(int(month[-2:])), label)
            if came > 0:
                draw_text(
                    self.canv,
                    x + step * 0.5,
                    base + max(came, went) / top * tall + 1.4 * mm,
                    in_short(came),
                    TextStyle(size=5.2, colour=INK_SOFT, align="centre"),
                )
        dotted_line(self.canv, 0, self.width, base)

    def _key(self) -> None:
        x, y = 0.0, self.height - 4 * mm
        for colour, words in ((RIVER, _("收入")), (AMBER_PALE, _("支出"))):
            self.canv.setFillColor(colour)
            self.canv.rect(x, y, 3 * mm, 3 * mm, stroke=0, fill=1)
            x += 4.5 * mm + draw_text(self.canv, x + 4 * mm, y + 0.4 * mm, words, FOOT) + 4 * mm
        draw_text(self.canv, self.width, y + 0.4 * mm, _("单位：月；柱顶为当月收入"), FOOT, align="right")


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
    """The sections with their pages; the page numbers are filled in when all is drawn."""

    def __init__(self, sections: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._sections = sections
        self._step = 8.5 * mm

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """One line a section."""
        self.width, self.height = available_width, self._step * len(self._sections)
        return self.width, self.height

    def draw(self) -> None:
        """Words, a dotted leader, the page."""
        style = TextStyle(size=11)
        for number, (key, words) in enumerate(self._sections):
            y = self.height - (number + 1) * self._step + 2.5 * mm
            drawn = draw_text(self.canv, 0, y, words, style)
            dotted_line(self.canv, drawn + 3 * mm, self.width - 9 * mm, y + 1)
            self.canv.saveState()
            self.canv.translate(self.width, y)
            self.canv.doForm(page_form(key))
            self.canv.restoreState()
            self.canv.linkRect("", key, (0, y - 2 * mm, self.width, y + 5 * mm), relative=1)


class SignaturePlace(Flowable):
    """Where the signed checkpoint of the transparency log will stand."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = lines
        self.height = (10 + 6 * len(lines)) * mm

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """As wide as the measure."""
        self.width = available_width
        return self.width, self.height

    def draw(self) -> None:
        """A card with the state of the ledger."""
        draw_card(self.canv, 0, 0, self.width, self.height)
        for number, line in enumerate(self._lines):
            style = SMALL if number else TextStyle(face=BOLD, size=10, colour=INK)
            draw_text(
                self.canv,
                5 * mm,
                self.height - (8 + 6 * number) * mm,
                shortened(line, style, self.width - 10 * mm),
                style,
            )
