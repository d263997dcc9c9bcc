"""Goods that were given go into stock, line by line, when the gift stands in the ledger."""

from sqlalchemy.orm import Session

from portal.giving.models import Donation
from portal.ledger.models import Form
from portal.stock.holdings import Place
from portal.stock.models import MovementKind
from portal.stock.moving import Cause, Incoming, receive


def store(session: Session, donation: Donation, entry_no: str) -> None:
    """Lay down what a gift brought, where it came in. Goods passed through to a named beneficiary are not ours."""
    if donation.form is not Form.GOODS or donation.agency:
        return
    receive(
        session,
        donation.organisation_id,
        Place(donation.fund_id, donation.station_id),
        [
            Incoming(
                f"{entry_no}-{one.line_no}",
                one.item,
                one.specification,
                one.unit,
                one.quantity_thousandths,
                one.value_fen,
                one.expires_on,
            )
            for one in donation.items
        ],
        Cause(MovementKind.RECEIVED, donation.received_on, donation.entry_id),
    )
