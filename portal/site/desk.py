"""The desk's first page and the queue of what waits."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.giving import listing as gifts
from portal.ledger.figures import Filters, totals
from portal.periods import today
from portal.site import queue as review_queue
from portal.staff.access import current_staff
from portal.staff.documents import DocumentState
from portal.staff.models import Role

site_desk = Blueprint("site_desk", __name__, url_prefix="/desk")


@site_desk.get("/")
def home() -> ResponseReturnValue:
    """What is to do, and what today brought."""
    session, by = db.session(), current_staff()
    day = today()
    scope = by.scope
    filters = Filters(
        organisation_id=scope.organisation_id, station_id=scope.station_id, first_day=day, last_day=day
    )
    return render_template(
        "desk/home.html",
        waiting=review_queue.counts(session, by),
        today=totals(session, filters),
        returned=gifts.page(session, by, state=DocumentState.RETURNED)[:10],
        latest=gifts.page(session, by)[:10],
    )


@site_desk.get("/queue")
def queue() -> ResponseReturnValue:
    """What waits: for reviewers everything under review, for clerks what is to be paid, answered and looked into."""
    session, by = db.session(), current_staff()
    if by.role is Role.REVIEWER:
        return render_template("desk/queue.html", waiting=review_queue.waiting(session, by))
    return render_template(
        "desk/to_do.html",
        to_pay=review_queue.to_pay(session, by),
        on_their_way=review_queue.on_their_way(session, by),
        to_answer=review_queue.to_answer(session, by),
    )
