"""Staff keep a fund's committee and enter its decisions; another person confirms them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal.committees import evidence, service
from portal.committees.forms import DecisionForm, MemberEndForm, MemberForm
from portal.committees.models import CommitteeMember
from portal.db import db
from portal.i18n import gettext as _
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.idempotency import submitted_key
from portal.staff.review_forms import ReviewForm, shown_version

__all__ = ["committees", "evidence"]

committees = Blueprint("committees", __name__, url_prefix="/desk")


@committees.get("/committees")
def index() -> ResponseReturnValue:
    """All decisions within reach."""
    rows = service.page(db.session(), current_staff(), before=request.args.get("before", type=int))
    following = rows[-1].id if len(rows) == service.PAGE else None
    return render_template("committees/index.html", decisions=rows, following=following)


@committees.get("/funds/<code>/committee")
def fund(code: str) -> ResponseReturnValue:
    """The committee of one fund, and its decisions."""
    return _show_fund(code)


@committees.post("/funds/<code>/committee/members")
def seat(code: str) -> ResponseReturnValue:
    """Somebody takes a seat."""
    form = MemberForm()
    if form.validate():
        try:
            service.seat(code, form.details(), current_staff())
        except Invalid as problem:
            show_errors(form, problem)
        except Conflict as problem:
            form.name.errors = [problem.message]
        else:
            flash(_("已登记管委会成员。"), "success")
            return redirect(url_for(".fund", code=code))
    return _show_fund(code, member_form=form), 422


@committees.post("/committee-members/<int:member_id>/end")
def unseat(member_id: int) -> ResponseReturnValue:
    """Somebody leaves."""
    member = db.session.get(CommitteeMember, member_id)
    if member is None:
        raise NotFound(_("没有找到这位成员。"))
    form = MemberEndForm()
    if form.validate() and form.until.data is not None:
        try:
            service.unseat(member_id, form.until.data, current_staff())
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已登记离任。"), "success")
            return redirect(url_for(".fund", code=member.fund.code))
    return _show_fund(member.fund.code, end_form=form), 422


@committees.route("/funds/<code>/committee/decisions/new", methods=["GET", "POST"])
def new(code: str) -> ResponseReturnValue:
    """Enter a decision."""
    form, by = DecisionForm(), current_staff()
    found = service.find_fund(db.session(), code, by)
    if form.validate_on_submit():
        try:
            entered = service.enter(code, form.details(), by, submitted_key(form.idempotency_key.data))
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已登记决议，等待另一位同事对照会议记录核对。"), "success")
            return redirect(url_for(".show", decision_id=entered.id))
    seated = service.members(db.session(), found.id)
    status = 422 if request.method == "POST" else 200
    return render_template("committees/new.html", form=form, fund=found, seated=seated), status


@committees.get("/committees/decisions/<int:decision_id>")
def show(decision_id: int) -> ResponseReturnValue:
    """One decision, with what was paid under it."""
    return _show(decision_id, ReviewForm())


@committees.post("/committees/decisions/<int:decision_id>/withdraw")
def withdraw(decision_id: int) -> ResponseReturnValue:
    """Take a decision back before it is confirmed."""
    service.withdraw(decision_id, current_staff(), shown_version())
    flash(_("已撤回，记录仍然保留。"), "success")
    return redirect(url_for(".show", decision_id=decision_id))


@committees.post("/committees/decisions/<int:decision_id>/approve")
def approve(decision_id: int) -> ResponseReturnValue:
    """Confirm a decision as shown."""
    service.approve(decision_id, current_staff(), shown_version())
    flash(_("决议已核对通过，可以据此申请支出。"), "success")
    return redirect(url_for("site_desk.queue"))


@committees.post("/committees/decisions/<int:decision_id>/return")
def return_(decision_id: int) -> ResponseReturnValue:
    """Refuse a decision that is not what the minutes say."""
    form = ReviewForm()
    try:
        service.return_to_maker(decision_id, current_staff(), shown_version(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(decision_id, form), 422
    flash(_("已退回登记人。"), "success")
    return redirect(url_for("site_desk.queue"))


def _show(decision_id: int, form: ReviewForm) -> str:
    session = db.session()
    decision = service.find(session, decision_id, current_staff())
    return render_template(
        "committees/show.html",
        decision=decision,
        form=form,
        events=audit.of_subject(session, service.SUBJECT, decision.id),
        decisions=review.decisions_on(session, service.SUBJECT, decision.id),
    )


def _show_fund(code: str, **forms: FlaskForm) -> str:
    session, by = db.session(), current_staff()
    fund = service.find_fund(session, code, by)
    fresh = {"member_form": MemberForm(formdata=None), "end_form": MemberEndForm(formdata=None)}
    return render_template(
        "committees/fund.html",
        fund=fund,
        seated=service.members(session, fund.id, all_time=True),
        decisions=service.page(session, by, fund_id=fund.id),
        **{**fresh, **forms},
    )
