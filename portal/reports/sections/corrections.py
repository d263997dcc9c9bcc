"""Every correction of a year: the entry that takes back, and the one it takes back."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, select

from portal.disclosure import entries
from portal.i18n import gettext as _
from portal.labels import label
from portal.ledger.models import Entry, EntryKind
from portal.reports.document import Block, Cell, Paragraph, Section, Table, TableColumn, Written
from portal.reports.sections.scope import YearScope
from portal.reports.wording import number

MOST = 200


def corrections(scope: YearScope) -> Section:
    """The reversals of the year, the newest first."""
    return Section("corrections", _("更正"), tuple(_blocks(scope)))


def _blocks(scope: YearScope) -> Iterator[Block]:
    session, conditions = scope.session, _reversals(scope)
    count = session.scalar(select(func.count()).where(*conditions)) or 0
    yield Paragraph(
        _(
            "记错的账用红冲更正：原来的一笔和冲减它的一笔都留在账本里。这一年共 %(count)s 笔。",
            count=number(count),
        )
    )
    if not count:
        return
    ids = session.scalars(select(Entry.id).where(*conditions).order_by(Entry.index.desc()).limit(MOST))
    columns = (
        TableColumn(_("日期"), "date", 13),
        TableColumn(_("红冲编号"), share=15),
        TableColumn(_("原编号"), share=15),
        TableColumn(_("收支"), share=8),
        TableColumn(_("原因"), share=32),
        TableColumn(_("金额（元）"), "money", 17),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.occurred_on,
            one.entry_no,
            one.reverses or "",
            str(label(one.direction)),
            Written(one.reason),
            one.amount_fen,
        )
        for one in entries.of_ids(session, list(ids))
    )
    yield Table("corrections", _("这一年的红冲"), columns, rows)
    if count > len(rows):
        yield Paragraph(_("只列出最近的 %(count)s 笔，其余见公开账本。", count=number(len(rows))), "small")


def _reversals(scope: YearScope) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Entry.kind == EntryKind.REVERSAL,
        Entry.occurred_on.between(scope.first, scope.last),
    ]
    if scope.fund is not None:
        conditions.append(Entry.fund_id == scope.fund.id)
    elif scope.organisation is not None:
        conditions.append(Entry.organisation_id == scope.organisation.id)
    return conditions
