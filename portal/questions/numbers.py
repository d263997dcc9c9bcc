"""Numbers of questions (Q-2026-000123) and of complaints (C-2026-000123): without a gap in each year."""

from sqlalchemy.orm import Session

from portal.db import take_turn
from portal.identifiers import document_no
from portal.periods import today
from portal.questions.complaint_models import ComplaintCounter
from portal.questions.models import QuestionCounter


def next_question_no(session: Session) -> str:
    """The next number of a question; taken for good when the transaction is committed."""
    year = today().year
    take_turn(session, f"question-number:{year}")
    known = session.get(QuestionCounter, year, populate_existing=True)
    return _next(session, known or QuestionCounter(year=year, last=0, lost_leaves=0), "Q")


def next_case_no(session: Session) -> str:
    """The next number of a complaint."""
    year = today().year
    take_turn(session, f"case-number:{year}")
    known = session.get(ComplaintCounter, year, populate_existing=True)
    return _next(session, known or ComplaintCounter(year=year, last=0), "C")


def note_lost(session: Session, number: str) -> None:
    """Note a leaf whose row is lost: its number is never given out again, and it is not taken for a deleted row."""
    _series, year, last = number.rsplit("-", 2)
    counter = session.get(QuestionCounter, int(year))
    if counter is None:
        counter = QuestionCounter(year=int(year), last=0, lost_leaves=0)
        session.add(counter)
    counter.last = max(counter.last, int(last))
    counter.lost_leaves += 1
    session.flush()


def _next(session: Session, counter: QuestionCounter | ComplaintCounter, series: str) -> str:
    session.add(counter)
    counter.last += 1
    session.flush()
    return document_no(series, counter.year, counter.last)
