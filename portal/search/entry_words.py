"""The public words of entries, as they are today: whatever is not shown on a page is not here either (I21).

An entry has words of its own when it says what for, to whom, from whom, of what, or why. A gift of money whose donor is
not named has none: its numbers and its amount are found by their own indexes.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.giving.models import Donation, DonationItem, named_donor
from portal.ledger.models import Entry, Form, Transfer
from portal.search.terms import mark, terms_of
from portal.spending.models import Disbursement
from portal.stock.models import StockDocument, StockItem, StockLot, StockMovement

Words = dict[int, str]
"""Terms by the id of the entry."""

MARKED = (
    "direction",
    "form",
    "organisation_id",
    "fund_id",
    "station_id",
    "street_id",
    "project_id",
    "campaign_id",
)
"""What narrows a search for words without looking at a single entry; the year of ``occurred_on`` does too."""

YEAR = "year"


def words_of_entries(session: Session, ids: Sequence[int]) -> Words:
    """The terms of those of the entries that have words of their own; at most some thousands at a time."""
    rows = session.execute(_columns().where(Entry.id.in_(ids))).all()
    goods = _goods(session, [row.document_id for row in rows if row.form is not Form.MONEY])
    found = ((row.id, _terms(row, goods.get(row.document_id, ()))) for row in rows)
    return {entry_id: terms for entry_id, terms in found if terms}


def _terms(row: Any, goods: Sequence[str]) -> str:
    texts = [text for text in (*_texts(row), *goods) if text]
    if not texts:
        return ""
    return terms_of(texts, _marks(row))


def _texts(row: Any) -> Iterator[str | None]:
    yield named_donor(
        row.donor_name, publish_name=row.publish_name, anonymous=row.anonymous, masked=row.mask_name
    )
    yield row.recipient
    yield row.purpose
    yield row.document_reason
    yield row.restriction_text
    yield row.reason


def _marks(row: Any) -> Iterator[str]:
    yield mark(YEAR, row.occurred_on.year)
    for name in MARKED:
        value = getattr(row, name)
        if value is not None:
            yield mark(name, value)
    # What moves from one fund to another is found under either.
    if row.to_fund_id is not None and row.to_fund_id != row.fund_id:
        yield mark("fund_id", row.to_fund_id)
    if row.to_organisation_id is not None and row.to_organisation_id != row.organisation_id:
        yield mark("organisation_id", row.to_organisation_id)


def _columns() -> Select[Any]:
    # A reversal shows whose gift or which use it cancels: the document hangs on the original.
    document = func.coalesce(Entry.reverses_id, Entry.id)
    return (
        select(
            Entry.id,
            Entry.occurred_on,
            Entry.reason,
            document.label("document_id"),
            *(getattr(Entry, name) for name in MARKED),
            Donation.donor_name,
            Donation.publish_name,
            Donation.anonymous,
            Donation.mask_name,
            Donation.restriction_text,
            Disbursement.recipient,
            Disbursement.purpose,
            StockDocument.reason.label("document_reason"),
            Transfer.to_fund_id,
            Transfer.to_organisation_id,
        )
        .outerjoin(Donation, Donation.entry_id == document)
        .outerjoin(Disbursement, Disbursement.entry_id == document)
        .outerjoin(StockDocument, StockDocument.entry_id == document)
        .outerjoin(Transfer, Transfer.entry_id == Entry.id)
    )


def _goods(session: Session, document_ids: Sequence[int]) -> dict[int, list[str]]:
    """The names of things by the entry that they were given, given out, sold or written off with."""
    found: dict[int, list[str]] = defaultdict(list)
    if not document_ids:
        return found
    given = (
        select(Donation.entry_id, DonationItem.item, DonationItem.specification)
        .join(DonationItem, DonationItem.donation_id == Donation.id)
        .where(Donation.entry_id.in_(document_ids))
        .order_by(DonationItem.id)
    )
    moved = (
        select(StockMovement.entry_id, StockItem.item, StockItem.specification)
        .join(StockLot, StockLot.id == StockMovement.lot_id)
        .join(StockItem, StockItem.id == StockLot.item_id)
        .where(StockMovement.entry_id.in_(document_ids))
        .order_by(StockMovement.id)
    )
    for statement in (given, moved):
        for entry_id, item, specification in session.execute(statement):
            if entry_id is not None:
                found[entry_id] += [text for text in (item, specification) if text not in found[entry_id]]
    return found
