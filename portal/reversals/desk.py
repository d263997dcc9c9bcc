"""Staff ask for a reversal (红冲), and another person decides."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from portal.db import db
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.ledger.models import Entry
from portal.refusals import Conflict, Invalid
from portal.registry import lookups
from portal.registry.fields import PickField
from portal.reversals import listing, service
from portal.reversals.covering import covers, shortfall_of
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.idempotency import submitted_key
from portal.staff.review_forms import ReviewForm, shown_version

reversals = Blueprint("reversals", __name__, url_prefix="/desk/reversals")


class ReversalForm(FlaskForm):
    """Why an entry is to be reversed."""

    reason = TextAreaField(
        _l("红冲原因"),
        description=_l("例如“金额录错，应为 1,000.00 元，已另行登记”。公众会看到，不要写姓名和电话。"),
    )
    cover_fund = PickField(
        _l("由哪个基金补足"),
        empty=_l("不用补足"),
        description=_l("只有这笔捐赠已经用掉、原基金的钱不够退时才选；补足的一笔也会公开。"),
    )
    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)


@reversals.get("")
def index() -> ResponseReturnValue:
    """All requests within reach."""
    rows = listing.page(db.session(), current_staff(), before=request.args.get("before", type=int))
    following = rows[-1].id if len(rows) == listing.PAGE else None
    return render_template("reversals/index.html", requests=rows, following=following)


@reversals.get("/find")
def find() -> ResponseReturnValue:
    """From an entry's number to the request form."""
    entry_no = request.args.get("entry_no", "").strip().upper()
    return redirect(url_for(".new", entry_no=entry_no) if entry_no else url_for(".index"))


@reversals.route("/new/<entry_no>", methods=["GET", "POST"])
def new(entry_no: str) -> ResponseReturnValue:
    """Ask for an entry to be reversed."""
    form, by = ReversalForm(), current_staff()
    entry = service.find_entry(db.session(), entry_no, by)
    form.cover_fund.offer(lookups.choices(covers(db.session(), entry)))
    if form.validate_on_submit():
        key = submitted_key(form.idempotency_key.data)
        try:
            cover = form.cover_fund.data or ""
            wanted = service.request(entry_no, form.reason.data or "", by, key, cover_fund=cover)
        except Invalid as problem:
            show_errors(form, problem)
        except Conflict as problem:
            form.reason.errors = [problem.message]
        else:
            flash(_("已提交红冲申请，等待另一位同事复核。"), "success")
            return redirect(url_for(".show", request_id=wanted.id))
    return _show_form(form, entry), 422 if request.method == "POST" else 200


@reversals.get("/<int:request_id>")
def show(request_id: int) -> ResponseReturnValue:
    """One request, with what happened to it."""
    return _show(request_id, ReviewForm())


@reversals.post("/<int:request_id>/withdraw")
def withdraw(request_id: int) -> ResponseReturnValue:
    """Take a request back."""
    service.withdraw(request_id, current_staff(), shown_version())
    flash(_("已撤回红冲申请。"), "success")
    return redirect(url_for(".show", request_id=request_id))


@reversals.post("/<int:request_id>/approve")
def approve(request_id: int) -> ResponseReturnValue:
    """Approve a reversal: the mirror entry stands in the ledger at once."""
    try:
        approved = service.approve(request_id, current_staff(), shown_version())
    except Invalid as problem:
        flash(problem.message, "error")
        return redirect(url_for(".show", request_id=request_id))
    flash(_("已红冲：%(no)s。两笔都会公开。", no=approved.subject_entry.entry_no), "success")
    return redirect(url_for("site_desk.queue"))


@reversals.post("/<int:request_id>/return")
def return_(request_id: int) -> ResponseReturnValue:
    """Refuse a reversal with a reason."""
    form = ReviewForm()
    try:
        service.return_to_maker(request_id, current_staff(), shown_version(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(request_id, form), 422
    flash(_("已退回申请人。"), "success")
    return redirect(url_for("site_desk.queue"))


def _show_form(form: ReversalForm, entry: Entry) -> str:
    missing = shortfall_of(db.session(), entry)
    return render_template("reversals/new.html", form=form, entry=entry, missing_fen=missing)


def _show(request_id: int, form: ReviewForm) -> str:
    session = db.session()
    wanted = service.find(session, request_id, current_staff())
    return render_template(
        "reversals/show.html",
        wanted=wanted,
        missing_fen=0 if wanted.entry_id else shortfall_of(session, wanted.subject_entry),
        form=form,
        events=audit.of_subject(session, service.SUBJECT, wanted.id),
        decisions=review.decisions_on(session, service.SUBJECT, wanted.id),
    )
