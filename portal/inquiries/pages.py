"""``/my-gift``: number and code from the paper, and the donor sees the gift, its way, and may ask and decide.

Nothing is remembered between two requests: no cookie, no session, and number and code never stand in an address.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.db import db
from portal.disclosure import entries, trails
from portal.giving import consent
from portal.giving.consent_models import TEXT_VERSION, TEXTS, ConsentHow, ConsentShown
from portal.giving.models import Donation
from portal.i18n import gettext as _
from portal.inquiries import service
from portal.inquiries.opening import Paper, gifts_of_the_same_donor, open_gift
from portal.refusals import Conflict, Invalid, Refusal
from portal.staff.throttle import network_of
from portal.stock.figures import ways_of_gift

my_gift = Blueprint("my_gift", __name__, url_prefix="/my-gift")


@my_gift.get("")
def ask_for_code() -> ResponseReturnValue:
    """The form; the number may come from a scanned code."""
    return _form(request.args.get("no", "")[:40])


@my_gift.post("")
def show() -> ResponseReturnValue:
    """The gift, what became of it, and the donor's other gifts."""
    return _with_gift(lambda _donation: ("", 200))


@my_gift.post("/consent")
def decide() -> ResponseReturnValue:
    """The donor decides whether the name is shown."""

    def act(donation: Donation) -> tuple[str, int]:
        wanted = request.form.get("shown", "")
        if wanted in set(ConsentShown):
            consent.give_consent(donation.id, None, how=ConsentHow.ONLINE, shown=ConsentShown(wanted))
            return _("已按您的选择公开姓名。"), 200
        consent.withdraw_consent(donation.id, None, how=ConsentHow.ONLINE)
        return _("网站上不再显示您的姓名。"), 200

    return _with_gift(act)


@my_gift.post("/question")
def question() -> ResponseReturnValue:
    """The donor asks the organisation."""

    def act(donation: Donation) -> tuple[str, int]:
        asked = service.ask(donation, request.form.get("question", ""))
        return _(
            "问题已送到，最迟 %(day)s 答复。请凭回执号和查询码回来看。", day=asked.due_on.isoformat()
        ), 200

    return _with_gift(act)


def opened() -> tuple[Donation, Paper]:
    """The gift that the form of this request opens; raises as ``open_gift``."""
    network = network_of(request.remote_addr or "")
    paper = Paper.read(request.form.get("no", ""), request.form.get("code", ""), network)
    return open_gift(paper), paper


def _with_gift(act: Callable[[Donation], tuple[str, int]]) -> Response:
    try:
        donation, paper = opened()
    except Refusal as refusal:
        return _form(request.form.get("no", "")[:40], refusal)
    problem: Refusal | None = None
    said, status = "", 200
    try:
        said, status = act(donation)
    except (Invalid, Conflict) as refusal:
        problem, status = refusal, refusal.status
    facts = _facts(db.session(), donation, paper)
    return _private(render_template("inquiries/gift.html", said=said, problem=problem, **facts), status)


def _facts(session: Session, donation: Donation, paper: Paper) -> dict[str, Any]:
    donation = session.get_one(Donation, donation.id)
    entry = entries.of_ids(session, [donation.entry_id or 0])[0]
    ways = ways_of_gift(session, entry.id)
    return {
        "paper": paper,
        "donation": donation,
        "entry": entry,
        "trail": trails.trail_of(session, entry),
        "ways": [one for one in ways if one.adds_up],
        "others": gifts_of_the_same_donor(session, donation),
        "inquiries": service.of_donation(session, donation),
        "consent_text": TEXTS[TEXT_VERSION],
        "longest": service.LONGEST,
    }


def _form(number: str, refusal: Refusal | None = None) -> Response:
    page = render_template("inquiries/open.html", number=number, refusal=refusal)
    return _private(page, refusal.status if refusal else 200)


def _private(page: str, status: int) -> Response:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
