"""Paying what was approved, or handing goods out: from this moment it stands in the public ledger."""

from sqlalchemy.orm import Session

from portal.db import writing
from portal.i18n import lazy_gettext as _l
from portal.ledger import arrivals, posting
from portal.refusals import Conflict
from portal.spending import commitments
from portal.spending.details import PaymentDetails, check_payment
from portal.spending.goods import draw_goods, note_goods
from portal.spending.kinds import RULES
from portal.spending.models import Disbursement
from portal.spending.models import DisbursementState as State
from portal.spending.restricting import require_allowed
from portal.spending.service import entry_of, find, note, set_payment
from portal.staff.models import StaffMember
from portal.translog.canonical import new_salt


def pay(disbursement_id: int, payment: PaymentDetails, by: StaffMember, version: int) -> Disbursement:
    """Say that an approved payout was paid, and post it; said again in the same words, it answers as before.

    Raises:
        Conflict: it is not approved, was changed, or was paid in another way already.
        Invalid: a field breaks a rule, or there is not so much in stock.
    """
    with writing() as session:
        disbursement = find(session, disbursement_id, by, lock=True)
        if disbursement.state is State.POSTED:
            if payment != payment_of(disbursement):
                raise Conflict(_l("这笔支出已经登记过付款，内容与这次填写的不同。"))
            return disbursement
        disbursement.require_state(State.APPROVED)
        disbursement.require_version(version)
        require_allowed(disbursement)
        check_payment(session, disbursement, payment)
        disbursement.payer_id = by.id
        set_payment(disbursement, payment)
        post(session, disbursement)
        note(session, disbursement, by, "paid")
        return disbursement


def post(session: Session, disbursement: Disbursement) -> None:
    """Post a payout whose payment is known; inside the caller's transaction."""
    disbursement.use_salt = new_salt()
    parts = draw_goods(session, disbursement)
    posted = posting.post(session, entry_of(disbursement))
    note_goods(session, disbursement, parts, posted.id)
    with session.no_autoflush:
        commitments.settle(session, disbursement, posted.id)
        disbursement.entry_id, disbursement.state = posted.id, State.POSTED
    session.flush()
    if RULES[disbursement.kind].arrives:
        arrivals.expect(session, posted.id)


def payment_of(disbursement: Disbursement) -> PaymentDetails | None:
    """What is known of the payment."""
    if disbursement.paid_on is None or disbursement.channel is None:
        return None
    return PaymentDetails(
        disbursement.paid_on, disbursement.channel, disbursement.payment_ref, disbursement.late_reason
    )
