"""``/questions``: what was asked and answered, with its figures; and the forms to ask."""

from flask import Blueprint, Flask, Response, g, render_template, request
from flask.typing import ResponseReturnValue

from portal.choices import member_pairs
from portal.db import db
from portal.i18n import gettext as _
from portal.opendata.feed_pages import feed_answer
from portal.periods import today
from portal.questions import asking, complaints, figures, listing
from portal.questions.asking import AlreadyAsked, Asking
from portal.questions.feed import items
from portal.questions.forms import FollowUpForm, QuestionForm
from portal.questions.listing import QuestionQuery
from portal.questions.models import AboutKind
from portal.questions.public import QuestionState
from portal.questions.rules import Deed, rule_on
from portal.questions.sending import address, open_form, private, refused, secret
from portal.questions.subjects import About, find_about, place_of
from portal.refusals import NotFound, Refusal
from portal.registry.geography import current_district
from portal.staff.access import current_staff

questions = Blueprint("questions", __name__, url_prefix="/questions")


@questions.get("")
def index() -> ResponseReturnValue:
    """Questions of a selection, newest first, and the figures of all."""
    session = db.session()
    query = listing.read_query(request.args.to_dict(flat=False))
    return render_template(
        "questions/index.html",
        query=query,
        page=listing.page(session, query),
        figures=figures.figures(session),
        by_organisation=figures.by_organisation(session),
        complaint_figures=figures.complaint_figures(session),
        organisations=listing.asked_organisations(session),
        states=member_pairs(QuestionState),
        kinds=member_pairs(AboutKind),
        rule=rule_on(Deed.ANSWER, today()),
    )


@questions.get("/feed.atom")
def feed() -> ResponseReturnValue:
    """The newest questions and answers, as an Atom feed."""
    found = listing.page(db.session(), QuestionQuery(limit=40)).questions
    return feed_answer(_("提问和答复"), "/questions", items(found))


@questions.get("/<question_no>")
def show(question_no: str) -> ResponseReturnValue:
    """One question with its answers."""
    session = db.session()
    found = listing.one(session, question_no)
    return render_template(
        "questions/show.html",
        question=found,
        complaints=complaints.of_question(session, found.question_no),
        may_follow_up=_has_room(found.question_no),
        rule=rule_on(Deed.ANSWER, found.asked_on),
        show_rule=rule_on(Deed.SHOW, found.asked_on),
        office=current_district(session),
    )


@questions.route("/ask/<kind>/<number>", methods=["GET", "POST"])
def ask(kind: str, number: str) -> ResponseReturnValue:
    """The form to ask about one thing, and what it sends."""
    about = find_about(db.session(), kind, number)
    form = QuestionForm()
    if request.method == "GET":
        open_form(form, asking.purpose_of(about))
        return _form(form, about)
    typed = Asking(form.words.data or "", form.nickname.data or "")
    try:
        asked = asking.ask(about, typed, form.sent_from(address()), secret())
    except AlreadyAsked as same:
        return _form(form, about, status=refused(form, same, asking.purpose_of(about)), same=same)
    except Refusal as refusal:
        return _form(form, about, status=refused(form, refusal, asking.purpose_of(about)))
    return private(
        render_template(
            "questions/asked.html",
            question=listing.one(db.session(), asked.question.question_no),
            code=asked.code,
            show_rule=rule_on(Deed.SHOW, today()),
        )
    )


@questions.route("/<question_no>/more", methods=["GET", "POST"])
def follow_up(question_no: str) -> ResponseReturnValue:
    """The form to ask once more about an answer, and what it sends."""
    found = listing.one(db.session(), question_no)
    form, purpose = FollowUpForm(), f"more:{found.question_no}"
    if request.method == "GET":
        open_form(form, purpose)
        return private(render_template("questions/follow_up.html", question=found, form=form))
    typed = Asking(form.words.data or "")
    try:
        asking.follow_up(found.question_no, form.code.data or "", typed, form.sent_from(address()), secret())
    except Refusal as refusal:
        status = refused(form, refusal, purpose)
        return private(render_template("questions/follow_up.html", question=found, form=form), status)
    done = listing.one(db.session(), found.question_no)
    page = render_template("questions/asked.html", question=done, show_rule=rule_on(Deed.SHOW, today()))
    return private(page)


def install(app: Flask) -> None:
    """Let pages ask how many questions there are about what they show, and the desk how many wait."""

    def count(kind: str, number: str) -> int:
        return listing.count_about(db.session(), AboutKind(kind), number)

    def waiting() -> dict[str, int]:
        """What waits, by the link of the desk's navigation that leads to it."""
        if g.get("staff") is None:
            return {}
        session, by = db.session(), current_staff()
        return {
            "questions_desk.index": listing.count_to_answer(session, by),
            "complaints_desk.index": complaints.count_to_decide(session, by),
        }

    app.jinja_env.globals.update(questions_about=count, desk_counts=waiting)


def _form(
    form: QuestionForm, about: About, *, status: int = 200, same: AlreadyAsked | None = None
) -> Response:
    page = render_template(
        "questions/ask.html",
        form=form,
        about=about,
        place=place_of(about.kind, about.number),
        rule=rule_on(Deed.ANSWER, today()),
        same=same,
    )
    return private(page, status)


def _has_room(question_no: str) -> bool:
    session = db.session()
    try:
        asking.require_room(session, asking.by_number(session, question_no))
    except (NotFound, Refusal):
        return False
    return True
