"""What lies where: take from it, oldest first, and put to it. Nothing ever falls below zero.

Whoever moves goods holds the lock of the ledger's head already, so two takers never meet; the conditional UPDATE and
the CHECK of the table stand behind that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.db import Base, connection_of
from portal.i18n import lazy_gettext as _l
from portal.refusals import Invalid
from portal.stock.lines import format_quantity
from portal.stock.models import LotHolding, StockItem, StockLot

_HOLDING = Base.metadata.tables[LotHolding.__tablename__]


@dataclass(frozen=True)
class Place:
    """Where goods of a fund lie: at a station, or (None) in the organisation's own store."""

    fund_id: int
    station_id: int | None


@dataclass(frozen=True)
class Part:
    """A part of a lot with its book value in fen."""

    lot_id: int
    quantity_thousandths: int
    value_fen: int


def item_of(session: Session, item: str, specification: str, unit: str) -> StockItem:
    """The kind of thing with these words, made when there is none."""
    words = {"item": item, "specification": specification, "unit": unit}
    found: StockItem | None = session.scalar(select(StockItem).filter_by(**words))
    if found is None:
        found = StockItem(**words)
        session.add(found)
        session.flush()
    return found


def held(session: Session, place: Place, item_id: int) -> int:
    """How much of a thing lies at a place, in thousandths."""
    query = (
        select(func.coalesce(func.sum(LotHolding.quantity_thousandths), 0))
        .join(StockLot, StockLot.id == LotHolding.lot_id)
        .where(
            StockLot.fund_id == place.fund_id,
            StockLot.item_id == item_id,
            LotHolding.station_id == place.station_id
            if place.station_id is not None
            else LotHolding.station_id.is_(None),
        )
    )
    return int(session.scalar(query) or 0)


def take(
    session: Session, place: Place, item: StockItem, quantity_thousandths: int, field: str
) -> list[Part]:
    """Take so much of a thing away: what expires first goes first, then what came first.

    Raises:
        Invalid: there is not so much; the message stands under ``field`` and says how much there is.
    """
    left, parts = quantity_thousandths, []
    for holding in _available(session, place, item.id):
        if not left:
            break
        quantity = min(left, holding.quantity_thousandths)
        value = holding.value_fen * quantity // holding.quantity_thousandths
        _change(session, holding.id, -quantity, -value)
        parts.append(Part(holding.lot_id, quantity, value))
        left -= quantity
    if left:
        raise Invalid(
            {
                field: _l(
                    "“%(item)s”库存不足：现有 %(held)s，需要 %(wanted)s。请核对数量、基金和存放地点。",
                    item=item.label,
                    held=format_quantity(quantity_thousandths - left),
                    wanted=format_quantity(quantity_thousandths),
                )
            }
        )
    return parts


def put(session: Session, station_id: int | None, part: Part) -> None:
    """Lay a part of a lot down at a place."""
    where = LotHolding.station_id == station_id if station_id is not None else LotHolding.station_id.is_(None)
    known = session.scalar(select(LotHolding.id).where(LotHolding.lot_id == part.lot_id, where))
    if known is not None:
        _change(session, known, part.quantity_thousandths, part.value_fen)
        return
    session.add(
        LotHolding(
            lot_id=part.lot_id,
            station_id=station_id,
            quantity_thousandths=part.quantity_thousandths,
            value_fen=part.value_fen,
        )
    )
    session.flush()


def _available(session: Session, place: Place, item_id: int) -> Sequence[LotHolding]:
    query = (
        select(LotHolding)
        .join(StockLot, StockLot.id == LotHolding.lot_id)
        .where(
            StockLot.fund_id == place.fund_id,
            StockLot.item_id == item_id,
            LotHolding.quantity_thousandths > 0,
            LotHolding.station_id == place.station_id
            if place.station_id is not None
            else LotHolding.station_id.is_(None),
        )
        .order_by(StockLot.expires_on.is_(None), StockLot.expires_on, StockLot.received_on, StockLot.id)
        .with_for_update(of=LotHolding)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def _change(session: Session, holding_id: int, quantity: int, value_fen: int) -> None:
    session.flush()
    done = connection_of(session).execute(
        update(_HOLDING)
        .where(_HOLDING.c.id == holding_id, _HOLDING.c.quantity_thousandths + quantity >= 0)
        .values(
            quantity_thousandths=_HOLDING.c.quantity_thousandths + quantity,
            value_fen=_HOLDING.c.value_fen + value_fen,
        )
    )
    if done.rowcount != 1:
        raise Invalid({"items": _l("库存刚被别人动用，不够发了，请刷新后重试。")})
    for known in session.identity_map.values():
        if isinstance(known, LotHolding) and known.id == holding_id:
            session.expire(known)
