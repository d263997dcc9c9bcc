"""Goods given out: what they are worth, where they are taken from, and the entry they become."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.giving.details import Placement
from portal.ledger import posting
from portal.ledger.entries import Dimensions, Document, NewEntry
from portal.ledger.in_kind import goods_given
from portal.ledger.models import Form
from portal.spending.details import DisbursementDetails, GoodsLine
from portal.spending.models import Disbursement, DisbursementItem
from portal.stock.figures import book_value
from portal.stock.holdings import Part, Place
from portal.stock.models import MovementKind
from portal.stock.moving import Cause, draw, note


def rows_of(lines: Sequence[GoodsLine]) -> list[DisbursementItem]:
    """The lines as rows of a payout."""
    return [DisbursementItem(line_no=number, **vars(one)) for number, one in enumerate(lines, start=1)]


def worth_of(session: Session, details: DisbursementDetails, place: Placement) -> int:
    """What a payout comes to in fen; goods about what they stand at in the books, until it is known which are taken."""
    if details.form is Form.MONEY:
        return details.amount_fen
    wanted = [(one.item_id, one.quantity_thousandths) for one in details.goods]
    return book_value(session, place.fund.id, wanted)


def draw_goods(session: Session, disbursement: Disbursement) -> list[Part]:
    """Take the goods of a payout out of stock, and set its amount to what they stood at in the books.

    Raises:
        Invalid: there is not so much in stock.
    """
    if disbursement.form is not Form.GOODS:
        return []
    posting.lock(session)
    wanted = [(one.thing, one.quantity_thousandths) for one in disbursement.items]
    parts = draw(session, Place(disbursement.fund_id, disbursement.station_id), wanted)
    disbursement.amount_fen = sum(part.value_fen for part in parts)
    return parts


def note_goods(session: Session, disbursement: Disbursement, parts: Sequence[Part], entry_id: int) -> None:
    """Write the moves of a payout's goods down."""
    if not parts:
        return
    assert disbursement.paid_on is not None  # noqa: S101 - they are handed out on some day
    cause = Cause(MovementKind.ISSUED, disbursement.paid_on, entry_id)
    note(session, parts, cause, disbursement.station_id)


def goods_entry(
    disbursement: Disbursement, cost_account: str, sealed: tuple[tuple[str, str], ...]
) -> NewEntry:
    """The ledger entry of goods given out."""
    assert disbursement.paid_on is not None  # noqa: S101 - they are handed out on some day
    station = disbursement.station
    return goods_given(
        amount_fen=disbursement.amount_fen,
        cost_account=cost_account,
        occurred_on=disbursement.paid_on,
        dimensions=Dimensions(
            organisation_id=disbursement.organisation_id,
            fund_id=disbursement.fund_id,
            station_id=disbursement.station_id,
            street_id=station.street_id if station else disbursement.fund.street_id,
            project_id=disbursement.project_id,
            campaign_id=disbursement.campaign_id,
        ),
        document=Document(f"disbursement:{disbursement.id}", disbursement.disbursement_no, sealed),
        late_reason=disbursement.late_reason,
    )
