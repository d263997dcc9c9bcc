"""From a reviewed list of goods into books and stock: gifts of goods, or goods given out."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.donors.models import DonorKind
from portal.giving.bulk_goods import GoodsGift, post_goods
from portal.giving.content_keys import both_forms
from portal.giving.details import Placement
from portal.giving.items import MOST_LINES, ItemDetails
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.imports.donors import donor_kind_of
from portal.imports.models import ImportBatch, ImportGoodsRow, ListKind, RowState
from portal.imports.reading import Fault, Problem
from portal.imports.target import require_late_reason
from portal.refusals import Conflict
from portal.spending.bulk_goods import GoodsPayout, post_payouts
from portal.staff.documents import DocumentState
from portal.stock.holdings import Place, held, item_of
from portal.stock.lines import format_quantity


def look_again(session: Session, batch: ImportBatch) -> None:
    """Say of each line what would become of it, now: known already, more than there is, or fine."""
    again = _same_list(session, batch)
    left: dict[tuple[str, str, str], int] = {}
    for row in _rows(session, batch):
        faults = [one for one in row.problems if one.fault is not Fault.STOCK_SHORT]
        if again:
            row.state = RowState.DUPLICATE
        elif not faults and batch.kind is ListKind.GOODS_GIVEN:
            faults.extend(_short(session, batch, row, left))
        if not again:
            row.state = RowState.NEEDS_REVIEW if faults else RowState.ACCEPTED
        row.faults = [one.as_json() for one in faults]
    session.flush()


def check_day(session: Session, batch: ImportBatch) -> None:
    """A day in closed books needs a reason; raises as for donations."""
    days = [batch.dated] if batch.dated else []
    require_late_reason(session, batch.organisation_id, batch.fund_id, days, batch.late_reason)


def post(session: Session, batch: ImportBatch, place: Placement) -> None:
    """Post the accepted lines of a list, all or none.

    Raises:
        Conflict: the same list came into the books meanwhile.
        Invalid: the day lies in closed books without a reason, or the stock no longer suffices.
    """
    if _same_list(session, batch):
        raise Conflict(_l("这份清单已由别的批次入账，账上没有变化。请撤回这一批。"))
    check_day(session, batch)
    rows = [row for row in _rows(session, batch) if row.state is RowState.ACCEPTED]
    assert batch.dated is not None  # noqa: S101 - a list of goods has its day from the beginning
    if batch.kind is ListKind.GOODS_RECEIVED:
        post_goods(session, batch, place, [_gift(party, lines) for party, lines in _blocks(rows)])
        return
    post_payouts(
        session,
        batch,
        place,
        [
            GoodsPayout(
                party or _("社会各界"),
                _("发放捐赠物资"),
                [
                    (
                        item_of(session, one.item, one.specification, one.unit).id,
                        one.quantity_thousandths or 0,
                    )
                    for one in lines
                ],
            )
            for party, lines in _blocks(rows)
        ],
    )


def row_problems(session: Session, batch: ImportBatch, limit: int) -> list[Problem]:
    """What is wrong with single lines, in order."""
    return [problem for row in _rows(session, batch) for problem in row.problems][:limit]


def _gift(party: str, lines: Sequence[ImportGoodsRow]) -> GoodsGift:
    return GoodsGift(
        party,
        donor_kind_of(party) if party else DonorKind.ANONYMOUS,
        tuple(
            ItemDetails(one.item, one.quantity_thousandths or 0, one.unit, one.specification) for one in lines
        ),
    )


def _blocks(rows: Sequence[ImportGoodsRow]) -> Iterator[tuple[str, list[ImportGoodsRow]]]:
    """Lines of one party that stand together: one document, or several where there are very many."""
    for party, group in groupby(rows, key=lambda row: row.party):
        lines = list(group)
        for first in range(0, len(lines), MOST_LINES):
            yield party, lines[first : first + MOST_LINES]


def _short(
    session: Session, batch: ImportBatch, row: ImportGoodsRow, left: dict[tuple[str, str, str], int]
) -> Iterator[Problem]:
    words = (row.item, row.specification, row.unit)
    if words not in left:
        place = Place(batch.fund_id, batch.station_id)
        left[words] = held(session, place, item_of(session, *words).id)
    wanted = row.quantity_thousandths or 0
    if wanted > left[words]:
        yield Problem(
            Fault.STOCK_SHORT,
            row.row_no,
            "",
            format_quantity(wanted),
            {"held": format_quantity(left[words])},
        )
        return
    left[words] -= wanted


def _rows(session: Session, batch: ImportBatch) -> Sequence[ImportGoodsRow]:
    return session.scalars(
        select(ImportGoodsRow).where(ImportGoodsRow.batch_id == batch.id).order_by(ImportGoodsRow.position)
    ).all()


def _same_list(session: Session, batch: ImportBatch) -> bool:
    query = select(ImportBatch.id).where(
        ImportBatch.fingerprint.in_(both_forms([batch.fingerprint])),
        ImportBatch.organisation_id == batch.organisation_id,
        ImportBatch.id < batch.id,
        ImportBatch.state != DocumentState.WITHDRAWN,
    )
    return session.scalar(query.limit(1)) is not None
