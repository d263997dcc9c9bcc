"""What a donor takes home, set on paper: the acknowledgement (捐赠回执) and the certificate (捐赠证书).

Neither looks like a fiscal receipt, and the certificate says that it is none (公益事业捐赠票据 rules; GZ 21).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4, A5, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from portal.i18n import current_locale
from portal.i18n import gettext as _
from portal.labels import label
from portal.money import format_words
from portal.receipts.facts import PaperFacts
from portal.reports.fonts import BOLD, REGULAR, printable, register
from portal.reports.linebreaking import break_lines
from portal.reports.sheet import Printed, draw_qr
from portal.reports.slip import Line, Slip
from portal.reports.typography import GOLD, INK, INK_SOFT, KAPOK, RIVER, TextStyle, draw_text
from portal.reports.wording import yuan

_PRODUCER = "Haizhu charity transparency portal"
_QR_SIDE = 26 * mm
_NOTE = TextStyle(size=8, leading=12.5, colour=INK_SOFT)
_CODE = TextStyle(face=BOLD, size=13, leading=18)
_PER_BLOCK = 20


@dataclass(frozen=True)
class Publisher:
    """Whose site the papers lead to, and whether its books are made up."""

    name: str
    base_address: str
    demonstration: bool = False


def set_acknowledgements(
    papers: Iterable[PaperFacts], publisher: Publisher, progress: Callable[[int], None] | None = None
) -> Printed:
    """Set acknowledgements, one to a page of A5; ``progress`` hears how many are done. Same facts, same bytes."""
    register()
    target = BytesIO()
    canvas = new_canvas(target, A5, _("捐赠回执"), publisher)
    count = 0
    for count, paper in enumerate(papers, start=1):
        _acknowledgement(canvas, paper, publisher)
        canvas.showPage()
        if progress is not None and count % _PER_BLOCK == 0:
            progress(count)
    canvas.save()
    return Printed(target.getvalue(), count)


def set_certificate(paper: PaperFacts, publisher: Publisher) -> Printed:
    """Set one certificate, on A4 across."""
    return set_certificates([paper], publisher)


def set_certificates(
    papers: Iterable[PaperFacts], publisher: Publisher, progress: Callable[[int], None] | None = None
) -> Printed:
    """Set certificates, one to a page of A4 across; ``progress`` hears how many are done. Same facts, same bytes."""
    register()
    target = BytesIO()
    canvas = new_canvas(target, landscape(A4), _("捐赠证书"), publisher)
    count = 0
    for count, paper in enumerate(papers, start=1):
        _certificate(canvas, paper, publisher)
        canvas.showPage()
        if progress is not None and count % _PER_BLOCK == 0:
            progress(count)
    canvas.save()
    return Printed(target.getvalue(), count)


def new_canvas(target: BytesIO, size: tuple[float, float], title: str, publisher: Publisher) -> Canvas:
    """A canvas of one page size; the same facts give the same bytes."""
    # Without a face of our own reportlab would name Helvetica, which it does not embed.
    canvas = Canvas(
        target,
        pagesize=size,
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,  # type: ignore[arg-type]
        initialFontSize=10,
        lang=current_locale().replace("_", "-"),
    )
    canvas.setTitle(printable(title))
    canvas.setAuthor(printable(publisher.name))
    canvas.setCreator(_PRODUCER)
    canvas.setProducer(_PRODUCER)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


def _acknowledgement(canvas: Canvas, paper: PaperFacts, publisher: Publisher) -> None:
    width, height = A5
    margin = 10 * mm
    subtitles = [paper.number]
    if paper.copy > 1:
        subtitles.append(_("补打第 %(count)d 次", count=paper.copy - 1))
    slip = Slip(
        _("捐赠回执"),
        list(_lines(paper)),
        subtitles=subtitles,
        seal=_("演示") if publisher.demonstration else "",
        width=width - 2 * margin,
    )
    slip.canv = canvas
    _w, tall = slip.wrap(width - 2 * margin, height)
    canvas.saveState()
    canvas.translate(margin, height - margin - tall)
    slip.draw()
    canvas.restoreState()
    foot = 14 * mm
    draw_qr(canvas, f"{publisher.base_address}/verify?q={paper.receipt_no}", margin, foot, _QR_SIDE)
    x, y = margin + _QR_SIDE + 5 * mm, foot + _QR_SIDE - 4 * mm
    draw_text(canvas, x, y, _("查询码 %(code)s", code=paper.lookup_code), _CODE)
    words = _(
        "扫码核对这一笔有没有被改过：%(address)s/verify。凭回执号和查询码可以查到款物的去向，请妥善保管，不要转给别人。"
        "本回执不是公益事业捐赠票据，不能用于税前扣除；票据由财政电子票据平台开具。",
        address=publisher.base_address,
    )
    for line in break_lines(printable(words), width - margin - x, _NOTE.width):
        y -= _NOTE.leading
        draw_text(canvas, x, y, line, _NOTE)


def _lines(paper: PaperFacts) -> Iterator[Line]:
    yield Line(_("捐赠人"), paper.donor)
    if paper.payer:
        yield Line(_("代转人"), paper.payer)
    yield Line(_("收到日期"), paper.received_on.isoformat())
    yield Line(_("捐赠形式"), str(label(paper.form)))
    yield Line(kind="rule")
    for words, quantity in paper.lines:
        yield Line(words, quantity)
    if paper.is_money or paper.amount_fen:
        yield Line(_("金额") if paper.is_money else _("估值"), yuan(paper.amount_fen), "total", colour=RIVER)
        yield Line(format_words(paper.amount_fen), kind="note")
    else:
        yield Line(_("暂时没有计价：本回执确认名称和数量，计价后另开票据。"), kind="note")
    if paper.restriction:
        yield Line(_("捐赠人的限定：%(words)s", words=paper.restriction), kind="note")
    yield Line(kind="rule")
    yield Line(_("接收组织"), paper.organisation)
    yield Line(_("统一社会信用代码"), paper.uscc)
    yield Line(_("入哪个基金"), paper.fund)
    if paper.station:
        yield Line(_("捐赠站点"), paper.station)
    yield Line(_("经手人"), paper.handler)


def _certificate(canvas: Canvas, paper: PaperFacts, publisher: Publisher) -> None:
    width, height = landscape(A4)
    for inset, weight in ((12 * mm, 2.2), (14.5 * mm, 0.6)):
        canvas.setStrokeColor(GOLD)
        canvas.setLineWidth(weight)
        canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset, stroke=1, fill=0)
    middle = width / 2
    draw_text(canvas, middle, height - 48 * mm, _("捐赠证书"), _big(34, KAPOK), align="centre")
    canvas.setLineWidth(1)
    canvas.line(middle - 32 * mm, height - 54 * mm, middle + 32 * mm, height - 54 * mm)
    y = height - 74 * mm
    for line in break_lines(printable(_salutation(paper)), 190 * mm, _big(19).width):
        draw_text(canvas, middle, y, line, _big(19), align="centre")
        y -= 11 * mm
    for line in break_lines(printable(_thanks(paper)), 190 * mm, _text(14).width):
        draw_text(canvas, middle, y, line, _text(14), align="centre")
        y -= 8.5 * mm
    foot = 44 * mm
    draw_text(canvas, width - 40 * mm, foot, paper.organisation, _big(14), align="right")
    draw_text(canvas, width - 40 * mm, foot - 8 * mm, paper.received_on.isoformat(), _text(12), align="right")
    draw_qr(canvas, f"{publisher.base_address}/verify?q={paper.receipt_no}", 30 * mm, 26 * mm, 22 * mm)
    draw_text(canvas, 57 * mm, 36 * mm, _("证书编号 %(no)s", no=paper.number), _text(9.5))
    draw_text(canvas, 57 * mm, 30 * mm, _("本证书不作为税前扣除凭证"), _text(9.5, soft=True))
    if publisher.demonstration:
        draw_text(
            canvas, middle, height - 24 * mm, _("演示数据，非真实账目"), _big(10, KAPOK), align="centre"
        )


def _salutation(paper: PaperFacts) -> str:
    return _("%(donor)s：", donor=paper.donor)


def _thanks(paper: PaperFacts) -> str:
    if paper.is_money:
        what = yuan(paper.amount_fen)
    else:
        what = _("、").join(f"{words} {quantity}" for words, quantity in paper.lines)
    return _(
        "感谢您于 %(day)s 向“%(fund)s”捐赠 %(what)s。每一笔的来处和去处，都在公开账本上。",
        day=paper.received_on.isoformat(),
        fund=paper.fund,
        what=what,
    )


def _big(size: float, colour: Color = INK) -> TextStyle:
    return TextStyle(face=BOLD, size=size, leading=size * 1.5, colour=colour)


def _text(size: float, *, soft: bool = False) -> TextStyle:
    return TextStyle(size=size, leading=size * 1.6, colour=INK_SOFT if soft else INK)
