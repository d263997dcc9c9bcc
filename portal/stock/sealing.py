"""Whether what was sealed of documents of the store is still what their rows say, and whether every lot adds up."""

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ledger.models import Entry
from portal.stock.figures import all_ways
from portal.stock.models import StockDocument
from portal.translog.canonical import seal
from portal.translog.models import Leaf

Finding = tuple[str, str | None, str]


def doubtful_stock(session: Session) -> Iterator[Finding]:
    """Documents whose lines or reason are not what their leaf sealed, and lots whose ways do not add up (E30)."""
    rows = session.execute(
        select(StockDocument, Entry.entry_no, Leaf.data)
        .join(Entry, Entry.id == StockDocument.entry_id)
        .join(Leaf, Leaf.index == Entry.index)
        .order_by(Entry.index)
    )
    for document, entry_no, data in rows:
        sealed = json.loads(data).get("sealed", {}).get("goods")
        if document.salt is None or seal(document.salt, document.goods_part) != sealed:
            yield "stock_seal", entry_no, "the goods are not those that were sealed"
    for way in all_ways(session):
        if not way.adds_up:
            yield "stock", None, f"lot {way.lot.lot_no} does not add up"
