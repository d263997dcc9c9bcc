"""Budgets and reports under review at the desk."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.projects import evidence, papers
from portal.projects.desk import projects
from portal.refusals import Conflict, Invalid
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.review_forms import ReviewForm, shown_version

__all__ = ["evidence", "projects"]


@projects.get("/project-papers/<any(budget, progress, closing):word>/<int:paper_id>")
def paper(word: str, paper_id: int) -> ResponseReturnValue:
    """One paper, with what happened to it."""
    return _show(word, paper_id, ReviewForm())


@projects.post("/project-papers/<any(budget, progress, closing):word>/<int:paper_id>/approve")
def approve(word: str, paper_id: int) -> ResponseReturnValue:
    """Approve a paper as shown: it is public at once."""
    form = ReviewForm()
    papers.find(db.session(), word, paper_id, current_staff())
    try:
        papers.approve(word, paper_id, current_staff(), shown_version())
    except Conflict as problem:
        form.form_errors.append(str(problem))
        return _show(word, paper_id, form), 409
    flash(_("已复核通过并公开。"), "success")
    return redirect(url_for("site_desk.queue"))


@projects.post("/project-papers/<any(budget, progress, closing):word>/<int:paper_id>/return")
def return_(word: str, paper_id: int) -> ResponseReturnValue:
    """Send a paper back with a reason."""
    form = ReviewForm()
    papers.find(db.session(), word, paper_id, current_staff())
    try:
        papers.return_to_maker(word, paper_id, current_staff(), shown_version(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(word, paper_id, form), 422
    flash(_("已退回经办人。"), "success")
    return redirect(url_for("site_desk.queue"))


@projects.post("/project-papers/<any(budget, progress, closing):word>/<int:paper_id>/withdraw")
def withdraw(word: str, paper_id: int) -> ResponseReturnValue:
    """Take a paper back before it is public."""
    found = papers.withdraw(word, paper_id, current_staff(), shown_version())
    flash(_("已撤回，记录仍然保留。"), "success")
    return redirect(url_for(".show", code=found.project.code))


def _show(word: str, paper_id: int, form: ReviewForm) -> str:
    session = db.session()
    found: Any = papers.find(session, word, paper_id, current_staff())
    kind = papers.KINDS[word]
    return render_template(
        "projects/paper.html",
        kind=kind,
        paper=found,
        project=found.project,
        form=form,
        events=audit.of_subject(session, kind.subject, found.id),
        decisions=review.decisions_on(session, kind.subject, found.id),
    )
