"""Words that must not be public are withheld by two persons, for one of four reasons, and the public is told which.

While it is undecided the clock runs on, and the words come out by themselves on the day the answer was due: nobody can
let a question lie by asking for it to be withheld.
"""

from datetime import date

from sqlalchemy.orm import Session

from portal.db import writing
from portal.i18n import lazy_gettext as _l
from portal.periods import now, today
from portal.questions.answering import find
from portal.questions.asking import SUBJECT
from portal.questions.clock import due_after
from portal.questions.leaves import withheld_leaf
from portal.questions.models import Question, WithheldReason, Withholding, WithholdingState
from portal.questions.rules import Deed
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff import audit, review
from portal.staff.models import Decision, StaffMember
from portal.translog.appending import append

LONGEST_NOTE = 500


def propose(
    question_id: int, by: StaffMember, turn_number: int, reason: WithheldReason, note: str
) -> Withholding:
    """Ask a second person to withhold the words of a turn; of one that waits they are hidden meanwhile.

    Raises:
        NotFound: there is none, or none for this person.
        Invalid: no note, or too long a one.
        Conflict: this was asked for already.
    """
    told = note.strip()
    if not 2 <= len(told) <= LONGEST_NOTE:
        raise Invalid(
            {"note": _l("请写明为什么不能公开（2 至 %(most)d 字），复核员要看。", most=LONGEST_NOTE)}
        )
    with writing() as session:
        question = find(session, question_id, by, lock=True)
        if all(turn.number != turn_number for turn in question.turns):
            raise NotFound(_l("没有找到这个问题。"))
        if any(one.turn_number == turn_number for one in question.withholdings):
            raise Conflict(_l("这一段已经提出过不公开，不能再提一次。"))
        wanted = Withholding(
            question_id=question.id,
            turn_number=turn_number,
            reason=reason,
            note=told,
            state=WithholdingState.PROPOSED,
            proposed_at=now(),
            proposed_by_id=by.id,
        )
        session.add(wanted)
        if question.waiting_turn == turn_number:
            question.hidden_through_on = _hidden_through(question)
        session.flush()
        _note(session, question, by, "withholding_proposed", reason)
        return wanted


def uphold(question_id: int, by: StaffMember) -> Question:
    """Withhold the words: the public reads that they are, and why.

    Raises:
        Forbidden: the person is no reviewer, or proposed it.
        Conflict: there is nothing to decide.
    """
    with writing() as session:
        question, wanted = _open(session, question_id, by)
        _decide(session, wanted, by, Decision.APPROVED)
        wanted.state = WithholdingState.UPHELD
        wanted.leaf_index = append(session, withheld_leaf(question, wanted))
        if question.waiting_turn == wanted.turn_number:
            if question.answered_on is None:
                question.withheld = wanted.reason
            question.waiting_turn = question.waiting_due_on = question.hidden_through_on = None
        _note(session, question, by, "withheld", wanted.reason)
        return question


def refuse(question_id: int, by: StaffMember, words: str) -> Question:
    """Show the words at once; they have to be answered.

    Raises:
        Invalid: no reason is given.
        Forbidden, Conflict: as for upholding.
    """
    if not words.strip():
        raise Invalid({"reason": _l("请写明为什么应当公开。")})
    with writing() as session:
        question, wanted = _open(session, question_id, by)
        _decide(session, wanted, by, Decision.RETURNED, words.strip()[:LONGEST_NOTE])
        wanted.state = WithholdingState.REFUSED
        question.hidden_through_on = None
        _note(session, question, by, "withholding_refused", wanted.reason)
        return question


def _hidden_through(question: Question) -> date:
    """Words that harm somebody are hidden at once, by one person; but never for longer than an answer may take."""
    soon = due_after(Deed.SHOW, today())
    return max(question.waiting_due_on or soon, soon)


def _open(session: Session, question_id: int, by: StaffMember) -> tuple[Question, Withholding]:
    question = find(session, question_id, by, lock=True)
    wanted = next((one for one in question.withholdings if one.state is WithholdingState.PROPOSED), None)
    if wanted is None:
        raise Conflict(_l("没有要决定的事，可能另一位同事刚刚决定过。请刷新页面看看。"))
    return question, wanted


def _decide(
    session: Session, wanted: Withholding, by: StaffMember, decision: Decision, reason: str = ""
) -> None:
    review.record_decision(
        session,
        subject_kind="question_withholding",
        subject_id=wanted.id,
        version=1,
        makers={wanted.proposed_by_id},
        checker=by,
        decision=decision,
        reason=reason,
    )
    wanted.decided_at, wanted.decided_by_id = now(), by.id


def _note(session: Session, question: Question, by: StaffMember, what: str, reason: WithheldReason) -> None:
    audit.record(
        session,
        staff=by,
        action=f"question.{what}",
        subject_kind=SUBJECT,
        subject_id=question.id,
        detail={"reason": reason.value},
    )
