"""Goods for tests: given, given out, moved."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.giving.items import ItemDetails
from portal.giving.models import Donation
from portal.ledger.models import Form
from portal.periods import today
from portal.registry.models import Fund
from portal.spending import reviewing
from portal.spending import service as spending
from portal.spending.details import DisbursementDetails, GoodsLine
from portal.spending.models import Disbursement, DisbursementKind
from portal.staff.scope import Scope
from portal.stock import figures
from portal.stock import service as store
from portal.stock.lines import ValuationBasis
from portal.stock.models import StockDocument, StockDocumentKind, StockItem
from portal.stock.service import LineDetails, StockDetails
from tests import gifts, people

Shelf = dict[tuple[str, str, str, str], int]


def line(item: str, pieces: int, unit: str = "箱", value_fen: int | None = None, **given: Any) -> ItemDetails:
    """So many pieces of a thing."""
    basis = ValuationBasis.EVIDENCE if value_fen else None
    return ItemDetails(item, pieces * 1_000, unit, value_fen=value_fen, valuation_basis=basis, **given)


def gift(fund: Fund, *lines: ItemDetails, **given: Any) -> Donation:
    """A gift of goods, in the ledger and in stock."""
    return gifts.in_kind(fund, Form.GOODS, *lines, **given)


def item(name: str, unit: str = "箱") -> StockItem:
    """The kind of thing with a name and a unit."""
    return db.session.scalars(select(StockItem).where(StockItem.item == name, StockItem.unit == unit)).one()


def request(
    fund: str, lines: Sequence[tuple[int, int]], *, key: str | None = None, **given: Any
) -> Disbursement:
    """Goods to be given out, waiting for review."""
    words = {"recipient": "社区卫生服务中心", "purpose": "防疫", **given}
    details = DisbursementDetails(
        kind=DisbursementKind.GOODS,
        fund=fund,
        goods=tuple(GoodsLine(*one) for one in lines),
        **words,
    )
    return spending.request(details, people.clerk(), key or uuid.uuid4().hex)


def hand_out(wanted: Disbursement, day: date | None = None) -> Disbursement:
    """Let goods go out: approved by one person, handed out by another."""
    return gifts.paid(reviewing.approve(wanted.id, people.reviewer(), wanted.version), day)


def issue(fund: Fund, *lines: tuple[StockItem, int], day: date | None = None, **given: Any) -> Disbursement:
    """Goods given out, in pieces, in the ledger."""
    wanted = request(fund.code, [(thing.id, pieces * 1_000) for thing, pieces in lines], **given)
    return hand_out(wanted, day)


def document(
    kind: StockDocumentKind, fund: Fund, *lines: tuple[StockItem, int], **given: Any
) -> StockDocument:
    """A document of the store, carried out; in pieces."""
    words = {"happened_on": today(), "reason": "受潮", **given}
    details = StockDetails(
        kind=kind,
        fund=fund.code,
        lines=tuple(LineDetails(thing.id, pieces * 1_000) for thing, pieces in lines),
        **words,
    )
    made = store.make(details, people.clerk(), uuid.uuid4().hex)
    return store.approve(made.id, people.reviewer(), made.version)


def shelf() -> Shelf:
    """Pieces in stock by thing, specification, unit and station code (empty: the store)."""
    db.session.rollback()
    return {
        (
            one.item.item,
            one.item.specification,
            one.item.unit,
            one.station.code if one.station else "",
        ): one.quantity_thousandths // 1_000
        for one in figures.in_stock(db.session(), Scope.district())
    }
