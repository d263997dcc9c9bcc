"""What was given, given out, sold or written off in one entry, thing by thing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.giving.models import Donation, DonationItem
from portal.ledger.models import Entry
from portal.stock.models import StockItem, StockLot, StockMovement


@dataclass(frozen=True)
class PublicLine:
    """So much of a thing, in thousandths of its unit."""

    item: str
    specification: str
    unit: str
    quantity_thousandths: int


def items_of(session: Session, entry_id: int) -> Sequence[PublicLine]:
    """What was given, given out, sold or written off, by its entry or by the reversal of it."""
    document = (
        select(func.coalesce(Entry.reverses_id, Entry.id)).where(Entry.id == entry_id).scalar_subquery()
    )
    given = (
        select(
            DonationItem.item,
            DonationItem.specification,
            DonationItem.unit,
            DonationItem.quantity_thousandths,
        )
        .join(Donation, Donation.id == DonationItem.donation_id)
        .where(Donation.entry_id == document)
        .order_by(DonationItem.line_no)
    )
    rows = session.execute(given).all() or session.execute(
        select(
            StockItem.item,
            StockItem.specification,
            StockItem.unit,
            func.sum(StockMovement.quantity_thousandths),
        )
        .join(StockLot, StockLot.item_id == StockItem.id)
        .join(StockMovement, StockMovement.lot_id == StockLot.id)
        .where(StockMovement.entry_id == document)
        .group_by(StockItem.id)
        .order_by(func.min(StockMovement.id))
    )
    return [PublicLine(*row[:3], int(row[3])) for row in rows]
