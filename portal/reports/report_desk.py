"""Reports at the desk: have one made, look through it, offer it, and as the second person publish it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.refusals import Conflict, Invalid, NotFound
from portal.reports import job, publishing, shelf
from portal.reports.pages import file_response
from portal.reports.report_form import ReportForm
from portal.reports.withholding import is_withheld
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.review_forms import ReviewForm, shown_version

report_desk = Blueprint("report_desk", __name__, url_prefix="/desk/reports")


@report_desk.get("")
def index() -> ResponseReturnValue:
    """Reports that were made, and those under way."""
    session, by = db.session(), current_staff()
    rows = publishing.page(session, by, before=request.args.get("before", type=int))
    following = rows[-1].id if len(rows) == publishing.PAGE else None
    return render_template(
        "reports/desk_index.html", rows=rows, following=following, under_way=job.under_way(session, by)
    )


@report_desk.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Have a report made; the second press leads to the work that is under way."""
    form, by = ReportForm(), current_staff()
    form.offer(db.session(), by.scope)
    if form.validate_on_submit():
        try:
            begun = job.begin(form.wanted(), by)
        except Invalid as problem:
            show_errors(form, problem)
        except NotFound as problem:
            form.form_errors.append(str(problem))
        else:
            return redirect(url_for("jobs.show", job_id=begun.id))
    return render_template("reports/desk_new.html", form=form), 422 if request.method == "POST" else 200


@report_desk.get("/<int:report_id>")
def show(report_id: int) -> ResponseReturnValue:
    """One made report."""
    return _show(report_id, ReviewForm())


@report_desk.get("/<int:report_id>.pdf")
def download(report_id: int) -> ResponseReturnValue:
    """The file of a made report."""
    session = db.session()
    report = publishing.find(session, report_id, current_staff())
    path = shelf.made_file(report)
    if path is None or is_withheld(session, report):
        raise Conflict(_("这份报告的文件已经清理，请重新生成。"))
    return file_response(report, path, report.title)


@report_desk.post("/<int:report_id>/offer")
def offer(report_id: int) -> ResponseReturnValue:
    """Offer it to be published."""
    publishing.offer(report_id, current_staff(), shown_version())
    flash(_("已送审，等另一位同事看过后公布。"), "success")
    return redirect(url_for(".show", report_id=report_id))


@report_desk.post("/<int:report_id>/approve")
def approve(report_id: int) -> ResponseReturnValue:
    """Publish it."""
    made = publishing.publish(report_id, current_staff(), shown_version())
    flash(_("已公布为 %(no)s，指纹已写进账本。", no=made.report_no), "success")
    return redirect(url_for("site_desk.queue"))


@report_desk.post("/<int:report_id>/return")
def return_(report_id: int) -> ResponseReturnValue:
    """Send it back."""
    form = ReviewForm()
    try:
        publishing.return_to_maker(report_id, current_staff(), shown_version(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(report_id, form), 422
    flash(_("已退回经办人。"), "success")
    return redirect(url_for("site_desk.queue"))


def _show(report_id: int, form: ReviewForm) -> str:
    session = db.session()
    report = publishing.find(session, report_id, current_staff())
    return render_template(
        "reports/desk_show.html",
        report=report,
        form=form,
        usable=shelf.made_file(report) is not None and not is_withheld(session, report),
        events=audit.of_subject(session, publishing.SUBJECT, report.id),
        decisions=review.decisions_on(session, publishing.SUBJECT, report.id),
    )
