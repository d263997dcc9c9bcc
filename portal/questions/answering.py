"""Staff of the organisation that was asked look at a question, and answer it in public."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import take_row, writing
from portal.i18n import lazy_gettext as _l
from portal.periods import local, now
from portal.questions.asking import SUBJECT
from portal.questions.leaves import turn_leaf
from portal.questions.models import Question, QuestionTurn, TurnKind, WithholdingState
from portal.questions.screening import SENTENCES, cleaned, private_numbers_in
from portal.refusals import Conflict, Invalid, NotFound
from portal.registry.models import Organisation
from portal.staff import audit
from portal.staff.models import StaffMember
from portal.translog.appending import append
from portal.working_days import working_days_between

SHORTEST, LONGEST = 2, 1_000


def answer(
    question_id: int, by: StaffMember, turn_number: int, words: str, key: str, at: datetime | None = None
) -> Question:
    """Answer the turn that was shown; whoever answers second is told so, and nothing of the first is lost.

    Args:
        question_id: which question.
        by: who answers; the public reads the function, not the name.
        turn_number: the turn that waited when the form was opened.
        words: the answer.
        key: what tells a form that was sent twice.
        at: when it was answered, if that is not now: a demonstration has a past.

    Raises:
        NotFound: there is none, or none for this person.
        Invalid: the answer is too short or too long, or names a private number.
        Conflict: the turn was answered or withheld in the meantime.
    """
    with writing() as session:
        question = find(session, question_id, by, lock=True)
        if session.scalar(select(QuestionTurn.id).where(QuestionTurn.idempotency_key == f"answer:{key}")):
            return question
        said = _checked(words)
        if question.waiting_turn is None or question.waiting_turn != turn_number:
            raise Conflict(_l("别的同事刚刚处理过这个问题，您写的没有提交。请刷新页面看看。"))
        _refuse_open_withholding(question)
        turn = QuestionTurn(words=said, said_at=at or now(), idempotency_key=f"answer:{key}")
        _say(session, question, by, turn)
        _stop_clock(question, local(turn.said_at).date())
        _note(session, question, by, "answered")
        return question


def show(question_id: int, by: StaffMember, turn_number: int) -> Question:
    """Let the words of the waiting turn be seen now.

    Raises:
        NotFound: there is none, or none for this person.
        Conflict: nothing of it is hidden any more, or its words are wanted withheld.
    """
    with writing() as session:
        question = find(session, question_id, by, lock=True)
        if question.waiting_turn != turn_number or question.hidden_through_on is None:
            raise Conflict(_l("这个问题已经公开了。"))
        _refuse_open_withholding(question)
        question.hidden_through_on = None
        _note(session, question, by, "shown")
        return question


def find(session: Session, question_id: int, by: StaffMember, *, lock: bool = False) -> Question:
    """A question within a person's scope; with ``lock`` nobody else changes it before the transaction ends.

    Raises:
        NotFound: there is none, or none for this person.
    """
    question = take_row(session, Question, question_id, lock=lock)
    if question is None or not by.scope.permits(question.organisation_id, None):
        raise NotFound(_l("没有找到这个问题。"))
    if lock:
        session.expire(question, ["turns", "withholdings"])
    return question


def _checked(words: str) -> str:
    said = cleaned(words)
    if not SHORTEST <= len(said) <= LONGEST:
        raise Invalid(
            {"answer": _l("请写明答复（%(least)d 至 %(most)d 字）。", least=SHORTEST, most=LONGEST)}
        )
    if found := private_numbers_in(said):
        raise Invalid({"answer": SENTENCES[found[0]]})
    return said


def _refuse_open_withholding(question: Question) -> None:
    if any(one.state is WithholdingState.PROPOSED for one in question.withholdings):
        raise Conflict(_l("有同事提出不公开这个问题，请复核员先决定。"))


def _say(session: Session, question: Question, by: StaffMember, turn: QuestionTurn) -> None:
    last = select(func.max(QuestionTurn.number)).where(QuestionTurn.question_id == question.id)
    turn.question_id, turn.number = question.id, (session.scalar(last) or 0) + 1
    turn.kind, turn.nickname = TurnKind.ANSWERED, ""
    turn.by_id, turn.function = by.id, by.role
    owner = session.get_one(Organisation, question.organisation_id)
    turn.leaf_index = append(session, turn_leaf(question, turn, owner.uscc))
    session.add(turn)


def _stop_clock(question: Question, day: date) -> None:
    if question.answered_on is None and question.withheld is None:
        question.answered_on = day
        question.working_days_taken = working_days_between(local(question.asked_at).date(), day)
    question.waiting_turn = question.waiting_due_on = question.hidden_through_on = None


def _note(session: Session, question: Question, by: StaffMember, what: str) -> None:
    audit.record(session, staff=by, action=f"question.{what}", subject_kind=SUBJECT, subject_id=question.id)
