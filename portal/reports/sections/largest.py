"""The largest gifts and the largest payouts of a year, as the public ledger shows them."""

from collections.abc import Iterator, Sequence

from portal.disclosure import uses
from portal.disclosure.public_entries import PublicEntry
from portal.i18n import gettext as _
from portal.labels import label
from portal.reports.document import Block, Cell, Paragraph, Section, Table, TableColumn, Written
from portal.reports.sections.scope import YearScope

LARGEST = 20


def largest(scope: YearScope) -> Section:
    """Twenty gifts and twenty payouts; a donor is named by consent only, a person helped never."""
    return Section("largest", _("最大的捐赠和支出"), tuple(_blocks(scope)))


def _blocks(scope: YearScope) -> Iterator[Block]:
    session, owner = scope.session, scope.owner
    gifts = uses.largest_gifts(session, scope.first, scope.last, LARGEST, **owner)
    payouts = uses.largest_uses(session, scope.first, scope.last, LARGEST, **owner)
    yield Paragraph(_("捐赠人单独同意才公开姓名，其余写“爱心人士”。已红冲的不列。"), "small")
    yield _gifts(gifts) if gifts else Paragraph(_("这一年没有捐赠。"))
    yield _payouts(payouts) if payouts else Paragraph(_("这一年没有支出。"))


def _gifts(gifts: Sequence[PublicEntry]) -> Table:
    columns = (
        TableColumn(_("日期"), "date", 13),
        TableColumn(_("编号"), share=17),
        TableColumn(_("捐赠人"), share=28),
        TableColumn(_("形式"), share=8),
        TableColumn(_("基金"), share=25),
        TableColumn(_("金额（元）"), "money", 18, summed=True, tone="in"),
    )
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.occurred_on,
            one.entry_no,
            one.donor or _("爱心人士"),
            str(label(one.form)),
            Written(one.fund.name),
            one.amount_fen,
        )
        for one in gifts
    )
    caption = _("最大的 %(count)s 笔捐赠", count=len(gifts))
    return Table("largest-gifts", caption, columns, cells, _("以上合计"))


def _payouts(payouts: Sequence[PublicEntry]) -> Table:
    columns = (
        TableColumn(_("日期"), "date", 14),
        TableColumn(_("编号"), share=19),
        TableColumn(_("用途"), share=24),
        TableColumn(_("受助对象"), share=26),
        TableColumn(_("人次"), "count", 10),
        TableColumn(_("基金"), share=22),
        TableColumn(_("金额（元）"), "money", 18, summed=True, tone="out"),
    )
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.occurred_on,
            one.entry_no,
            Written(one.purpose or ""),
            Written(one.recipient or ""),
            one.people,
            Written(one.fund.name),
            one.amount_fen,
        )
        for one in payouts
    )
    caption = _("最大的 %(count)s 笔支出", count=len(payouts))
    return Table("largest-payouts", caption, columns, cells, _("以上合计"))
