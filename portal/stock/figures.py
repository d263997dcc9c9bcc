"""What is in stock, per thing, unit and place; and the way of each lot from donor to recipient (E30)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from portal.ledger.models import Entry
from portal.registry.models import Fund, Station
from portal.staff.scope import Scope
from portal.stock.models import COMING, LotHolding, MovementKind, StockItem, StockLot, StockMovement


@dataclass(frozen=True)
class Stock:
    """So much of a thing of a fund at a place; value in fen of what has one."""

    item: StockItem
    fund: Fund
    station: Station | None
    quantity_thousandths: int
    value_fen: int


@dataclass(frozen=True)
class Step:
    """One step on a lot's way. ``entry_no`` leads to the entry that tells more, where there is one."""

    kind: MovementKind
    day: date
    quantity_thousandths: int
    entry_no: str | None


@dataclass(frozen=True)
class Way:
    """A lot's way: what came in, what became of it, and what is left."""

    lot: StockLot
    steps: Sequence[Step]
    stock_thousandths: int

    @property
    def adds_up(self) -> bool:
        """Whether in = out + disposed + stock (E30); what does not add up is not shown to the public."""
        balance = sum(
            step.quantity_thousandths * (1 if step.kind in COMING else -1)
            for step in self.steps
            if step.kind is not MovementKind.TRANSFERRED
        )
        return balance == self.stock_thousandths


def in_stock(
    session: Session, scope: Scope, *, fund_id: int | None = None, station_id: int | None = None
) -> list[Stock]:
    """Everything in stock within a person's reach, by thing, fund and place."""
    quantity, value = func.sum(LotHolding.quantity_thousandths), func.sum(LotHolding.value_fen)
    query = (
        select(StockItem, Fund, Station, quantity, value)
        .select_from(LotHolding)
        .join(StockLot, StockLot.id == LotHolding.lot_id)
        .join(StockItem, StockItem.id == StockLot.item_id)
        .join(Fund, Fund.id == StockLot.fund_id)
        .outerjoin(Station, Station.id == LotHolding.station_id)
        .group_by(StockItem.id, Fund.id, Station.id)
        .having(quantity > 0)
        .order_by(StockItem.item, StockItem.specification, StockItem.unit, Fund.code, Station.code)
    )
    if scope.organisation_id is not None:
        query = query.where(StockLot.organisation_id == scope.organisation_id)
    if scope.station_id is not None:
        query = query.where(LotHolding.station_id == scope.station_id)
    if fund_id is not None:
        query = query.where(StockLot.fund_id == fund_id)
    if station_id is not None:
        query = query.where(LotHolding.station_id == station_id)
    return [
        Stock(item, fund, station, int(amount), int(worth))
        for item, fund, station, amount, worth in session.execute(query)
    ]


def items_at(session: Session, scope: Scope) -> Sequence[Row[StockItem, int]]:
    """The things a person may choose from, with how much there is of each."""
    quantity = func.sum(LotHolding.quantity_thousandths)
    query = (
        select(StockItem, quantity)
        .join(StockLot, StockLot.item_id == StockItem.id)
        .join(LotHolding, LotHolding.lot_id == StockLot.id)
        .group_by(StockItem.id)
        .having(quantity > 0)
        .order_by(StockItem.item, StockItem.specification, StockItem.unit)
    )
    if scope.organisation_id is not None:
        query = query.where(StockLot.organisation_id == scope.organisation_id)
    if scope.station_id is not None:
        query = query.where(LotHolding.station_id == scope.station_id)
    return session.execute(query).all()


def ways_of_gift(session: Session, entry_id: int) -> list[Way]:
    """The ways of the lots that came with an entry."""
    lots = session.scalars(select(StockLot).where(StockLot.entry_id == entry_id).order_by(StockLot.id)).all()
    return _ways(session, lots)


def ways_through(session: Session, entry_id: int) -> list[Way]:
    """The ways of the lots that an issue, a write-off or a sale drew from."""
    drawn = select(StockMovement.lot_id).where(StockMovement.entry_id == entry_id)
    lots = session.scalars(
        select(StockLot).where(StockLot.id.in_(drawn), StockLot.entry_id != entry_id).order_by(StockLot.id)
    ).all()
    return _ways(session, lots)


def all_ways(session: Session) -> list[Way]:
    """The ways of all lots, to look for one that does not add up."""
    return _ways(session, session.scalars(select(StockLot).order_by(StockLot.id)).all())


def book_value(session: Session, fund_id: int, wanted: Iterable[tuple[int, int]]) -> int:
    """About what goods of a fund are worth in the books, before it is known from which lots they will come."""
    total = 0
    for item_id, quantity in wanted:
        row = session.execute(
            select(func.sum(LotHolding.quantity_thousandths), func.sum(LotHolding.value_fen))
            .join(StockLot, StockLot.id == LotHolding.lot_id)
            .where(StockLot.fund_id == fund_id, StockLot.item_id == item_id)
        ).one()
        if row[0]:
            total += int(row[1]) * quantity // int(row[0])
    return total


def _ways(session: Session, lots: Sequence[StockLot]) -> list[Way]:
    ids = [lot.id for lot in lots]
    steps: dict[int, list[Step]] = {id_: [] for id_ in ids}
    query = (
        select(StockMovement, Entry.entry_no)
        .outerjoin(Entry, Entry.id == StockMovement.entry_id)
        .where(StockMovement.lot_id.in_(ids))
        .order_by(StockMovement.id)
    )
    for move, entry_no in session.execute(query):
        steps[move.lot_id].append(Step(move.kind, move.moved_on, move.quantity_thousandths, entry_no))
    left = dict(
        session.execute(
            select(LotHolding.lot_id, func.sum(LotHolding.quantity_thousandths))
            .where(LotHolding.lot_id.in_(ids))
            .group_by(LotHolding.lot_id)
        ).all()
    )
    return [Way(lot, steps[lot.id], int(left.get(lot.id, 0))) for lot in lots]
