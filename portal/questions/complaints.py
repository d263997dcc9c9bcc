"""Anybody may complain to the civil affairs bureau about an organisation's accounts or its answers (慈善法 108)."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from portal.db import take_turn, writing
from portal.i18n import lazy_gettext as _l
from portal.periods import local, now, today
from portal.questions import numbers
from portal.questions.clock import due_after
from portal.questions.complaint_models import Complaint, ComplaintOutcome, Finding
from portal.questions.guards import FormGuard, SentForm, SuspectForm
from portal.questions.limits import count_asking
from portal.questions.models import Question
from portal.questions.rules import Deed
from portal.questions.screening import SENTENCES, cleaned, private_numbers_in
from portal.questions.subjects import About
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff import audit
from portal.staff.models import StaffMember
from portal.working_days import working_days_between

SUBJECT = "complaint"
SHORTEST, LONGEST = 10, 2_000
LONGEST_OUTCOME = 1_000


def purpose_of(about: About) -> str:
    """What a form's token is for."""
    return f"complain:{about.kind.value}:{about.number}"


def about_question(question: Question) -> About:
    """What a complaint about an answer is about: the same as the question."""
    return About(question.about_kind, question.about_no, question.about_name, question.organisation_id)


def complain(about: About, question: Question | None, words: str, sent: SentForm, secret: str) -> Complaint:
    """Take a complaint; only the bureau reads its words.

    Raises:
        SuspectForm: no person sent it, or the form was used for another text.
        Invalid: the text is too short or too long.
        TooMuchAsked: too much came from this address.
        Unavailable: the books are in doubt.
    """
    key = FormGuard(secret).key_of(sent, purpose_of(about))
    told = cleaned(words)
    if not SHORTEST <= len(told) <= LONGEST:
        raise Invalid({"words": _l("请写 %(least)d 到 %(most)d 个字。", least=SHORTEST, most=LONGEST)})
    with writing() as session:
        take_turn(session, f"complaint:{key}")
        earlier = session.scalar(select(Complaint).where(Complaint.idempotency_key == key))
        if earlier is not None:
            if earlier.content_hash != _content_hash(about, told):
                raise SuspectForm(
                    _l(
                        "这一页已经提交过一次，编号 %(no)s。要另外再投诉，请再按一次提交。",
                        no=earlier.case_no,
                    )
                )
            return earlier
        count_asking(session, sent.address, secret)
        return take(session, about, question, told, key)


def take(session: Session, about: About, question: Question | None, told: str, key: str) -> Complaint:
    """Keep a complaint that passed every guard. Call inside ``writing()``."""
    complaint = Complaint(
        case_no=numbers.next_case_no(session),
        organisation_id=about.organisation_id,
        about_kind=about.kind,
        about_no=about.number,
        about_name=about.name[:200],
        question_id=question.id if question else None,
        words=told,
        made_at=now(),
        due_on=due_after(Deed.DECIDE, today()),
        idempotency_key=key,
        content_hash=_content_hash(about, told),
    )
    session.add(complaint)
    session.flush()
    audit.record(session, staff=None, action="complaint.made", subject_kind=SUBJECT, subject_id=complaint.id)
    return complaint


def decide(complaint_id: int, by: StaffMember, finding: Finding, words: str) -> ComplaintOutcome:
    """Say what the bureau found, once and for everybody.

    Raises:
        NotFound: there is none, or none for this person.
        Invalid: no words, too many, or a private number in them.
        Conflict: it was decided already.
    """
    said = cleaned(words)
    if not 5 <= len(said) <= LONGEST_OUTCOME:
        raise Invalid({"words": _l("请写明处理结果（5 至 %(most)d 字）。", most=LONGEST_OUTCOME)})
    if found := private_numbers_in(said):
        raise Invalid({"words": SENTENCES[found[0]]})
    with writing() as session:
        take_turn(session, f"complaint-outcome:{complaint_id}")
        complaint = find(session, complaint_id, by)
        if session.scalar(select(ComplaintOutcome.id).where(ComplaintOutcome.complaint_id == complaint.id)):
            raise Conflict(_l("这件投诉已经有处理结果，结果公布后不能改。"))
        outcome = ComplaintOutcome(
            complaint_id=complaint.id,
            finding=finding,
            words=said,
            decided_at=now(),
            decided_on=today(),
            working_days_taken=working_days_between(local(complaint.made_at).date(), today()),
            decided_by_id=by.id,
        )
        session.add(outcome)
        audit.record(
            session, staff=by, action="complaint.decided", subject_kind=SUBJECT, subject_id=complaint.id
        )
        session.flush()
        return outcome


def find(session: Session, complaint_id: int, by: StaffMember) -> Complaint:
    """A complaint within a person's scope.

    Raises:
        NotFound: there is none, or none for this person.
    """
    complaint = session.get(Complaint, complaint_id)
    if complaint is None or not by.scope.permits(complaint.organisation_id, None):
        raise NotFound(_l("没有找到这件投诉。"))
    return complaint


def by_number(session: Session, case_no: str) -> Complaint:
    """The complaint with a case number.

    Raises:
        NotFound: there is none.
    """
    found = session.scalar(select(Complaint).where(Complaint.case_no == case_no.strip().upper()[:20]))
    if found is None:
        raise NotFound(_l("没有找到这件投诉。请核对编号，例如 C-2026-000012。"))
    return found


def of_question(session: Session, question_no: str) -> Sequence[Complaint]:
    """The complaints about one question's answer, oldest first."""
    query = select(Complaint).join(Question, Question.id == Complaint.question_id)
    return session.scalars(
        query.where(Question.question_no == question_no)
        .options(joinedload(Complaint.outcome))
        .order_by(Complaint.id)
    ).all()


def desk_page(session: Session, by: StaffMember, *, limit: int = 50) -> Sequence[Complaint]:
    """Complaints within reach: those that wait first, the most urgent on top."""
    order = (ComplaintOutcome.id.is_not(None), Complaint.due_on, Complaint.id.desc())
    query = _within(select(Complaint), by).outerjoin(ComplaintOutcome).order_by(*order).limit(limit)
    return session.scalars(
        query.options(joinedload(Complaint.outcome), joinedload(Complaint.organisation))
    ).all()


def count_to_decide(session: Session, by: StaffMember) -> int:
    """How many complaints wait for the bureau."""
    query = _within(select(func.count(Complaint.id)), by).outerjoin(ComplaintOutcome)
    return session.scalar(query.where(ComplaintOutcome.id.is_(None))) or 0


def _content_hash(about: About, told: str) -> str:
    return hashlib.sha256(f"{about.kind}:{about.number}\x1f{told}".encode()).hexdigest()


def _within(query: Select[Any], by: StaffMember) -> Select[Any]:
    if by.scope.organisation_id is not None:
        query = query.where(Complaint.organisation_id == by.scope.organisation_id)
    return query
