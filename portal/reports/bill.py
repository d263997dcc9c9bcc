"""A monthly bill (晒账单) as PDF: the slip, then every entry of the month."""

from collections.abc import Iterator, Mapping

from reportlab.platypus import Flowable

from portal.disclosure.bills import BillFigures
from portal.disclosure.checkpoints import Mark
from portal.disclosure.entries import PublicEntry
from portal.i18n import current_locale
from portal.i18n import gettext as _
from portal.labels import label
from portal.ledger.models import Channel, Direction, EntryKind
from portal.money import format_words
from portal.periods import local
from portal.reports.sheet import Contents, Imprint, Printed, render
from portal.reports.slip import Line, Slip
from portal.reports.tables import Cell, Column, MoneyTable
from portal.reports.typography import AMBER, INK_SOFT, KAPOK, RIVER, SMALL, SUBTITLE, para
from portal.reports.wording import MINUS, amount, number, signed, state_of_books, yuan
from portal.spending.models import CostKind


def bill_pdf(
    bill: BillFigures, address: str, checkpoint: Mark | None, *, district: str, demonstration: bool
) -> Printed:
    """Set a bill; ``address`` is its page. The same bill gives the same bytes."""
    imprint = Imprint(
        title=_("%(name)s %(month)s 账单", name=bill.scope.name, month=str(bill.month)),
        publisher=_("%(district)s慈善阳光账本", district=district),
        state=state_of_books(bill.ledger_size, checkpoint),
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
        seal=_("未公布") if bill.running else _("已公布"),
        seal_colour=INK_SOFT if bill.running else KAPOK,
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
    yield from _parts(bill.income_by_channel)
    yield Line(_("本月支出"), signed(bill.outgo_fen, MINUS), colour=AMBER)
    yield from _parts(bill.outgo_by_cost)
    if bill.moved.in_fen:
        yield Line(_("划转转入"), signed(bill.moved.in_fen, "+"))
    if bill.moved.out_fen:
        yield Line(_("划转转出"), signed(bill.moved.out_fen, MINUS))
    yield Line(kind="double_rule")
    yield Line(_("本月结余"), yuan(bill.closing_fen), "total")
    if bill.closing_fen >= 0:
        yield Line(format_words(bill.closing_fen), kind="note")
    if bill.note:
        yield Line(bill.note, kind="note")
    yield Line(_standing(bill), kind="note")


def _parts(sums: Mapping[Channel, int] | Mapping[CostKind, int]) -> Iterator[Line]:
    """What a sum is made of, the largest first."""
    for kind, fen in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0].value)):
        yield Line(str(label(kind)), amount(fen), "part")


def _standing(bill: BillFigures) -> str:
    if bill.published_at is None:
        return _("还没有公布，数字可能变动。")
    at = local(bill.published_at).strftime("%Y-%m-%d %H:%M")
    return _("%(at)s 公布并冻结；账本第 %(size)s 笔时的状态。", at=at, size=number(bill.ledger_size))


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("日期"), 12),
        Column(_("编号"), 14),
        Column(_("捐赠人或用途"), 42),
        Column(_("收入（元）"), 16, "money", summed=True, colour=RIVER),
        Column(_("支出（元）"), 16, "money", summed=True, colour=AMBER),
    )


def _row(entry: PublicEntry) -> list[Cell]:
    came = entry.direction is Direction.IN
    words = (
        entry.donor or "" if came else " → ".join(part for part in (entry.purpose, entry.recipient) if part)
    )
    if entry.kind is EntryKind.REVERSAL:
        words = _("红冲 %(no)s：%(reason)s", no=entry.reverses, reason=entry.reason)
    if entry.to_fund is not None:
        ends = _("%(source)s 转到 %(target)s", source=entry.fund.name, target=entry.to_fund.name)
        words = f"{ends} {yuan(entry.amount_fen)} {words}"
        return [entry.occurred_on.isoformat(), entry.entry_no, words, None, None]
    return [
        entry.occurred_on.isoformat(),
        entry.entry_no,
        words,
        entry.amount_fen if came else None,
        None if came else entry.amount_fen,
    ]
