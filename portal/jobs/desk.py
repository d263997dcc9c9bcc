"""Pieces of long work at the desk: how far, stop, take the result home."""

from urllib.parse import quote

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.jobs import service
from portal.jobs.results import result_of
from portal.staff.access import current_staff

jobs = Blueprint("jobs", __name__, url_prefix="/desk/jobs")


@jobs.get("")
def index() -> ResponseReturnValue:
    """The newest pieces of work."""
    return render_template("jobs/index.html", rows=service.page(db.session(), current_staff()))


@jobs.get("/<int:job_id>")
def show(job_id: int) -> ResponseReturnValue:
    """One piece of work, and how far it is."""
    job = service.look_after(service.find(db.session(), job_id, current_staff()))
    return render_template("jobs/show.html", job=job, words=service.words_of(job))


@jobs.get("/<int:job_id>/state")
def state(job_id: int) -> ResponseReturnValue:
    """How far a piece of work is, as JSON for the page that waits for it."""
    job = service.look_after(service.find(db.session(), job_id, current_staff()))
    words = service.words_of(job)
    return jsonify(state=job.state.value, done=job.done, total=job.total, live=job.live, words=words)


@jobs.post("/<int:job_id>/cancel")
def cancel(job_id: int) -> ResponseReturnValue:
    """Stop a piece of work."""
    service.cancel(job_id, current_staff())
    flash(_("已要求停止。"), "success")
    return redirect(url_for(".show", job_id=job_id))


@jobs.get("/<int:job_id>/result")
def result(job_id: int) -> ResponseReturnValue:
    """What a piece of work made."""
    job = service.find(db.session(), job_id, current_staff())
    answer = Response(result_of(job), mimetype="application/pdf")
    name = quote(job.result_name)
    answer.headers["Content-Disposition"] = f"attachment; filename=\"result.pdf\"; filename*=UTF-8''{name}"
    return answer
