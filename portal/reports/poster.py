"""The poster of a donation station: what it takes, when it is open, and a code that leads to its public ledger."""

from io import BytesIO

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

from portal.i18n import gettext as _
from portal.registry.models import Station
from portal.reports.fonts import BOLD, printable, register
from portal.reports.linebreaking import break_lines
from portal.reports.papers import Publisher, new_canvas
from portal.reports.sheet import Printed, draw_qr
from portal.reports.typography import GOLD, INK, INK_SOFT, KAPOK, TextStyle, draw_text

_QR_SIDE = 84 * mm
_MARGIN = 24 * mm


def set_poster(station: Station, publisher: Publisher) -> Printed:
    """Set the poster on one page of A4, to print and hang up."""
    register()
    target = BytesIO()
    canvas = new_canvas(target, A4, _("%(name)s海报", name=station.name), publisher)
    width, height = A4
    middle = width / 2
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(2)
    canvas.rect(12 * mm, 12 * mm, width - 24 * mm, height - 24 * mm, stroke=1, fill=0)
    draw_text(canvas, middle, height - 34 * mm, _("慈善捐赠站点"), _bold(22, KAPOK), align="centre")
    y = height - 52 * mm
    for line in break_lines(printable(station.name), width - 2 * _MARGIN, _bold(34).width):
        draw_text(canvas, middle, y, line, _bold(34), align="centre")
        y -= 15 * mm
    y -= _QR_SIDE - 4 * mm
    address = f"{publisher.base_address}/stations/{station.code}"
    draw_qr(canvas, address, middle - _QR_SIDE / 2, y, _QR_SIDE)
    y -= 12 * mm
    draw_text(
        canvas, middle, y, _("扫一扫，看这个站点收了多少、用到了哪里"), _bold(17, KAPOK), align="centre"
    )
    y -= 8 * mm
    draw_text(canvas, middle, y, address, _plain(11), align="centre")
    y -= 16 * mm
    for words, text in (
        (_("收什么"), station.accepts),
        (_("开放时间"), station.hours),
        (_("地址"), station.address),
        (_("主办组织"), station.organisation.name),
        (_("站点编号"), station.code),
    ):
        if text:
            draw_text(canvas, _MARGIN, y, words, _bold(14))
            for line in break_lines(printable(text), width - 2 * _MARGIN - 32 * mm, _plain(14, INK).width):
                draw_text(canvas, _MARGIN + 32 * mm, y, line, _plain(14, INK))
                y -= 8 * mm
            y -= 2 * mm
    note = _("捐赠请索取捐赠回执，凭回执号和查询码可以查到去向。本网站不收款。")
    draw_text(canvas, middle, 20 * mm, note, _plain(11), align="centre")
    if publisher.demonstration:
        draw_text(
            canvas, middle, height - 22 * mm, _("演示数据，非真实账目"), _bold(12, KAPOK), align="centre"
        )
    canvas.showPage()
    canvas.save()
    return Printed(target.getvalue(), 1)


def _bold(size: float, colour: Color = INK) -> TextStyle:
    return TextStyle(face=BOLD, size=size, leading=size * 1.4, colour=colour)


def _plain(size: float, colour: Color = INK_SOFT) -> TextStyle:
    return TextStyle(size=size, leading=size * 1.5, colour=colour)
