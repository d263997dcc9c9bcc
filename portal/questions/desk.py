"""Questions at the desk: those that wait, an answer, and what two persons withhold."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.periods import today
from portal.questions import answering, listing, withholding
from portal.questions.clock import clock_of
from portal.questions.forms import AnswerForm, RefusalForm, WithholdForm
from portal.questions.models import Question, WithholdingState
from portal.questions.public import is_hidden, state_of
from portal.questions.subjects import place_of
from portal.refusals import Invalid
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.idempotency import submitted_key

questions_desk = Blueprint("questions_desk", __name__, url_prefix="/desk/questions")


@questions_desk.get("")
def index() -> ResponseReturnValue:
    """Questions within reach, those that wait first."""
    before, day = request.args.get("before", type=int), today()
    rows = listing.desk_page(db.session(), current_staff(), before=before)
    return render_template(
        "questions/desk_index.html",
        rows=[(one, state_of(one, day), _clock(one)) for one in rows],
        following=rows[-1].id if len(rows) >= listing.DESK_PAGE else None,
    )


@questions_desk.get("/<int:question_id>")
def show(question_id: int) -> ResponseReturnValue:
    """One question, and what may be done about it."""
    return _show(question_id)


@questions_desk.post("/<int:question_id>/answer")
def answer(question_id: int) -> ResponseReturnValue:
    """Answer in public."""
    form = AnswerForm()
    key = submitted_key(form.idempotency_key.data)
    try:
        answering.answer(question_id, current_staff(), _turn(), form.answer.data or "", key)
    except Invalid as problem:
        show_errors(form, problem)
        return _show(question_id, answer=form), 422
    flash(_("已公开答复。"), "success")
    return redirect(url_for(".show", question_id=question_id))


@questions_desk.post("/<int:question_id>/look")
def look(question_id: int) -> ResponseReturnValue:
    """Let the words be seen now."""
    answering.show(question_id, current_staff(), _turn())
    flash(_("问题已经公开，请按时答复。"), "success")
    return redirect(url_for(".show", question_id=question_id))


@questions_desk.post("/<int:question_id>/withhold")
def withhold(question_id: int) -> ResponseReturnValue:
    """Ask a second person to withhold words."""
    form = WithholdForm()
    try:
        if form.reason.data is None:
            raise Invalid({"reason": _("请选一个原因。没有列出的原因不能不公开。")})
        withholding.propose(question_id, current_staff(), _turn(), form.reason.data, form.note.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(question_id, withhold=form), 422
    flash(_("已提交复核员决定。期限照常计算，到期没有决定就自动公开。"), "success")
    return redirect(url_for(".show", question_id=question_id))


@questions_desk.post("/<int:question_id>/uphold")
def uphold(question_id: int) -> ResponseReturnValue:
    """Withhold the words; the public reads why."""
    withholding.uphold(question_id, current_staff())
    flash(_("已决定不公开，公众看得到原因。"), "success")
    return redirect(url_for(".show", question_id=question_id))


@questions_desk.post("/<int:question_id>/refuse")
def refuse(question_id: int) -> ResponseReturnValue:
    """Let the words be seen after all."""
    form = RefusalForm()
    try:
        withholding.refuse(question_id, current_staff(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(question_id, refusal=form), 422
    flash(_("已公开，请经办人按时答复。"), "success")
    return redirect(url_for(".show", question_id=question_id))


def _turn() -> int:
    return request.form.get("turn", 0, type=int)


def _clock(question: Question) -> object:
    return clock_of(question.waiting_due_on, today()) if question.waiting_due_on else None


def _show(
    question_id: int,
    *,
    answer: AnswerForm | None = None,
    withhold: WithholdForm | None = None,
    refusal: RefusalForm | None = None,
) -> str:
    session, by = db.session(), current_staff()
    question = answering.find(session, question_id, by)
    answer = answer or AnswerForm()
    answer.idempotency_key.data = answer.idempotency_key.data or uuid.uuid4().hex
    wanted = next((one for one in question.withholdings if one.state is WithholdingState.PROPOSED), None)
    return render_template(
        "questions/desk_show.html",
        question=question,
        place=place_of(question.about_kind, question.about_no),
        state=state_of(question, today()),
        clock=_clock(question),
        hidden=is_hidden(question, question.waiting_turn or 0, today()),
        withheld={one.turn_number: one for one in question.withholdings},
        wanted=wanted,
        own=wanted is not None and wanted.proposed_by_id == by.id,
        answer_form=answer,
        withhold_form=withhold or WithholdForm(),
        refusal_form=refusal or RefusalForm(),
        events=audit.of_subject(session, "question", question.id),
        decisions=review.decisions_on(session, "question_withholding", wanted.id) if wanted else [],
    )
