"""Staff request payouts, and another person reviews them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.models import Form
from portal.money import format_yuan
from portal.periods import today
from portal.refusals import Conflict, Invalid
from portal.spending import listing, service
from portal.spending.forms import DisbursementForm
from portal.spending.models import Disbursement
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.documents import DocumentState
from portal.staff.forms import show_errors
from portal.staff.idempotency import submitted_key
from portal.staff.review_forms import ReviewForm, shown_version

spending = Blueprint("spending", __name__, url_prefix="/desk/disbursements")


@spending.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Request a payout."""
    form, by = DisbursementForm(), current_staff()
    if request.method == "GET":
        form.paid_on.data = today()
    form.offer(by.scope)
    if form.validate_on_submit():
        try:
            requested = service.request(form.details(), by, submitted_key(form.idempotency_key.data))
        except Invalid as problem:
            show_errors(form, problem)
        else:
            message = _("已申请 %(no)s，%(amount)s 元，等待另一位同事复核。款项已在基金里预留。")
            flash(
                message % {"no": requested.disbursement_no, "amount": format_yuan(requested.amount_fen)},
                "success",
            )
            return redirect(url_for(".show", disbursement_id=requested.id))
    return render_template("spending/new.html", form=form), 422 if request.method == "POST" else 200


@spending.get("")
def disbursements() -> ResponseReturnValue:
    """All payouts within reach."""
    wanted = request.args.get("state", "")
    state = DocumentState(wanted) if wanted in set(DocumentState) else None
    rows = listing.page(
        db.session(), current_staff(), state=state, before=request.args.get("before", type=int)
    )
    return render_template(
        "spending/index.html",
        disbursements=rows,
        state=state,
        state_choices=[(one.value, label(one)) for one in DocumentState],
        following=rows[-1].id if len(rows) == listing.PAGE else None,
    )


@spending.get("/<int:disbursement_id>")
def show(disbursement_id: int) -> ResponseReturnValue:
    """One payout, with what happened to it."""
    return _show(disbursement_id, ReviewForm())


@spending.route("/<int:disbursement_id>/edit", methods=["GET", "POST"])
def edit(disbursement_id: int) -> ResponseReturnValue:
    """Mend a payout that is not under review."""
    by = current_staff()
    disbursement = service.find(db.session(), disbursement_id, by)
    disbursement.require_state(DocumentState.DRAFT, DocumentState.RETURNED)
    if disbursement.form is Form.GOODS:
        raise Conflict(_l("物资发放单不能修改，请撤回后重新填一张。"))
    form = DisbursementForm(data=_as_form(disbursement))
    form.offer(by.scope)
    if form.validate_on_submit():
        try:
            service.mend(disbursement_id, form.details(), by, shown_version())
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已修改并重新提交复核。"), "success")
            return redirect(url_for(".show", disbursement_id=disbursement_id))
    status = 422 if request.method == "POST" else 200
    return render_template("spending/edit.html", form=form, disbursement=disbursement), status


@spending.post("/<int:disbursement_id>/submit")
def submit(disbursement_id: int) -> ResponseReturnValue:
    """Hand a payout to review."""
    service.submit(disbursement_id, current_staff(), shown_version())
    flash(_("已提交复核。"), "success")
    return redirect(url_for(".show", disbursement_id=disbursement_id))


@spending.post("/<int:disbursement_id>/withdraw")
def withdraw(disbursement_id: int) -> ResponseReturnValue:
    """Take a payout back before it is in the ledger."""
    service.withdraw(disbursement_id, current_staff(), shown_version())
    flash(_("已撤回，这笔不会入账，记录仍然保留。"), "success")
    return redirect(url_for(".show", disbursement_id=disbursement_id))


@spending.post("/<int:disbursement_id>/approve")
def approve(disbursement_id: int) -> ResponseReturnValue:
    """Approve a payout as shown: it stands in the public ledger at once."""
    approved = service.approve(disbursement_id, current_staff(), shown_version())
    flash(_("已复核入账：%(no)s。", no=approved.disbursement_no), "success")
    return redirect(url_for("site_desk.queue"))


@spending.post("/<int:disbursement_id>/return")
def return_(disbursement_id: int) -> ResponseReturnValue:
    """Send a payout back with a reason."""
    form = ReviewForm()
    try:
        service.return_to_maker(disbursement_id, current_staff(), shown_version(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(disbursement_id, form), 422
    flash(_("已退回申请人。"), "success")
    return redirect(url_for("site_desk.queue"))


def _show(disbursement_id: int, form: ReviewForm) -> str:
    session = db.session()
    disbursement = service.find(session, disbursement_id, current_staff())
    return render_template(
        "spending/show.html",
        disbursement=disbursement,
        form=form,
        events=audit.of_subject(session, service.SUBJECT, disbursement.id),
        decisions=review.decisions_on(session, service.SUBJECT, disbursement.id),
    )


def _as_form(disbursement: Disbursement) -> dict[str, object]:
    copied = (
        "purpose",
        "recipient",
        "beneficiary_count",
        "paid_on",
        "channel",
        "cost_kind",
        "payment_ref",
        "remark",
        "late_reason",
        "version",
    )
    return {
        **{name: getattr(disbursement, name) for name in copied},
        "amount": disbursement.amount_fen,
        "organisation": disbursement.organisation.uscc,
        "fund": disbursement.fund.code,
        "project": disbursement.project.code if disbursement.project else None,
        "campaign": disbursement.campaign.code if disbursement.campaign else None,
    }
