"""Staff enter the ways to give; another person compares them with the papers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.refusals import Invalid
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.idempotency import submitted_key
from portal.staff.review_forms import ReviewForm, shown_version
from portal.ways_to_give import service
from portal.ways_to_give.forms import WayForm

ways_to_give = Blueprint("ways_to_give", __name__, url_prefix="/desk/ways-to-give")


@ways_to_give.get("")
def index() -> ResponseReturnValue:
    """All ways to give within reach."""
    rows = service.page(db.session(), current_staff(), before=request.args.get("before", type=int))
    following = rows[-1].id if len(rows) == service.PAGE else None
    return render_template("ways_to_give/index.html", ways=rows, following=following)


@ways_to_give.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Enter a way to give."""
    form, by = WayForm(), current_staff()
    form.offer(db.session(), by.scope)
    if form.validate_on_submit():
        try:
            entered = service.enter(form.details(), by, submitted_key(form.idempotency_key.data))
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已登记，等另一位同事对照开户证明或平台页面核对。"), "success")
            return redirect(url_for(".show", way_id=entered.id))
    return render_template("ways_to_give/new.html", form=form), 422 if request.method == "POST" else 200


@ways_to_give.get("/<int:way_id>")
def show(way_id: int) -> ResponseReturnValue:
    """One way to give."""
    return _show(way_id, ReviewForm())


@ways_to_give.post("/<int:way_id>/withdraw")
def withdraw(way_id: int) -> ResponseReturnValue:
    """Take it back before anybody published it."""
    service.withdraw(way_id, current_staff(), shown_version())
    flash(_("已撤回，记录仍然保留。"), "success")
    return redirect(url_for(".show", way_id=way_id))


@ways_to_give.post("/<int:way_id>/approve")
def approve(way_id: int) -> ResponseReturnValue:
    """Publish it as shown."""
    service.approve(way_id, current_staff(), shown_version())
    flash(_("已公布在“怎样捐赠”页面。"), "success")
    return redirect(url_for("site_desk.queue"))


@ways_to_give.post("/<int:way_id>/return")
def return_(way_id: int) -> ResponseReturnValue:
    """Refuse what does not fit the papers."""
    form = ReviewForm()
    try:
        service.return_to_maker(way_id, current_staff(), shown_version(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(way_id, form), 422
    flash(_("已退回登记人。"), "success")
    return redirect(url_for("site_desk.queue"))


@ways_to_give.post("/<int:way_id>/end")
def end(way_id: int) -> ResponseReturnValue:
    """Stop showing it."""
    service.end(way_id, current_staff())
    flash(_("已从“怎样捐赠”页面撤下。"), "success")
    return redirect(url_for(".show", way_id=way_id))


def _show(way_id: int, form: ReviewForm) -> str:
    session = db.session()
    way = service.find(session, way_id, current_staff())
    return render_template(
        "ways_to_give/show.html",
        way=way,
        form=form,
        events=audit.of_subject(session, service.SUBJECT, way.id),
        decisions=review.decisions_on(session, service.SUBJECT, way.id),
    )
