"""Staff bring in lists: upload, preview, mend, submit, review."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.imports import goods, listing, mending, service, stages
from portal.imports.explaining import address_of, to_be_explained
from portal.imports.forms import ListForm, RowForm, UploadForm
from portal.imports.models import ImportBatch, ImportRow, RowState
from portal.imports.reading import UnreadableFile
from portal.imports.reading.files import UnrecognisedList
from portal.imports.taking import take_in
from portal.imports.workbook import bad_rows
from portal.jobs import service as jobs
from portal.labels import label
from portal.money import format_yuan
from portal.refusals import Invalid
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.documents import DocumentState
from portal.staff.forms import show_errors
from portal.staff.review_forms import ReviewForm, shown_version
from portal.staff.uploads import MEGABYTE, takes_files

imports = Blueprint("imports", __name__, url_prefix="/desk/imports")

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@imports.get("")
def index() -> ResponseReturnValue:
    """All lists within reach."""
    wanted = request.args.get("state", "")
    state = DocumentState(wanted) if wanted in set(DocumentState) else None
    found = listing.batches(
        db.session(), current_staff().scope, state=state, before=request.args.get("before", type=int)
    )
    return render_template(
        "imports/index.html",
        batches=found,
        state=state,
        state_choices=[(one.value, label(one)) for one in DocumentState],
        following=found[-1].id if len(found) == listing.PAGE else None,
    )


@imports.route("/new", methods=["GET", "POST"])
@takes_files(lambda stated: stated.max_list_megabytes * MEGABYTE)
def new() -> ResponseReturnValue:
    """Upload a list; what was recognised is shown next, nothing is in the ledger yet."""
    form, by = UploadForm(), current_staff()
    form.offer(by.scope)
    if form.validate_on_submit():
        stream, name = form.file.data.stream, form.file.data.filename
        try:
            batch = stages.start(take_in(stream, name, form.target(), by), by)
        except UnreadableFile as problem:
            where = to_be_explained(stream, name, form.target()) if _may_be_explained(problem) else None
            if where is not None:
                flash(_("没有认出列名。请指出表头在哪一行、每列是什么，只需要一次。"), "warning")
                return redirect(where)
            form.file.errors = [str(problem)]
        except Invalid as problem:
            show_errors(form, problem)
        else:
            if batch.ready:
                words = _("已认出 %(count)d 行。请核对下面的内容，确认后提交复核。", count=batch.rows)
            else:
                words = _("名单很长，正在后台读取。可以离开这一页，读完后再来核对。")
            flash(words, "success")
            return redirect(url_for(".show", batch_id=batch.id))
    return render_template("imports/new.html", form=form), 422 if request.method == "POST" else 200


@imports.get("/<int:batch_id>")
def show(batch_id: int) -> ResponseReturnValue:
    """One list: what was recognised, its totals, its rows by state."""
    return _show(batch_id, ReviewForm())


@imports.route("/<int:batch_id>/edit", methods=["GET", "POST"])
def edit(batch_id: int) -> ResponseReturnValue:
    """Change what holds for the whole list."""
    by = current_staff()
    batch = service.find(db.session(), batch_id, by)
    batch.require_state(DocumentState.DRAFT, DocumentState.RETURNED)
    form = ListForm(obj=batch)
    if form.validate_on_submit():
        try:
            mending.revise(batch_id, form.target(), by, shown_version())
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已保存。"), "success")
            return redirect(url_for(".show", batch_id=batch_id))
    status = 422 if request.method == "POST" else 200
    return render_template("imports/edit.html", form=form, batch=batch), status


@imports.route("/<int:batch_id>/rows/<int:position>", methods=["GET", "POST"])
def row(batch_id: int, position: int) -> ResponseReturnValue:
    """Mend one row; afterwards the next one that needs a look opens."""
    by = current_staff()
    batch = service.find(db.session(), batch_id, by)
    found = mending.find_row(db.session(), batch, position)
    batch.require_state(DocumentState.DRAFT, DocumentState.RETURNED)
    form = RowForm(data=_as_form(found, batch))
    if form.validate_on_submit():
        try:
            mended = mending.mend_row(batch_id, position, form.details(), by, shown_version())
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(
                _("第 %(row)d 行已改正：%(state)s。", row=mended.row_no, state=str(label(mended.state))),
                "success",
            )
            return _to_next(batch_id, position)
    status = 422 if request.method == "POST" else 200
    return render_template("imports/row.html", form=form, batch=batch, row=found), status


@imports.post("/<int:batch_id>/rows/<int:position>/leave-out")
def leave_out(batch_id: int, position: int) -> ResponseReturnValue:
    """Leave a row out."""
    left = mending.leave_out_row(batch_id, position, current_staff(), shown_version())
    flash(_("第 %(row)d 行已剔除，不会入账，记录仍然保留。", row=left.row_no), "success")
    return _to_next(batch_id, position)


@imports.post("/<int:batch_id>/rows/<int:position>/keep")
def keep(batch_id: int, position: int) -> ResponseReturnValue:
    """Take a row after all."""
    kept = mending.keep_row(batch_id, position, current_staff(), shown_version())
    flash(_("第 %(row)d 行已收下。", row=kept.row_no), "success")
    return _to_next(batch_id, position)


@imports.get("/<int:batch_id>/bad-rows.xlsx")
def download(batch_id: int) -> ResponseReturnValue:
    """The rows that are not accepted, as a workbook with a message column."""
    batch = service.find(db.session(), batch_id, current_staff())
    answer = Response(bad_rows(db.session(), batch), mimetype=WORKBOOK)
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{batch.id}-bad-rows.xlsx"'
    return answer


@imports.post("/<int:batch_id>/submit")
def submit(batch_id: int) -> ResponseReturnValue:
    """Hand a list to review."""
    try:
        service.submit(batch_id, current_staff(), shown_version())
    except Invalid as problem:
        flash(" ".join(str(message) for message in problem.errors.values()), "error")
        return redirect(url_for(".edit", batch_id=batch_id))
    flash(_("已提交复核。"), "success")
    return redirect(url_for(".show", batch_id=batch_id))


@imports.post("/<int:batch_id>/withdraw")
def withdraw(batch_id: int) -> ResponseReturnValue:
    """Take a list back before it is in the ledger."""
    service.withdraw(batch_id, current_staff(), shown_version())
    flash(_("已撤回，这份名单不会入账，记录仍然保留。"), "success")
    return redirect(url_for(".show", batch_id=batch_id))


@imports.post("/<int:batch_id>/approve")
def approve(batch_id: int) -> ResponseReturnValue:
    """Approve a list as shown: its accepted rows stand in the public ledger at once."""
    by = current_staff()
    batch = stages.start(service.approve(batch_id, by, shown_version()), by)
    if not batch.ready:
        flash(_("已复核同意。名单很长，正在后台分批入账。"), "success")
        return redirect(url_for(".show", batch_id=batch_id))
    message = _("已复核入账：%(count)s 笔，%(amount)s 元。")
    flash(message % {"count": f"{batch.accepted:,}", "amount": format_yuan(batch.accepted_fen)}, "success")
    return redirect(url_for(".show", batch_id=batch_id))


@imports.get("/<int:batch_id>/progress")
def progress(batch_id: int) -> ResponseReturnValue:
    """How far a worker is with a long list, as JSON for the page that waits for it."""
    batch = service.find(db.session(), batch_id, current_staff())
    job = stages.progress_of(batch)
    if job is None:
        return jsonify(live=False)
    return jsonify(live=job.live, done=job.done, total=job.total, words=jobs.words_of(job))


@imports.post("/<int:batch_id>/stop")
def stop(batch_id: int) -> ResponseReturnValue:
    """Stop the worker: a list that is being read is withdrawn, one that is being posted stays where it is."""
    by = current_staff()
    stages.stop(service.find(db.session(), batch_id, by), by)
    flash(_("已要求停止。"), "success")
    return redirect(url_for(".show", batch_id=batch_id))


@imports.post("/<int:batch_id>/go-on")
def go_on(batch_id: int) -> ResponseReturnValue:
    """Let a worker go on with a list that stands half read or half posted."""
    by = current_staff()
    stages.start(service.find(db.session(), batch_id, by), by)
    flash(_("已继续处理。"), "success")
    return redirect(url_for(".show", batch_id=batch_id))


@imports.post("/<int:batch_id>/return")
def return_(batch_id: int) -> ResponseReturnValue:
    """Send a list back with a reason."""
    form = ReviewForm()
    try:
        service.return_to_maker(batch_id, current_staff(), shown_version(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(batch_id, form), 422
    flash(_("已退回登记人。"), "success")
    return redirect(url_for(".show", batch_id=batch_id))


def _show(batch_id: int, form: ReviewForm) -> str:
    session = db.session()
    batch = service.find(session, batch_id, current_staff())
    job = stages.progress_of(batch)
    wanted = request.args.get("state", "")
    state = RowState(wanted) if wanted in set(RowState) else None
    rows = listing.rows(session, batch, state=state, after=request.args.get("after", 0, type=int))
    return render_template(
        "imports/show.html",
        batch=batch,
        job=job,
        job_words=jobs.words_of(job) if job else "",
        job_message=stages.last_words(batch),
        form=form,
        rows=rows,
        goods_rows=goods.rows_of(session, batch, state=state),
        state=state,
        state_choices=[(one.value, label(one)) for one in RowState],
        following=rows[-1].position if len(rows) == listing.ROWS else None,
        problems=batch.problems,
        to_mend=listing.next_to_mend(session, batch, 0) if batch.can_be_edited else None,
        events=audit.of_subject(session, service.SUBJECT, batch.id),
        decisions=review.decisions_on(session, service.SUBJECT, batch.id),
    )


def _to_next(batch_id: int, position: int) -> ResponseReturnValue:
    session = db.session()
    batch = service.find(session, batch_id, current_staff())
    following = listing.next_to_mend(session, batch, position)
    if following is None:
        return redirect(url_for(".show", batch_id=batch_id))
    return redirect(url_for(".row", batch_id=batch_id, position=following))


def _as_form(found: ImportRow, batch: ImportBatch) -> dict[str, object]:
    return {
        "donor_name": found.donor_name,
        "amount": found.amount_fen,
        "received_on": found.received_on,
        "external_ref": found.external_ref,
        "remark": found.remark,
        "version": batch.version,
    }


def _may_be_explained(problem: UnreadableFile) -> bool:
    return isinstance(problem, UnrecognisedList)


@imports.app_template_global("explain_address")
def explain_address(batch: ImportBatch) -> str:
    """Where the columns of a batch can be explained anew."""
    return address_of(batch)
