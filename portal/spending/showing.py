"""The page of one payout: what it says, what happened to it, and the next step for whoever may take it."""

from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from portal.db import db
from portal.giving.restrictions import unspent_restrictions
from portal.ledger.models import Form
from portal.spending import arriving, service
from portal.spending.forms import ArrivalForm, HandingOutForm, PaymentForm
from portal.spending.kinds import RECIPIENTS
from portal.spending.models import Disbursement, DisbursementState
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.review_forms import ReviewForm


@dataclass
class Forms:
    """The forms on the page; one that was refused is shown again with its messages."""

    review: ReviewForm | None = None
    payment: FlaskForm | None = None
    arrival: ArrivalForm | None = None


def payment_form(disbursement: Disbursement) -> PaymentForm | HandingOutForm:
    """The form of the step after approval."""
    return HandingOutForm() if disbursement.form is Form.GOODS else PaymentForm(disbursement)


def render_payout(disbursement_id: int, forms: Forms | None = None) -> str:
    """The page, with the forms as they were sent where they were refused."""
    session, by, sent = db.session(), current_staff(), forms or Forms()
    disbursement = service.find(session, disbursement_id, by)
    return render_template(
        "spending/show.html",
        disbursement=disbursement,
        recipient_label=RECIPIENTS[disbursement.kind][0],
        form=sent.review or ReviewForm(),
        restrictions=unspent_restrictions(session, disbursement.fund_id),
        payment_form=sent.payment or payment_form(disbursement),
        **_arrivals(session, disbursement, sent.arrival),
        may_approve=by.id not in {*disbursement.makers, disbursement.approver_id},
        events=audit.of_subject(session, service.SUBJECT, disbursement.id),
        decisions=review.decisions_on(session, service.SUBJECT, disbursement.id),
    )


def _arrivals(session: Session, disbursement: Disbursement, sent: ArrivalForm | None) -> dict[str, Any]:
    delivery = disbursement.delivery
    if disbursement.state is not DisbursementState.POSTED or delivery is None:
        return {"delivery": None}
    form = sent or ArrivalForm(
        data={
            "amount": delivery.amount_fen - delivery.arrived_fen,
            "people": None if delivery.arrivals else disbursement.beneficiary_count,
        }
    )
    reported = arriving.reported(session, disbursement.id)
    return {
        "delivery": delivery,
        "arrivals": reported,
        "taken_back": {one.arrival.takes_back_id for one in reported},
        "arrival_form": form,
        "lacks_evidence": arriving.lacks_evidence(session, disbursement),
    }
