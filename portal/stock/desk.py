"""The store at the desk: what is where, and documents that move it or put it right."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.periods import today
from portal.refusals import Invalid
from portal.registry.models import Station
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.idempotency import submitted_key
from portal.staff.review_forms import ReviewForm, shown_version
from portal.stock import figures, service
from portal.stock.forms import StockForm
from portal.stock.models import StockDocumentKind

stock = Blueprint("stock", __name__, url_prefix="/desk/stock")


@stock.get("")
def index() -> ResponseReturnValue:
    """What is in stock, by thing, fund and place."""
    return render_template("stock/index.html", rows=figures.in_stock(db.session(), current_staff().scope))


@stock.get("/documents")
def documents() -> ResponseReturnValue:
    """Transfers, write-offs, sales and counts."""
    rows = service.page(db.session(), current_staff(), before=request.args.get("before", type=int))
    following = rows[-1].id if len(rows) == service.PAGE else None
    return render_template("stock/documents.html", rows=rows, following=following)


@stock.route("/documents/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Make a document of the store."""
    form, by = StockForm(), current_staff()
    if request.method == "GET":
        form.happened_on.data = today()
        wanted = request.args.get("kind", "")
        if wanted in set(StockDocumentKind):
            form.kind.process_data(StockDocumentKind(wanted))
        if by.station_id is not None:
            form.station.data = db.session().get_one(Station, by.station_id).code
    form.offer(by.scope)
    if form.validate_on_submit():
        try:
            made = service.make(form.details(), by, submitted_key(form.idempotency_key.data))
        except Invalid as problem:
            form.show(problem)
        else:
            flash(_("已登记 %(no)s，等待另一位同事复核。", no=made.document_no), "success")
            return redirect(url_for(".show", document_id=made.id))
    return render_template("stock/new.html", form=form), 422 if request.method == "POST" else 200


@stock.get("/documents/<int:document_id>")
def show(document_id: int) -> ResponseReturnValue:
    """One document."""
    return _show(document_id, ReviewForm())


@stock.post("/documents/<int:document_id>/withdraw")
def withdraw(document_id: int) -> ResponseReturnValue:
    """Take a document back."""
    service.withdraw(document_id, current_staff(), shown_version())
    flash(_("已撤回，库存没有变动，记录仍然保留。"), "success")
    return redirect(url_for(".show", document_id=document_id))


@stock.post("/documents/<int:document_id>/approve")
def approve(document_id: int) -> ResponseReturnValue:
    """Approve a document as shown: the goods move."""
    try:
        approved = service.approve(document_id, current_staff(), shown_version())
    except Invalid as problem:
        flash(" ".join(str(message) for message in problem.errors.values()), "error")
        return redirect(url_for(".show", document_id=document_id))
    flash(_("已复核：%(no)s。", no=approved.document_no), "success")
    return redirect(url_for("site_desk.queue"))


@stock.post("/documents/<int:document_id>/return")
def return_(document_id: int) -> ResponseReturnValue:
    """Send a document back with a reason."""
    form = ReviewForm()
    try:
        service.return_to_maker(document_id, current_staff(), shown_version(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(document_id, form), 422
    flash(_("已退回登记人。"), "success")
    return redirect(url_for("site_desk.queue"))


def _show(document_id: int, form: ReviewForm) -> str:
    session = db.session()
    document = service.find(session, document_id, current_staff())
    return render_template(
        "stock/show.html",
        document=document,
        form=form,
        events=audit.of_subject(session, service.SUBJECT, document.id),
        decisions=review.decisions_on(session, service.SUBJECT, document.id),
    )
