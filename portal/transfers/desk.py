"""Staff request transfers and changes of purpose, open notices, and answer objections; another person reviews."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal.db import db
from portal.giving.restrictions import unspent_restrictions
from portal.i18n import gettext as _
from portal.money import format_yuan
from portal.periods import today
from portal.refusals import Forbidden, Invalid, NotFound
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.idempotency import submitted_key
from portal.staff.review_forms import ReviewForm, shown_version
from portal.transfers import evidence, listing, noticing, service
from portal.transfers.forms import AnswerForm, ObjectionForm, PurposeChangeForm, TransferForm
from portal.transfers.models import PurposeObjection

__all__ = ["evidence", "transfers"]

transfers = Blueprint("transfers", __name__, url_prefix="/desk/transfers")


@transfers.get("")
def index() -> ResponseReturnValue:
    """All transfers within reach."""
    rows = listing.page(db.session(), current_staff(), before=request.args.get("before", type=int))
    following = rows[-1].id if len(rows) == listing.PAGE else None
    return render_template("transfers/index.html", transfers=rows, following=following)


@transfers.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Request a transfer."""
    form = TransferForm()
    if request.method == "GET":
        form.moved_on.data = today()
    return _request(form, "transfers/new.html")


@transfers.route("/purpose-changes/new", methods=["GET", "POST"])
def new_change() -> ResponseReturnValue:
    """Request a change of purpose."""
    return _request(PurposeChangeForm(), "transfers/new_change.html")


def _request(form: TransferForm | PurposeChangeForm, template: str) -> ResponseReturnValue:
    by = current_staff()
    form.offer(by)
    if form.validate_on_submit():
        try:
            made = service.request(form.details(), by, submitted_key(form.idempotency_key.data))
        except Invalid as problem:
            show_errors(form, problem)
        else:
            words = _("已申请 %(no)s，%(amount)s 元，等待另一位同事复核。款项已在转出的基金里预留。")
            flash(words % {"no": made.transfer_no, "amount": format_yuan(made.amount_fen)}, "success")
            return redirect(url_for(".show", transfer_id=made.id))
    return render_template(template, form=form), 422 if request.method == "POST" else 200


@transfers.get("/<int:transfer_id>")
def show(transfer_id: int) -> ResponseReturnValue:
    """One transfer, with what happened to it."""
    return _show(transfer_id)


@transfers.post("/<int:transfer_id>/withdraw")
def withdraw(transfer_id: int) -> ResponseReturnValue:
    """Take a transfer back before it is in the ledger."""
    service.withdraw(transfer_id, current_staff(), shown_version())
    flash(_("已撤回，预留的款项已经释放。"), "success")
    return redirect(url_for(".show", transfer_id=transfer_id))


@transfers.post("/<int:transfer_id>/approve")
def approve(transfer_id: int) -> ResponseReturnValue:
    """Approve a transfer as shown: it stands in the public ledger at once."""
    try:
        approved = service.approve(transfer_id, current_staff(), shown_version())
    except Invalid as problem:
        flash(str(problem.message), "error")
        return redirect(url_for(".show", transfer_id=transfer_id))
    if approved.entry_id is None:
        words = _("已同意 %(no)s。金额超过限额，还要另一位复核员第二次复核。", no=approved.transfer_no)
    else:
        words = _("已复核入账：%(no)s。", no=approved.transfer_no)
    flash(words, "success")
    return redirect(url_for("site_desk.queue"))


@transfers.post("/<int:transfer_id>/return")
def return_(transfer_id: int) -> ResponseReturnValue:
    """Refuse a transfer with a reason."""
    form = ReviewForm()
    try:
        service.return_to_maker(transfer_id, current_staff(), shown_version(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(transfer_id, form=form), 422
    flash(_("已退回申请人。"), "success")
    return redirect(url_for("site_desk.queue"))


@transfers.post("/<int:transfer_id>/notice")
def open_notice(transfer_id: int) -> ResponseReturnValue:
    """Open the public notice of a change."""
    try:
        noticing.open_notice(transfer_id, current_staff(), shown_version())
    except Forbidden as problem:
        flash(str(problem.message), "error")
    else:
        flash(_("已开始公示，公众可以看到全文。"), "success")
    return redirect(url_for(".show", transfer_id=transfer_id))


@transfers.post("/<int:transfer_id>/objections")
def object_to(transfer_id: int) -> ResponseReturnValue:
    """Write an objection down."""
    form, by = ObjectionForm(), current_staff()
    service.find(db.session(), transfer_id, by)
    if form.validate() and form.received_on.data is not None:
        try:
            noticing.object_to(
                transfer_id, form.received_on.data, form.from_whom.data or "", form.objection.data or "", by
            )
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已登记异议，答复以前不能复核通过。"), "success")
            return redirect(url_for(".show", transfer_id=transfer_id))
    return _show(transfer_id, objection_form=form), 422


@transfers.post("/objections/<int:objection_id>/answer")
def settle(objection_id: int) -> ResponseReturnValue:
    """Write down how an objection was answered."""
    objection = db.session.get(PurposeObjection, objection_id)
    if objection is None:
        raise NotFound(_("没有找到这条异议。"))
    service.find(db.session(), objection.transfer_id, current_staff())
    form = AnswerForm()
    try:
        noticing.settle(objection_id, form.answer.data or "", current_staff())
    except Invalid as problem:
        show_errors(form, problem)
        return _show(objection.transfer_id, answer_form=form), 422
    flash(_("已登记答复。"), "success")
    return redirect(url_for(".show", transfer_id=objection.transfer_id))


def _show(transfer_id: int, **forms: FlaskForm) -> str:
    session = db.session()
    transfer = service.find(session, transfer_id, current_staff())
    fresh: dict[str, FlaskForm] = {
        "form": ReviewForm(),
        "objection_form": ObjectionForm(formdata=None),
        "answer_form": AnswerForm(formdata=None),
    }
    return render_template(
        "transfers/show.html",
        transfer=transfer,
        restrictions=unspent_restrictions(session, transfer.from_fund_id),
        events=audit.of_subject(session, service.SUBJECT, transfer.id),
        decisions=review.decisions_on(session, service.SUBJECT, transfer.id),
        **{**fresh, **forms},
    )
