"""Mistakes of the demonstration and how they are put right: reversed by an entry of their own, with a reason."""

from sqlalchemy import select

from portal.demo import purposes
from portal.demo.stage import Stage
from portal.donors.models import DonorKind
from portal.giving.models import Donation
from portal.ledger.balances import available_fen
from portal.ledger.models import Entry
from portal.periods import Month
from portal.reversals import service
from portal.reversals.models import ReversalRequest
from portal.spending.models import Disbursement
from portal.staff.documents import DocumentState


def reverse_gift(stage: Stage, month: Month) -> None:
    """Have a person's gift of a month reversed, if its fund still holds the money."""
    gift = _pick(stage, month)
    if gift is not None and available_fen(stage.session, gift.fund_id) >= gift.amount_fen:
        _approve(stage, request(stage, gift.entry_id))


def reverse_payout(stage: Stage, month: Month) -> None:
    """Have a payout of a month reversed: the bank sent it back."""
    payout = stage.session.scalars(
        select(Disbursement)
        .where(
            Disbursement.state == DocumentState.POSTED,
            Disbursement.paid_on.between(month.first, month.last),
        )
        .order_by(Disbursement.id)
        .limit(1)
    ).first()
    if payout is not None:
        _approve(stage, request(stage, payout.entry_id, purposes.PAYOUT_REVERSAL_REASON))


def request_for_gift(stage: Stage, month: Month) -> None:
    """Leave a request to reverse a person's gift of a month waiting for review."""
    gift = _pick(stage, month)
    if gift is not None:
        request(stage, gift.entry_id)


def request(stage: Stage, entry_id: int | None, reason: str = "") -> ReversalRequest:
    """Ask for an entry to be reversed, with a reason drawn when none is given."""
    entry = stage.session.get_one(Entry, entry_id)
    words = reason or stage.random.choice(purposes.REVERSAL_REASONS)
    return service.request(entry.entry_no, words, stage.clerk, stage.key())


def _approve(stage: Stage, wanted: ReversalRequest) -> None:
    service.approve(wanted.id, stage.reviewer, wanted.version)


def _pick(stage: Stage, month: Month) -> Donation | None:
    gifts = stage.session.scalars(
        select(Donation)
        .where(
            Donation.state == DocumentState.POSTED,
            Donation.donor_kind == DonorKind.PERSON,
            Donation.received_on.between(month.first, month.last),
        )
        .order_by(Donation.id)
        .limit(50)
    ).all()
    return stage.random.choice(gifts) if gifts else None
