"""Evidence at the desk: hand it in, black it out, publish it, take it down."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.evidence import attaching, listing, publishing, redacting, subjects
from portal.evidence.boxes import write_boxes
from portal.evidence.forms import AttachForm, ReasonForm, RedactForm
from portal.evidence.models import Evidence
from portal.evidence.pages import file_answer
from portal.files import cleaning
from portal.i18n import gettext as _
from portal.refusals import Invalid
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.review_forms import shown_version
from portal.staff.uploads import takes_files

MOST_TOGETHER = 100 * 1024 * 1024
"""Bytes: a dozen photos of a good telephone."""

evidence_desk = Blueprint("evidence_desk", __name__, url_prefix="/desk/evidence")


@evidence_desk.app_template_global("evidence_of")
def evidence_of(subject_kind: str, subject_id: int) -> dict[str, object]:
    """What the desk's page of a subject shows of its evidence, and the form to hand in more."""
    form = AttachForm()
    form.offer()
    session = db.session()
    found = subjects.kind_of(subject_kind).find(session, subject_id, current_staff())
    pieces = listing.of_subject(session, subject_kind, subject_id)
    return {"pieces": pieces, "form": form, "subject": found}


@evidence_desk.app_template_global("most_evidence_bytes")
def most_evidence_bytes() -> int:
    """How large all files sent together may be."""
    return MOST_TOGETHER


@evidence_desk.route("/of/<subject_kind>/<int:subject_id>", methods=["GET", "POST"])
@takes_files(lambda _stated: MOST_TOGETHER)
def attach(subject_kind: str, subject_id: int) -> ResponseReturnValue:
    """Hand in files about a subject."""
    by, kind = current_staff(), subjects.kind_of(subject_kind)
    subject = kind.find(db.session(), subject_id, by)
    form = AttachForm()
    form.offer()
    back = url_for(kind.endpoint, **kind.arguments(subject_id))
    if form.validate_on_submit():
        try:
            attached = attaching.attach((subject_kind, subject_id), subject, form.details(), by)
        except Invalid as problem:
            show_errors(form, problem)
        else:
            _say(attached)
            return redirect(f"{back}#evidence")
    status = 422 if request.method == "POST" else 200
    return render_template("evidence/attach.html", form=form, subject=subject, back=back), status


@evidence_desk.get("/<int:evidence_id>")
def show(evidence_id: int) -> ResponseReturnValue:
    """One piece, with what happened to it."""
    return _show(_find(evidence_id), ReasonForm())


@evidence_desk.get("/<int:evidence_id>/original")
def original(evidence_id: int) -> Response:
    """What was handed in, for staff."""
    piece = _find(evidence_id)
    return file_answer(
        redacting.content_of(piece), piece.media_type, f"original-{piece.id}.{piece.extension}"
    )


@evidence_desk.get("/<int:evidence_id>/original/<int:page>")
def original_page(evidence_id: int, page: int) -> Response:
    """A page of what was handed in, as a picture, for staff."""
    return _page(redacting.content_of(_find(evidence_id)), page)


@evidence_desk.get("/<int:evidence_id>/redacted/<int:page>")
def redacted_page(evidence_id: int, page: int) -> Response:
    """A page of the newest blacked-out version, as a picture, for staff."""
    return _page(redacting.redacted_content_of(_find(evidence_id)), page)


@evidence_desk.route("/<int:evidence_id>/redact", methods=["GET", "POST"])
def redact(evidence_id: int) -> ResponseReturnValue:
    """Draw boxes over what must not be seen."""
    by, piece = current_staff(), _find(evidence_id)
    piece.require_state(*redacting.OPEN)
    form, suggested = RedactForm(), 0
    if request.method == "GET":
        boxes = redacting.suggestions(piece)
        suggested = 0 if piece.redaction else len(boxes)
        form.boxes.data, form.version.data = write_boxes(boxes), str(piece.version)
        form.caption.data = piece.redaction.caption if piece.redaction else ""
    elif form.validate():
        try:
            redacting.redact(evidence_id, form.details(), by, shown_version())
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已遮盖，等另一位同事看过后公开。请先自己看一遍下面的结果。"), "success")
            return redirect(url_for(".show", evidence_id=evidence_id))
    page = render_template("evidence/redact.html", piece=piece, form=form, suggested=suggested)
    return page, 422 if request.method == "POST" else 200


@evidence_desk.post("/<int:evidence_id>/publish")
def publish(evidence_id: int) -> ResponseReturnValue:
    """Publish the version as shown."""
    published = publishing.publish(evidence_id, current_staff(), shown_version())
    flash(_("已公开：%(no)s 的凭证。", no=published.subject_no), "success")
    return redirect(url_for("site_desk.queue"))


@evidence_desk.post("/<int:evidence_id>/return")
def return_(evidence_id: int) -> ResponseReturnValue:
    """Send a version back with a reason."""
    form = ReasonForm()
    try:
        publishing.send_back(evidence_id, current_staff(), shown_version(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(_find(evidence_id), form), 422
    flash(_("已退回经办人。"), "success")
    return redirect(url_for("site_desk.queue"))


@evidence_desk.post("/<int:evidence_id>/withdraw")
def withdraw(evidence_id: int) -> ResponseReturnValue:
    """Take a piece down."""
    form = ReasonForm()
    try:
        publishing.withdraw(evidence_id, current_staff(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(_find(evidence_id), form), 422
    flash(_("已撤下，公众不再看到；原件仍然保留，可由另一位同事删除。"), "success")
    return redirect(url_for(".show", evidence_id=evidence_id))


@evidence_desk.post("/<int:evidence_id>/erase")
def erase(evidence_id: int) -> ResponseReturnValue:
    """Delete the files of a piece that was taken down."""
    publishing.erase(evidence_id, current_staff())
    flash(_("文件已删除，只留下校验值。"), "success")
    return redirect(url_for(".show", evidence_id=evidence_id))


def _find(evidence_id: int) -> Evidence:
    return listing.find(db.session(), evidence_id, current_staff())


def _page(content: bytes, page: int) -> Response:
    return file_answer(cleaning.picture_of_page(content, page), "image/jpeg", f"page-{page}.jpg")


def _show(piece: Evidence, form: ReasonForm) -> str:
    session, by = db.session(), current_staff()
    kind = subjects.kind_of(piece.subject_kind)
    return render_template(
        "evidence/show.html",
        piece=piece,
        form=form,
        subject=kind.find(session, piece.subject_id, by),
        kind=kind,
        own=by.id in piece.hands,
        events=audit.of_subject(session, attaching.SUBJECT, piece.id),
        decisions=review.decisions_on(session, attaching.SUBJECT, piece.id),
    )


def _say(attached: attaching.Attached) -> None:
    if attached.pieces:
        flash(_("已保存 %(count)d 份凭证，还没有公开。", count=len(attached.pieces)), "success")
    if attached.known:
        names = "、".join(f"“{name}”" for name in attached.known)
        flash(_("%(names)s 已经上传过，没有重复保存。", names=names), "warning")
