"""What an approved document of the store does: to the goods, and to the books."""

from sqlalchemy.orm import Session

from portal.ledger import posting
from portal.ledger.entries import Dimensions, Document, NewEntry
from portal.ledger.in_kind import goods_sold, goods_written_off
from portal.stock.holdings import Place, put
from portal.stock.models import MovementKind, StockDocument, StockDocumentKind, StockItem
from portal.stock.moving import Cause, Incoming, draw, note, receive
from portal.translog.canonical import new_salt, seal


def carry_out(session: Session, document: StockDocument) -> None:
    """Move the goods of a document and post what it changes in the books, inside the caller's transaction.

    Raises:
        Invalid: there is not so much in stock.
    """
    place = Place(document.fund_id, document.station_id)
    if document.kind is StockDocumentKind.TRANSFER:
        _transfer(session, document, place)
    elif document.kind is StockDocumentKind.COUNT:
        _count(session, document, place)
    else:
        wanted = [(line.item, line.quantity_thousandths) for line in document.lines]
        kind = MovementKind.SOLD if document.kind is StockDocumentKind.SALE else MovementKind.WRITTEN_OFF
        _dispose(session, document, place, wanted, kind)


def _transfer(session: Session, document: StockDocument, place: Place) -> None:
    wanted = [(line.item, line.quantity_thousandths) for line in document.lines]
    cause = Cause(MovementKind.TRANSFERRED, document.happened_on, document_id=document.id)
    parts = draw(session, place, wanted)
    for part in parts:
        put(session, document.to_station_id, part)
    note(session, parts, cause, document.station_id, document.to_station_id)


def _count(session: Session, document: StockDocument, place: Place) -> None:
    """Bring the books in line with what was found: the difference when it was counted, whatever moved since."""
    missing = [
        (line.item, line.held_thousandths - line.quantity_thousandths)
        for line in document.lines
        if line.quantity_thousandths < line.held_thousandths
    ]
    if missing:
        _dispose(session, document, place, missing, MovementKind.MISSED)
    receive(
        session,
        document.organisation_id,
        place,
        [
            Incoming(
                f"{document.document_no}-{line.line_no}",
                line.item.item,
                line.item.specification,
                line.item.unit,
                line.quantity_thousandths - line.held_thousandths,
            )
            for line in document.lines
            if line.quantity_thousandths > line.held_thousandths
        ],
        Cause(MovementKind.FOUND, document.happened_on, document_id=document.id),
    )


def _dispose(
    session: Session,
    document: StockDocument,
    place: Place,
    wanted: list[tuple[StockItem, int]],
    kind: MovementKind,
) -> None:
    # The value is known once the lots are; the moves are written down when the entry has its number.
    parts = draw(session, place, wanted)
    document.salt = new_salt()
    posted = posting.post(session, _entry(document, sum(part.value_fen for part in parts)))
    document.entry_id = posted.id
    cause = Cause(kind, document.happened_on, posted.id, document.id)
    note(session, parts, cause, place.station_id)


def _entry(document: StockDocument, book_fen: int) -> NewEntry:
    station = document.station
    salt = document.salt
    paper = Document(
        f"stock:{document.id}",
        document.document_no,
        (("goods", seal(salt, document.goods_part)),) if salt else (),
    )
    where = Dimensions(
        organisation_id=document.organisation_id,
        fund_id=document.fund_id,
        station_id=document.station_id,
        street_id=station.street_id if station else document.fund.street_id,
    )
    # A document of a day in closed books says why in its public reason.
    late_reason = document.reason
    if document.kind is StockDocumentKind.SALE:
        return goods_sold(
            book_fen=book_fen,
            proceeds_fen=document.proceeds_fen,
            channel=document.channel,
            occurred_on=document.happened_on,
            dimensions=where,
            document=paper,
            late_reason=late_reason,
        )
    return goods_written_off(
        amount_fen=book_fen,
        occurred_on=document.happened_on,
        dimensions=where,
        document=paper,
        late_reason=late_reason,
    )
