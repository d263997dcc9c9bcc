"""Pledges at the desk: note them, see what is still open, log the gift that fulfils a step."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.giving import pledges as service
from portal.giving.pledge_forms import PledgeForm
from portal.i18n import gettext as _
from portal.periods import today
from portal.refusals import Invalid
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.idempotency import submitted_key

pledges = Blueprint("pledges", __name__, url_prefix="/desk/pledges")


@pledges.get("")
def index() -> ResponseReturnValue:
    """All pledges within reach, with what is open."""
    session = db.session()
    rows = service.page(session, current_staff(), before=request.args.get("before", type=int))
    return render_template(
        "giving/pledges.html",
        rows=[(one, service.standing(session, one)) for one in rows],
        following=rows[-1].id if len(rows) == service.PAGE else None,
    )


@pledges.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Note a pledge."""
    form = PledgeForm()
    by = current_staff()
    if request.method == "GET":
        form.starts_on.data = today()
    form.offer(by.scope)
    if form.validate_on_submit():
        try:
            pledge = service.record(form.details(), by, submitted_key(form.idempotency_key.data))
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已登记认捐 %(no)s。认捐不是收入，收到款后再登记捐赠。", no=pledge.pledge_no), "success")
            return redirect(url_for(".show", pledge_no=pledge.pledge_no))
    return render_template("giving/pledge_new.html", form=form), 422 if request.method == "POST" else 200


@pledges.get("/<pledge_no>")
def show(pledge_no: str) -> ResponseReturnValue:
    """One pledge, its steps and the gifts that came."""
    session = db.session()
    pledge = service.find(session, pledge_no, current_staff())
    return render_template(
        "giving/pledge.html",
        pledge=pledge,
        standing=service.standing(session, pledge),
        gifts=service.gifts_of(session, pledge),
    )


@pledges.post("/<pledge_no>/cancel")
def cancel(pledge_no: str) -> ResponseReturnValue:
    """Expect no more of a pledge."""
    service.cancel(pledge_no, current_staff())
    flash(_("已取消认捐，已经收到的捐赠不受影响。"), "success")
    return redirect(url_for(".show", pledge_no=pledge_no))
