"""The steps of a payout after it was submitted: review, payment or handing out, arrival."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.refusals import Invalid
from portal.spending import arriving, paying, reviewing, service
from portal.spending.desk import spending
from portal.spending.forms import ArrivalForm
from portal.spending.models import DisbursementState
from portal.spending.showing import Forms, payment_form, render_payout
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.idempotency import submitted_key
from portal.staff.review_forms import ReviewForm, shown_version

__all__ = ["spending"]


@spending.post("/<int:disbursement_id>/approve")
def approve(disbursement_id: int) -> ResponseReturnValue:
    """Approve a payout as shown."""
    approved = reviewing.approve(disbursement_id, current_staff(), shown_version())
    if approved.state is DisbursementState.SECOND_PENDING:
        message = _("已同意 %(no)s。金额超过限额，还要另一位复核员第二次复核。", no=approved.disbursement_no)
    else:
        message = _("已同意 %(no)s，等待经办人付款。", no=approved.disbursement_no)
    flash(message, "success")
    return redirect(url_for("site_desk.queue"))


@spending.post("/<int:disbursement_id>/return")
def return_(disbursement_id: int) -> ResponseReturnValue:
    """Send a payout back with a reason."""
    form = ReviewForm()
    try:
        reviewing.return_to_maker(disbursement_id, current_staff(), shown_version(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return render_payout(disbursement_id, Forms(review=form)), 422
    flash(_("已退回申请人。"), "success")
    return redirect(url_for("site_desk.queue"))


@spending.post("/<int:disbursement_id>/refuse")
def refuse(disbursement_id: int) -> ResponseReturnValue:
    """Refuse a payout for good, with a reason."""
    form = ReviewForm()
    try:
        reviewing.refuse(disbursement_id, current_staff(), shown_version(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return render_payout(disbursement_id, Forms(review=form)), 422
    flash(_("已记为不同意，预留的款项已经释放。"), "success")
    return redirect(url_for("site_desk.queue"))


@spending.post("/<int:disbursement_id>/pay")
def pay(disbursement_id: int) -> ResponseReturnValue:
    """Say how an approved payout was paid, or that goods were handed out: it stands in the public ledger at once."""
    by = current_staff()
    form = payment_form(service.find(db.session(), disbursement_id, by))
    if form.validate_on_submit():
        try:
            paid = paying.pay(disbursement_id, form.details(), by, shown_version())
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已入账：%(no)s。", no=paid.entry.entry_no if paid.entry else ""), "success")
            return redirect(url_for(".show", disbursement_id=disbursement_id))
    return render_payout(disbursement_id, Forms(payment=form)), 422


@spending.post("/<int:disbursement_id>/arrivals")
def report_arrival(disbursement_id: int) -> ResponseReturnValue:
    """Report that a part of a payout reached its final beneficiaries."""
    form = ArrivalForm()
    if form.validate_on_submit():
        try:
            arriving.report_arrival(
                disbursement_id, form.details(), current_staff(), submitted_key(form.idempotency_key.data)
            )
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已登记送达。"), "success")
            return redirect(url_for(".show", disbursement_id=disbursement_id))
    return render_payout(disbursement_id, Forms(arrival=form)), 422


@spending.post("/<int:disbursement_id>/arrivals/<int:arrival_id>/take-back")
def take_back_arrival(disbursement_id: int, arrival_id: int) -> ResponseReturnValue:
    """Take back an arrival that was reported by mistake."""
    form = ReviewForm()
    try:
        arriving.take_back_arrival(
            disbursement_id, arrival_id, form.reason.data or "", current_staff(), f"take-back:{arrival_id}"
        )
    except Invalid as problem:
        flash(str(problem), "error")
        return redirect(url_for(".show", disbursement_id=disbursement_id))
    flash(_("已撤回这次送达，记录仍然保留。"), "success")
    return redirect(url_for(".show", disbursement_id=disbursement_id))
