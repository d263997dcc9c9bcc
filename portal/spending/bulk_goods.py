"""Goods given out by an approved list: the same entries, seals and moves as for a single payout."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from portal.giving.details import Placement
from portal.ledger.models import Channel, Form
from portal.periods import now
from portal.refusals import Invalid, Sentence
from portal.spending import paying, service
from portal.spending.models import Disbursement, DisbursementItem, DisbursementKind, DisbursementState
from portal.spending.restricting import check_purpose, purpose_for


@dataclass(frozen=True)
class GoodsPayout:
    """What one recipient got: things by id, and thousandths."""

    recipient: str
    purpose: str
    lines: Sequence[tuple[int, int]]


class Batch(Protocol):
    """What a list says of all its lines."""

    id: int
    dated: date | None
    late_reason: str

    @property
    def maker_id(self) -> int:
        """Who brought it in."""


def post_payouts(session: Session, batch: Batch, place: Placement, payouts: Sequence[GoodsPayout]) -> None:
    """Give out and post everything on a list inside the caller's transaction.

    Raises:
        Invalid: there is not so much in stock, or the fund allows several purposes and a list does not tell which.
    """
    for number, payout in enumerate(payouts, start=1):
        disbursement = _disbursement(batch, place, payout, service.next_number(session), number)
        session.add(disbursement)
        session.flush()
        paying.post(session, disbursement)


def _disbursement(
    batch: Batch, place: Placement, payout: GoodsPayout, disbursement_no: str, number: int
) -> Disbursement:
    assert batch.dated is not None  # noqa: S101 - a list of goods has its day from the beginning
    made_at = now()
    purpose, errors = purpose_for(place.fund, place.project, None), dict[str, Sentence]()
    check_purpose(DisbursementKind.GOODS, place.fund, place.project, purpose, errors)
    if errors:
        raise Invalid(errors)
    return Disbursement(
        disbursement_no=disbursement_no,
        organisation_id=place.organisation.id,
        fund_id=place.fund.id,
        fund=place.fund,
        station_id=place.station.id if place.station else None,
        station=place.station,
        campaign_id=place.campaign.id if place.campaign else None,
        kind=DisbursementKind.GOODS,
        form=Form.GOODS,
        recipient=payout.recipient,
        purpose=payout.purpose,
        purpose_kind=purpose,
        amount_fen=0,
        paid_on=batch.dated,
        channel=Channel.IN_KIND,
        late_reason=batch.late_reason,
        reserved_fen=0,
        idempotency_key=f"import:{batch.id}:{number}",
        content_hash=f"import:{batch.id}:{number}",
        items=[
            DisbursementItem(line_no=line_no, item_id=item_id, quantity_thousandths=quantity)
            for line_no, (item_id, quantity) in enumerate(payout.lines, start=1)
        ],
        state=DisbursementState.DRAFT,
        maker_id=batch.maker_id,
        made_at=made_at,
        submitted_at=made_at,
    )
