"""A monthly bill (晒账单) as PDF: the slip, then every entry of the month."""

from collections.abc import Iterator

from reportlab.platypus import Flowable

from portal.disclosure.bills import BillFigures
from portal.disclosure.entries import PublicEntry
from portal.i18n import current_locale
from portal.i18n import gettext as _
from portal.labels import label
from portal.ledger.models import Direction, EntryKind
from portal.money import format_words
from portal.periods import local
from portal.reports.sheet import Contents, Imprint, render
from portal.reports.slip import Line, Slip
from portal.reports.tables import Cell, Column, MoneyTable
from portal.reports.typography import RIVER, SMALL, SUBTITLE, para
from portal.reports.wording import number, signed, yuan


def bill_pdf(bill: BillFigures, address: str, *, district: str, demonstration: bool) -> bytes:
    """Set a bill; ``address`` is its page. The same bill gives the same bytes."""
    imprint = Imprint(
        title=_("%(name)s %(month)s 账单", name=bill.scope.name, month=str(bill.month)),
        publisher=_("%(district)s慈善阳光账本", district=district),
        state=_("账本状态：第 %(size)s 笔", size=number(bill.ledger_size)),
        address=address,
        language=current_locale().replace("_", "-"),
        demo=demonstration,
    )
    return render(imprint, list(_story(bill)), Contents())


def _story(bill: BillFigures) -> Iterator[Flowable]:
    yield Slip(
        _("%(month)s 账单", month=str(bill.month)),
        list(_lines(bill)),
        subtitles=(bill.scope.name, bill.bill_no),
        seal="" if bill.running else _("已公布"),
    )
    yield para(_("本月明细（%(count)s 笔）", count=number(bill.entry_count)), SUBTITLE)
    if bill.rows:
        yield MoneyTable(_columns(), [_row(one) for one in bill.rows], total=_("合计"))
    else:
        yield para(_("这个月没有收支。"))
    yield para(_("没有同意公开姓名的捐赠人一律显示为“爱心人士”。记错了只能红冲，两笔都看得到。"), SMALL)


def _lines(bill: BillFigures) -> Iterator[Line]:
    yield Line(_("上月结余"), yuan(bill.opening_fen))
    yield Line(_("本月收入"), signed(bill.income_fen, "+"), colour=RIVER)
    for channel, fen in bill.income_by_channel.items():
        yield Line(f"· {label(channel)}", yuan(fen))
    yield Line(_("本月支出"), signed(bill.outgo_fen, "−"))
    for cost, fen in bill.outgo_by_cost.items():
        yield Line(f"· {label(cost)}", yuan(fen))
    yield Line(kind="double_rule")
    yield Line(_("本月结余"), yuan(bill.closing_fen), "total")
    if bill.closing_fen >= 0:
        yield Line(format_words(bill.closing_fen), kind="note")
    if bill.note:
        yield Line(bill.note, kind="note")
    yield Line(_standing(bill), kind="note")


def _standing(bill: BillFigures) -> str:
    if bill.published_at is None:
        return _("还没有公布，数字可能变动。")
    at = local(bill.published_at).strftime("%Y-%m-%d %H:%M")
    return _("%(at)s 公布并冻结；账本第 %(size)s 笔时的状态。", at=at, size=number(bill.ledger_size))


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("日期"), 13),
        Column(_("编号"), 17),
        Column(_("捐赠人或用途"), 36),
        Column(_("收入（元）"), 17, "money", summed=True, colour=RIVER),
        Column(_("支出（元）"), 17, "money", summed=True),
    )


def _row(entry: PublicEntry) -> list[Cell]:
    came = entry.direction is Direction.IN
    words = (
        entry.donor or "" if came else " → ".join(part for part in (entry.purpose, entry.recipient) if part)
    )
    if entry.kind is EntryKind.REVERSAL:
        words = _("红冲 %(no)s：%(reason)s", no=entry.reverses, reason=entry.reason)
    return [
        entry.occurred_on.isoformat(),
        entry.entry_no,
        words,
        entry.amount_fen if came else None,
        None if came else entry.amount_fen,
    ]
