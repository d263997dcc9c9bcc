"""Goods in motion: received with a gift, taken back, issued, put back. All inside the caller's transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.i18n import lazy_gettext as _l
from portal.periods import now
from portal.refusals import Conflict
from portal.stock.holdings import Part, Place, item_of, put, take
from portal.stock.models import LotHolding, MovementKind, StockItem, StockLot, StockMovement


@dataclass(frozen=True)
class Incoming:
    """One line that comes into stock. ``value_fen`` is None when nothing gives it a value."""

    lot_no: str
    item: str
    specification: str
    unit: str
    quantity_thousandths: int
    value_fen: int | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class Cause:
    """Why goods move: the day, and the entry or document that goes with it."""

    kind: MovementKind
    day: date
    entry_id: int | None = None
    document_id: int | None = None


def receive(
    session: Session, organisation_id: int, place: Place, lines: Iterable[Incoming], cause: Cause
) -> list[StockLot]:
    """Lay new lots down at a place."""
    lots = []
    for line in lines:
        lot = StockLot(
            lot_no=line.lot_no,
            organisation_id=organisation_id,
            fund_id=place.fund_id,
            item_id=item_of(session, line.item, line.specification, line.unit).id,
            entry_id=cause.entry_id,
            received_on=cause.day,
            expires_on=line.expires_on,
            received_thousandths=line.quantity_thousandths,
            value_fen=line.value_fen,
        )
        session.add(lot)
        session.flush()
        part = Part(lot.id, line.quantity_thousandths, line.value_fen or 0)
        put(session, place.station_id, part)
        note(session, [part], cause, place.station_id)
        lots.append(lot)
    return lots


def draw(session: Session, place: Place, wanted: Sequence[tuple[StockItem, int]]) -> list[Part]:
    """Take goods away from a place, line by line, all or none; ``note`` writes the moves down when it is known why.

    Raises:
        Invalid: a line asks for more than there is; the message stands under ``items-0-quantity`` and so on.
    """
    return [
        part
        for number, (item, quantity) in enumerate(wanted)
        for part in take(session, place, item, quantity, f"items-{number}-quantity")
    ]


def undo(session: Session, entry_id: int, reversal_id: int, day: date) -> None:
    """Undo what an entry did to the stock, because the entry is reversed.

    Raises:
        Conflict: goods of the gift have left the place where they came in.
    """
    moves = session.scalars(
        select(StockMovement).where(StockMovement.entry_id == entry_id).order_by(StockMovement.id)
    ).all()
    for move in moves:
        part = Part(move.lot_id, move.quantity_thousandths, move.value_fen)
        if move.kind is MovementKind.RECEIVED:
            _take_back(session, move, part)
            note(session, [part], Cause(MovementKind.TAKEN_BACK, day, reversal_id), move.station_id)
        elif move.kind is not MovementKind.TRANSFERRED:
            put(session, move.station_id, part)
            note(session, [part], Cause(MovementKind.PUT_BACK, day, reversal_id), move.station_id)


def note(
    session: Session,
    parts: Iterable[Part],
    cause: Cause,
    station_id: int | None,
    to_station_id: int | None = None,
) -> None:
    """Write moves down."""
    session.add_all(
        StockMovement(
            lot_id=part.lot_id,
            kind=cause.kind,
            station_id=station_id,
            to_station_id=to_station_id,
            quantity_thousandths=part.quantity_thousandths,
            value_fen=part.value_fen,
            moved_on=cause.day,
            entry_id=cause.entry_id,
            document_id=cause.document_id,
            made_at=now(),
        )
        for part in parts
    )
    session.flush()


def _take_back(session: Session, move: StockMovement, part: Part) -> None:
    where = (
        LotHolding.station_id == move.station_id
        if move.station_id is not None
        else LotHolding.station_id.is_(None)
    )
    holding = session.scalar(
        select(LotHolding)
        .where(LotHolding.lot_id == part.lot_id, where)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if holding is None or holding.quantity_thousandths < part.quantity_thousandths:
        raise Conflict(_l("这笔捐赠的物资已经发出、移走或报损，不能红冲。请先冲回那些记录。"))
    holding.quantity_thousandths -= part.quantity_thousandths
    holding.value_fen -= part.value_fen
    session.flush()
