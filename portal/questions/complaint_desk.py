"""Complaints at the desk of the civil affairs bureau."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.periods import today
from portal.questions import complaints
from portal.questions.clock import clock_of
from portal.questions.forms import OutcomeForm
from portal.questions.subjects import place_of
from portal.refusals import Invalid
from portal.staff import audit
from portal.staff.access import current_staff
from portal.staff.forms import show_errors

complaints_desk = Blueprint("complaints_desk", __name__, url_prefix="/desk/complaints")


@complaints_desk.get("")
def index() -> ResponseReturnValue:
    """Complaints within reach, those that wait first."""
    rows = complaints.desk_page(db.session(), current_staff())
    return render_template(
        "questions/desk_complaints.html",
        rows=[(one, None if one.outcome else clock_of(one.due_on, today())) for one in rows],
    )


@complaints_desk.get("/<int:complaint_id>")
def show(complaint_id: int) -> ResponseReturnValue:
    """One complaint with its words."""
    return _show(complaint_id, OutcomeForm())


@complaints_desk.post("/<int:complaint_id>/decide")
def decide(complaint_id: int) -> ResponseReturnValue:
    """Say what the bureau found."""
    form = OutcomeForm()
    try:
        if form.finding.data is None:
            raise Invalid({"finding": _("请选一个处理结果。")})
        complaints.decide(complaint_id, current_staff(), form.finding.data, form.words.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(complaint_id, form), 422
    flash(_("处理结果已公布。"), "success")
    return redirect(url_for(".show", complaint_id=complaint_id))


def _show(complaint_id: int, form: OutcomeForm) -> str:
    session = db.session()
    found = complaints.find(session, complaint_id, current_staff())
    return render_template(
        "questions/desk_complaint.html",
        complaint=found,
        clock=None if found.outcome else clock_of(found.due_on, today()),
        place=place_of(found.about_kind, found.about_no),
        form=form,
        events=audit.of_subject(session, complaints.SUBJECT, found.id),
    )
