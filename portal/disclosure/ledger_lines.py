"""The public ledger in short, one line an entry, for lists of any length: what a page of paper has room for.

Read as plain columns: with whole entries of ``entries.py`` reading was measured to take as long as printing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from portal.disclosure.entries import CHUNK, chosen
from portal.giving.models import Donation, named_donor
from portal.i18n import gettext as _
from portal.ledger.figures import Filters
from portal.ledger.models import Direction, Entry, EntryKind, Transfer
from portal.registry.models import Fund
from portal.spending.models import Disbursement
from portal.stock.models import StockDocument

_Original = aliased(Entry, name="original")
_Target = aliased(Fund, name="target")


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """An entry as the public sees it. ``to_fund`` is the name of the fund that money was moved to."""

    occurred_on: date
    index: int
    entry_no: str
    kind: EntryKind
    direction: Direction
    amount_fen: int
    agency: bool
    fund: str
    to_fund: str | None
    donor: str
    purpose: str
    recipient: str
    reverses: str | None
    reason: str


def lines_in_order(
    session: Session, first_day: date, last_day: date, filters: Filters = Filters()
) -> Iterator[list[LedgerLine]]:
    """What happened in some days, both included, in the order of the days, in parts of ``CHUNK``.

    Where a fund or organisation is asked for, what came to it by transfer is among it.
    """
    nobody = _("爱心人士")
    place = tuple_(Entry.occurred_on, Entry.index)
    wanted = _columns().where(Entry.occurred_on <= last_day, chosen(filters)).order_by(*place).limit(CHUNK)
    after = (first_day - timedelta(days=1), 2**62)
    while part := [_line(row, nobody) for row in session.execute(wanted.where(place > after))]:
        yield part
        after = (part[-1].occurred_on, part[-1].index)


def _columns() -> Select[*tuple[Any, ...]]:
    # A reversal shows whose gift or which use it cancels: the document hangs on the original.
    document = func.coalesce(Entry.reverses_id, Entry.id)
    return (
        select(
            Entry.occurred_on,
            Entry.index,
            Entry.entry_no,
            Entry.kind,
            Entry.direction,
            Entry.amount_fen,
            Entry.agency,
            Entry.reason,
            Fund.name.label("fund"),
            _Target.name.label("to_fund"),
            Donation.donor_name,
            Donation.publish_name,
            Donation.anonymous,
            Donation.mask_name,
            func.coalesce(Disbursement.purpose, StockDocument.reason).label("purpose"),
            Disbursement.recipient,
            _Original.entry_no.label("reverses"),
        )
        .join(Fund, Fund.id == Entry.fund_id)
        .outerjoin(Donation, Donation.entry_id == document)
        .outerjoin(Disbursement, Disbursement.entry_id == document)
        .outerjoin(StockDocument, StockDocument.entry_id == document)
        .outerjoin(Transfer, Transfer.entry_id == Entry.id)
        .outerjoin(_Target, _Target.id == Transfer.to_fund_id)
        .outerjoin(_Original, _Original.id == Entry.reverses_id)
    )


def _line(row: Any, nobody: str) -> LedgerLine:
    donor = ""
    if row.direction is Direction.IN and row.kind is not EntryKind.SALE:
        donor = (
            named_donor(
                row.donor_name, publish_name=row.publish_name, anonymous=row.anonymous, masked=row.mask_name
            )
            or nobody
        )
    return LedgerLine(
        occurred_on=row.occurred_on,
        index=row.index,
        entry_no=row.entry_no,
        kind=row.kind,
        direction=row.direction,
        amount_fen=row.amount_fen,
        agency=row.agency,
        fund=row.fund,
        to_fund=row.to_fund,
        donor=donor,
        purpose=row.purpose or "",
        recipient=row.recipient or "",
        reverses=row.reverses,
        reason=row.reason,
    )
