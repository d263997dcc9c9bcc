"""``/complaints``: complain to the civil affairs bureau, and see how far a complaint is by its case number."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.periods import today
from portal.questions import asking, complaints, figures, listing
from portal.questions.clock import clock_of
from portal.questions.forms import ComplaintForm
from portal.questions.models import Question
from portal.questions.rules import Deed, rule_on
from portal.questions.sending import address, open_form, private, refused, secret
from portal.questions.subjects import About, find_about, place_of
from portal.refusals import NotFound, Refusal
from portal.registry.geography import current_district

complaint_pages = Blueprint("complaints", __name__, url_prefix="/complaints")


@complaint_pages.get("")
def index() -> ResponseReturnValue:
    """Where and how to complain, how long it takes, and the way to one's own case."""
    session, number = db.session(), request.args.get("no", "")[:40]
    refusal = None
    if number:
        try:
            return redirect(url_for(".show", case_no=complaints.by_number(session, number).case_no))
        except NotFound as problem:
            refusal = problem
    page = render_template(
        "questions/complaints.html",
        number=number,
        refusal=refusal,
        figures=figures.complaint_figures(session),
        rule=rule_on(Deed.DECIDE, today()),
        office=current_district(session),
    )
    return page, refusal.status if refusal else 200


@complaint_pages.get("/<case_no>")
def show(case_no: str) -> ResponseReturnValue:
    """How far a complaint is, and what the bureau found; never what was complained."""
    session = db.session()
    found = complaints.by_number(session, case_no)
    return render_template(
        "questions/complaint.html",
        complaint=found,
        clock=None if found.outcome else clock_of(found.due_on, today()),
        place=place_of(found.about_kind, found.about_no),
        rule=rule_on(Deed.DECIDE, today()),
        office=current_district(session),
    )


@complaint_pages.route("/about/<kind>/<number>", methods=["GET", "POST"])
def about(kind: str, number: str) -> ResponseReturnValue:
    """The form to complain about one thing of the accounts, and what it sends."""
    return _complain(find_about(db.session(), kind, number), None)


@complaint_pages.route("/questions/<question_no>", methods=["GET", "POST"])
def of_question(question_no: str) -> ResponseReturnValue:
    """The form to complain about an answer, or about none, and what it sends."""
    question = asking.by_number(db.session(), question_no)
    return _complain(complaints.about_question(question), question)


def _complain(thing: About, question: Question | None) -> Response:
    form, purpose = ComplaintForm(), complaints.purpose_of(thing)
    status = 200
    if request.method == "GET":
        open_form(form, purpose)
    else:
        try:
            made = complaints.complain(
                thing, question, form.words.data or "", form.sent_from(address()), secret()
            )
        except Refusal as refusal:
            status = refused(form, refusal, purpose)
        else:
            page = render_template(
                "questions/complained.html", complaint=made, clock=clock_of(made.due_on, today())
            )
            return private(page)
    page = render_template(
        "questions/complain.html",
        form=form,
        about=thing,
        place=place_of(thing.kind, thing.number),
        question=listing.one(db.session(), question.question_no) if question else None,
        rule=rule_on(Deed.DECIDE, today()),
        office=current_district(db.session()),
    )
    return private(page, status)
