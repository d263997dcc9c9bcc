"""Ask about a gift, and answer in time (慈善法 42; 广州市慈善促进条例 23: within 20 days)."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.db import take_turn, writing
from portal.giving.models import Donation
from portal.i18n import lazy_gettext as _l
from portal.inquiries.models import Inquiry
from portal.periods import now, today
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff import audit
from portal.staff.models import StaffMember

SUBJECT = "inquiry"
DAYS_TO_ANSWER = 20
MOST_OPEN = 5
"""Questions about one gift that may wait at once."""
LONGEST = 1_000
PAGE = 50


def ask(donation: Donation, question: str) -> Inquiry:
    """Ask about a gift; call only for who has shown that it is theirs.

    Raises:
        Invalid: the question is empty or too long.
        Conflict: too many questions about the gift wait for an answer.
    """
    words = question.strip()
    if not 2 <= len(words) <= LONGEST:
        raise Invalid({"question": _l("请写明想问什么（2 至 %(longest)d 字）。", longest=LONGEST)})
    with writing() as session:
        take_turn(session, f"inquiry:{donation.id}")
        same: Inquiry | None = session.scalar(
            select(Inquiry).where(
                Inquiry.donation_id == donation.id, Inquiry.question == words, Inquiry.answered_at.is_(None)
            )
        )
        if same is not None:
            return same
        waiting = select(func.count(Inquiry.id)).where(
            Inquiry.donation_id == donation.id, Inquiry.answered_at.is_(None)
        )
        if (session.scalar(waiting) or 0) >= MOST_OPEN:
            raise Conflict(_l("这笔捐赠已经有 %(count)d 个问题在等答复，请先等一等。", count=MOST_OPEN))
        inquiry = Inquiry(
            donation_id=donation.id,
            organisation_id=donation.organisation_id,
            question=words,
            asked_at=now(),
            due_on=today() + timedelta(days=DAYS_TO_ANSWER),
        )
        session.add(inquiry)
        session.flush()
        audit.record(session, staff=None, action="inquiry.asked", subject_kind=SUBJECT, subject_id=inquiry.id)
        return inquiry


def answer(inquiry_id: int, by: StaffMember, words: str) -> Inquiry:
    """Answer a question; an answer is given once.

    Raises:
        NotFound: there is none, or none for this person.
        Invalid: the answer is empty or too long.
        Conflict: it was answered already.
    """
    with writing() as session:
        take_turn(session, f"inquiry-answer:{inquiry_id}")
        inquiry = find(session, inquiry_id, by)
        if not 2 <= len(words.strip()) <= LONGEST:
            raise Invalid({"answer": _l("请写明答复（2 至 %(longest)d 字）。", longest=LONGEST)})
        if inquiry.answered_at is not None:
            raise Conflict(_l("这个问题已经答复过了。"))
        inquiry.answer, inquiry.answered_at, inquiry.answered_by_id = words.strip(), now(), by.id
        audit.record(
            session, staff=by, action="inquiry.answered", subject_kind=SUBJECT, subject_id=inquiry.id
        )
        return inquiry


def find(session: Session, inquiry_id: int, by: StaffMember) -> Inquiry:
    """A question within a person's scope.

    Raises:
        NotFound: there is none, or none for this person.
    """
    inquiry = session.get(Inquiry, inquiry_id)
    if inquiry is None or not by.scope.permits(inquiry.organisation_id, inquiry.donation.station_id):
        raise NotFound(_l("没有找到这个问题。"))
    return inquiry


def listing(session: Session, by: StaffMember, *, before: int | None = None) -> Sequence[Inquiry]:
    """Questions within a person's reach: those that wait first, the most urgent on top."""
    query = select(Inquiry).options(joinedload(Inquiry.donation), joinedload(Inquiry.organisation))
    if by.scope.organisation_id is not None:
        query = query.where(Inquiry.organisation_id == by.scope.organisation_id)
    if before is not None:
        query = query.where(Inquiry.id < before)
    order = (Inquiry.answered_at.is_not(None), Inquiry.due_on, Inquiry.id.desc())
    return session.scalars(query.order_by(*order).limit(PAGE)).all()


def of_donation(session: Session, donation: Donation) -> Sequence[Inquiry]:
    """What was asked about a gift, oldest first."""
    return session.scalars(
        select(Inquiry).where(Inquiry.donation_id == donation.id).order_by(Inquiry.id)
    ).all()


def count_open(session: Session, by: StaffMember) -> int:
    """How many questions wait for an answer within a person's reach."""
    query = select(func.count(Inquiry.id)).where(Inquiry.answered_at.is_(None))
    if by.scope.organisation_id is not None:
        query = query.where(Inquiry.organisation_id == by.scope.organisation_id)
    return session.scalar(query) or 0
