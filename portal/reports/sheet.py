"""The printed sheet: A4, margins of 20 mm, a running head, and a foot with page x of y, the ledger's state and a QR.

The same story gives the same bytes: no clock, no user, no machine is written into a file (threat T19).
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import Any

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import PDFArray, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from portal.i18n import gettext as _
from portal.reports.fonts import REGULAR, printable, register
from portal.reports.typography import (
    BOLD_SMALL,
    FOOT,
    INK,
    KAPOK,
    LINE,
    PAGE_MARGIN,
    TITLE,
    Prose,
    TextStyle,
    dotted_line,
    draw_text,
    shortened,
)

WIDTH, HEIGHT = A4
MEASURE = WIDTH - 2 * PAGE_MARGIN
"""The width of the text, in points."""

_FOOT_TOP = 26 * mm
_PAGES = "pages-in-all"
_ADDRESS_CODE = "address-code"
_CODE_SIDE = 15 * mm
_PRODUCER = "Haizhu charity transparency portal"


@dataclass(frozen=True)
class Imprint:
    """What stands on every sheet of a document, and in the file's own title."""

    title: str
    publisher: str
    state: str
    address: str
    language: str = "zh-CN"
    demo: bool = False


@dataclass(frozen=True)
class Printed:
    """A finished PDF, and how many pages it has."""

    content: bytes
    pages: int


@dataclass
class Contents:
    """On which page each section came to stand, and how many there are; filled while pages are drawn."""

    pages: dict[str, int] = field(default_factory=dict)
    count: int = 0


class Heading(Prose):
    """The title of a section: a bookmark, an entry of the outline, a line of the contents."""

    def __init__(self, text: str, key: str, contents: Contents, style: TextStyle = TITLE) -> None:
        super().__init__(text, style)
        self._key, self._words, self._contents = key, text, contents

    def draw(self) -> None:
        """Draw, and note where."""
        self.canv.bookmarkHorizontal(self._key, 0, self.height + 6)
        self.canv.addOutlineEntry(printable(self._words), self._key, level=0)
        self._contents.pages[self._key] = self.canv.getPageNumber()
        super().draw()


class SheetCanvas(Canvas):
    """A canvas that knows the number of pages, and of each section's page, only when all is drawn.

    Pages refer to small forms by name; the forms are written last. The QR code is one of them, drawn once.
    """

    contents: Contents
    address: str
    _code: list[str]
    _doc: Any

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """End a page and pack its drawing, so that a long document takes little memory."""
        super().showPage()
        _pack(self._doc.idToObject[f"Page{self._doc.pageCounter - 1}"])

    def save(self) -> None:
        """Write the last page, then the numbers that pages refer to."""
        if self._code:
            self.showPage()
        count = self.getPageNumber() - 1
        self.contents.count = count
        self._number_form(_PAGES, _("共 %(count)d 页", count=count), FOOT)
        self.beginForm(_ADDRESS_CODE, 0, 0, _CODE_SIDE, _CODE_SIDE)
        draw_qr(self, self.address, 0, 0, _CODE_SIDE)
        self.endForm()
        for key, page in self.contents.pages.items():
            self._number_form(page_form(key), str(page), TextStyle(size=9, align="right"))
        super().save()

    def _number_form(self, name: str, text: str, style: TextStyle) -> None:
        self.beginForm(name, -100, -20, 100, 20)
        draw_text(self, 0, 0, text, style)
        self.endForm()


def _pack(page: Any) -> None:
    stream = PDFStream(content=zlib.compress(page.stream.encode()))
    stream.dictionary["Filter"] = PDFArray([PDFName("FlateDecode")])
    page.Contents, page.stream = stream, None


def page_form(key: str) -> str:
    """The name of the form that holds the page number of a section."""
    return f"page-of-{key}"


def render(
    imprint: Imprint, story: Sequence[Flowable], contents: Contents, *, cover: Flowable | None = None
) -> Printed:
    """Set a story on sheets.

    Args:
        imprint: head, foot and title.
        story: what stands between head and foot.
        contents: shared with the story's headings.
        cover: drawn on a first page of its own, without the running head.
    """
    register()
    target = BytesIO()
    # Without a face of our own reportlab would name Helvetica, which it does not embed.
    document = BaseDocTemplate(
        target,
        pagesize=A4,
        title=printable(imprint.title),
        author=printable(imprint.publisher),
        creator=_PRODUCER,
        lang=imprint.language,
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,
        initialFontSize=FOOT.size,
    )
    body = Frame(
        PAGE_MARGIN, _FOOT_TOP + 5 * mm, MEASURE, HEIGHT - _FOOT_TOP - 30 * mm, 0, 0, 0, 0, id="body"
    )
    document.addPageTemplates(
        [PageTemplate(id="body", frames=[body], onPage=partial(_dress, imprint=imprint, cover=cover))]
    )
    document.build([*([_Turn()] if cover else []), *story], canvasmaker=partial(_canvas, imprint, contents))
    return Printed(target.getvalue(), contents.count)


def _canvas(imprint: Imprint, contents: Contents, *given: Any, **named: Any) -> SheetCanvas:
    canvas = SheetCanvas(*given, **named)
    canvas.contents, canvas.address = contents, imprint.address
    canvas.setProducer(_PRODUCER)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


class _Turn(Flowable):
    """Leaves the page that the cover fills."""

    def wrap(self, _available_width: float, available_height: float) -> tuple[float, float]:
        return 0, available_height

    def draw(self) -> None:
        """Nothing: the page's dress draws the cover."""


def _dress(canvas: Canvas, document: BaseDocTemplate, *, imprint: Imprint, cover: Any) -> None:
    canvas.saveState()
    if cover is not None and document.page == 1:
        cover.canv = canvas
        cover.draw()
    else:
        _head(canvas, imprint)
    if imprint.demo:
        _demo_line(canvas)
    _foot(canvas, imprint, document.page)
    canvas.restoreState()


def _head(canvas: Canvas, imprint: Imprint) -> None:
    y = HEIGHT - 14 * mm
    draw_text(canvas, PAGE_MARGIN, y, shortened(imprint.title, FOOT, MEASURE * 0.66), FOOT)
    draw_text(canvas, WIDTH - PAGE_MARGIN, y, imprint.publisher, FOOT, align="right")
    dotted_line(canvas, PAGE_MARGIN, WIDTH - PAGE_MARGIN, y - 2.2 * mm)


def _demo_line(canvas: Canvas) -> None:
    words = _("演示数据，非真实账目")
    style = BOLD_SMALL
    width = style.width(words) + 8 * mm
    canvas.setFillColor(KAPOK)
    canvas.rect((WIDTH - width) / 2, HEIGHT - 9.2 * mm, width, 5.2 * mm, stroke=0, fill=1)
    draw_text(canvas, WIDTH / 2, HEIGHT - 7.7 * mm, words, style, align="centre")


def _foot(canvas: Canvas, imprint: Imprint, page: int) -> None:
    dotted_line(canvas, PAGE_MARGIN, WIDTH - PAGE_MARGIN, _FOOT_TOP)
    top = _FOOT_TOP - 5.5 * mm
    draw_text(canvas, PAGE_MARGIN, top, imprint.state, FOOT)
    draw_text(canvas, PAGE_MARGIN, top - 4 * mm, _("核对本账：%(address)s", address=imprint.address), FOOT)
    draw_text(
        canvas, WIDTH / 2 - 1.2 * mm, top - 9.5 * mm, _("第 %(page)d 页", page=page), FOOT, align="right"
    )
    canvas.saveState()
    canvas.translate(WIDTH / 2 + 1.2 * mm, top - 9.5 * mm)
    canvas.doForm(_PAGES)
    canvas.restoreState()
    canvas.saveState()
    canvas.translate(WIDTH - PAGE_MARGIN - _CODE_SIDE, _FOOT_TOP - 2.5 * mm - _CODE_SIDE)
    canvas.doForm(_ADDRESS_CODE)
    canvas.restoreState()


def draw_qr(canvas: Canvas, address: str, x: float, y: float, side: float) -> None:
    """A QR code of an address or text, without a quiet zone of its own; lower left corner and side in points."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    step = side / len(rows)
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        for start, length in _dark_stretches(row):
            path.rect(x + start * step, y + side - (number + 1) * step, length * step, step)
    canvas.setFillColor(INK)
    canvas.drawPath(path, stroke=0, fill=1)


def _dark_stretches(row: bytes) -> list[tuple[int, int]]:
    stretches: list[tuple[int, int]] = []
    start: int | None = None
    for column, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            stretches.append((start, column - start))
            start = None
    return stretches


def draw_card(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    """A white card with a thin line."""
    canvas.setFillColorRGB(1, 1, 1)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.7)
    canvas.roundRect(x, y, width, height, 5, stroke=1, fill=1)
