"""A bill as a picture to send in a chat: the slip with its sums, and a code that leads to the page. PNG, 1080 wide.

The same bill gives the same bytes: no clock is drawn, and none is written into the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Literal

import segno
from PIL import Image, ImageDraw, ImageFont

from portal.disclosure.bill_lines import BillLine, lines_of, slip_lines
from portal.disclosure.bill_reading import BillFigures
from portal.i18n import gettext as _
from portal.periods import local
from portal.reports.fonts import BOLD, FILES, FOLDER, REGULAR, printable, runs
from portal.reports.linebreaking import break_lines
from portal.reports.wording import MINUS, amount, number, signed, yuan

WIDTH = 1080
_MARGIN = 48
_PADDING = 64
_LEFT, _RIGHT = _MARGIN + _PADDING, WIDTH - _MARGIN - _PADDING
_TOOTH = 24
_CODE = 216
_PARTS = 5
"""Parts of one sum that are shown: a picture is read at a glance."""

_PAPER, _CARD, _LINE, _INK, _SOFT = "#FBF9F4", "#FFFFFF", "#E4DFD3", "#1B2A30", "#55666D"
_RIVER, _KAPOK, _AMBER, _DOTS = "#0E5A63", "#B8322A", "#8A4B00", "#A9B2B3"

Align = Literal["left", "right", "middle"]


@dataclass(frozen=True)
class _Style:
    """How a text is set; lengths in pixels."""

    size: int
    leading: int
    face: str = REGULAR
    colour: str = _INK

    def width(self, text: str) -> float:
        """How wide a printable text is."""
        return sum(_font(face, self.size).getlength(part) for face, part in runs(text, self.face))


_BRAND = _Style(30, 52, colour=_KAPOK, face=BOLD)
_TITLE = _Style(52, 76, face=BOLD)
_NAME = _Style(36, 54, colour=_SOFT)
_NUMBER = _Style(26, 44, colour=_SOFT)
_ROW = _Style(38, 66)
_PART = _Style(32, 54, colour=_SOFT)
_HEADING = _Style(28, 54, face=BOLD, colour=_SOFT)
_TOTAL = _Style(46, 84, face=BOLD)
_NOTE = _Style(27, 42, colour=_SOFT)


@cache
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FOLDER / FILES[face]), size, layout_engine=ImageFont.Layout.BASIC)


@dataclass(frozen=True)
class _Line:
    """One line: words, at their right a value or nothing, or only a rule."""

    style: _Style
    words: str = ""
    value: str = ""
    align: Align = "left"
    indent: int = 0
    colour: str = ""
    rule: bool = False
    leader: bool = False


def draw_card(bill: BillFigures, address: str, *, district: str, demonstration: bool) -> bytes:
    """Draw the picture of a bill; ``address`` is its page, which the code leads to."""
    lines = [*_head(bill, district), *_body(bill), *_foot(bill, demonstration)]
    height = sum(line.style.leading for line in lines) + 2 * (_MARGIN + _PADDING) + _CODE + 40
    image = Image.new("RGB", (WIDTH, height), _PAPER)
    pen = ImageDraw.Draw(image)
    _paper(pen, height)
    y = _MARGIN + _PADDING
    for line in lines:
        _draw_line(pen, line, y)
        y += line.style.leading
    _draw_code(image, address, y + 20)
    _draw_invitation(pen, address, y + 20)
    if not bill.running:
        _seal(image, _("已公布"))
    target = BytesIO()
    image.quantize(64).save(target, "PNG", optimize=True)
    return target.getvalue()


def _head(bill: BillFigures, district: str) -> list[_Line]:
    room = _RIGHT - _LEFT
    brand = _("%(district)s慈善阳光账本", district=district)
    title = _("%(month)s 账单", month=bill.period_words)
    return [
        _Line(_BRAND, printable(brand), align="middle"),
        _Line(_TITLE, printable(title), align="middle"),
        *(
            _Line(_NAME, part, align="middle")
            for part in break_lines(printable(bill.scope.name), room, _NAME.width)
        ),
        _Line(_NUMBER, bill.bill_no, align="middle"),
        _Line(_NUMBER, rule=True),
    ]


def _body(bill: BillFigures) -> list[_Line]:
    shown = slip_lines(lines_of(bill), _PARTS)
    return [line for one in shown for line in _set(one)]


def _set(line: BillLine) -> Sequence[_Line]:
    words = printable(line.words)
    if line.kind == "heading":
        return [_Line(_HEADING, words)]
    if line.kind == "part":
        return [_Line(_PART, words, amount(line.now_fen), indent=32, leader=True)]
    if line.kind == "closing":
        return [_Line(_NUMBER, rule=True), _Line(_TOTAL, words, yuan(line.now_fen))]
    if line.kind in ("in", "moved_in"):
        return [_Line(_ROW, words, signed(line.now_fen, "+"), colour=_RIVER, leader=True)]
    if line.kind in ("out", "moved_out"):
        return [_Line(_ROW, words, signed(line.now_fen, MINUS), colour=_AMBER, leader=True)]
    return [_Line(_ROW, words, yuan(line.now_fen), leader=True)]


def _foot(bill: BillFigures, demonstration: bool) -> list[_Line]:
    notes = [_("共 %(count)s 笔，网页上每一笔都看得到。", count=number(bill.entry_count))]
    if bill.corrections:
        notes.append(_("公布之后有 %(count)s 项更正，见网页。", count=number(len(bill.corrections))))
    if bill.published_at is None:
        notes.append(_("还没有公布，数字可能变动。"))
    else:
        day = local(bill.published_at).date().isoformat()
        notes.append(_("%(day)s 公布并冻结", day=day))
    if demonstration:
        notes.append(_("演示数据，非真实账目"))
    room = _RIGHT - _LEFT
    return [
        _Line(_NUMBER, rule=True),
        *(_Line(_NOTE, part) for note in notes for part in break_lines(printable(note), room, _NOTE.width)),
    ]


def _paper(pen: ImageDraw.ImageDraw, height: int) -> None:
    """A strip torn off at a toothed edge, above and below."""
    teeth = round((WIDTH - 2 * _MARGIN) / _TOOTH)
    step = (WIDTH - 2 * _MARGIN) / teeth
    top, bottom = _MARGIN, height - _MARGIN
    edge: list[tuple[float, float]] = [(_MARGIN, top)]
    for tooth in range(teeth):
        edge += [(_MARGIN + (tooth + 0.5) * step, top - _TOOTH / 2), (_MARGIN + (tooth + 1) * step, top)]
    edge.append((WIDTH - _MARGIN, bottom))
    for tooth in range(teeth, 0, -1):
        edge += [
            (_MARGIN + (tooth - 0.5) * step, bottom + _TOOTH / 2),
            (_MARGIN + (tooth - 1) * step, bottom),
        ]
    pen.polygon(edge, fill=_CARD, outline=_LINE, width=2)


def _draw_line(pen: ImageDraw.ImageDraw, line: _Line, y: float) -> None:
    if line.rule:
        _dots(pen, _LEFT, _RIGHT, y + line.style.leading / 2)
        return
    left = _LEFT + line.indent
    end = _draw_text(pen, _RIGHT, y, line.value, line.style, align="right", colour=line.colour)
    words = _shortened(line.words, line.style, end - left - 40) if line.value else line.words
    at = {"left": left, "right": _RIGHT, "middle": WIDTH / 2}[line.align]
    begin = _draw_text(pen, at, y, words, line.style, align=line.align)
    if line.leader:
        _dots(pen, begin + 14, end - 14, y + line.style.leading * 0.66)


def _draw_text(
    pen: ImageDraw.ImageDraw, x: float, y: float, text: str, style: _Style, *, align: Align, colour: str = ""
) -> float:
    """Draw a printable text; return where it ends on the side that other things may stand on."""
    width = style.width(text)
    left = x - {"left": 0, "right": width, "middle": width / 2}[align]
    at = left
    baseline = y + (style.leading + style.size * 0.72) / 2
    for face, part in runs(text, style.face):
        font = _font(face, style.size)
        pen.text((round(at), round(baseline)), part, font=font, fill=colour or style.colour, anchor="ls")
        at += font.getlength(part)
    return left if align == "right" else at


def _shortened(text: str, style: _Style, room: float) -> str:
    if style.width(text) <= room:
        return text
    while text and style.width(text + "…") > room:
        text = text[:-1]
    return text + "…"


def _dots(pen: ImageDraw.ImageDraw, left: float, right: float, y: float) -> None:
    for place in range(round(left), round(right), 12):
        pen.ellipse((place, round(y), place + 3, round(y) + 3), fill=_DOTS)


def _draw_code(image: Image.Image, address: str, y: float) -> None:
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    code = Image.new("1", (len(rows), len(rows)), 1)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                code.putpixel((across, down), 0)
    scale = _CODE // len(rows)
    code = code.resize((len(rows) * scale, len(rows) * scale), Image.Resampling.NEAREST)
    image.paste(code, (_LEFT, round(y)))


def _draw_invitation(pen: ImageDraw.ImageDraw, address: str, y: float) -> None:
    left, room = _LEFT + _CODE + 36, _RIGHT - _LEFT - _CODE - 36
    words = printable(_("扫一扫，看每一笔收支"))
    for part in break_lines(words, room, _ROW.width):
        _draw_text(pen, left, y, part, _ROW, align="left")
        y += _ROW.leading
    for part in break_lines(printable(address), room, _NUMBER.width):
        _draw_text(pen, left, y, part, _NUMBER, align="left")
        y += 34


def _seal(image: Image.Image, words: str) -> None:
    """A seal, set a little askew as by hand."""
    style = _Style(34, 44, face=BOLD, colour=_KAPOK)
    width = round(style.width(words)) + 40
    stamp = Image.new("RGBA", (width, 72), (255, 255, 255, 0))
    pen = ImageDraw.Draw(stamp)
    pen.rounded_rectangle((2, 2, width - 3, 69), 10, outline=_KAPOK, width=4)
    _draw_text(pen, 20, 14, words, style, align="left")
    turned = stamp.rotate(8, Image.Resampling.BICUBIC, expand=True)
    image.paste(turned, (_RIGHT - turned.width + 24, _MARGIN + 30), turned)
