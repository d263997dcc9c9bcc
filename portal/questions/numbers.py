"""Numbers of questions (Q-2026-000123) and of complaints (C-2026-000123): without a gap in each year."""

from datetime import date

from sqlalchemy.orm import Session

from portal.db import take_turn
from portal.identifiers import document_no
from portal.periods import today
from portal.questions.complaint_models import ComplaintCounter
from portal.questions.models import QuestionCounter

Counter = type[QuestionCounter] | type[ComplaintCounter]


def next_question_no(session: Session) -> str:
    """The next number of a question; taken for good when the transaction is committed."""
    return _next(session, QuestionCounter, "Q", today())


def next_case_no(session: Session) -> str:
    """The next number of a complaint."""
    return _next(session, ComplaintCounter, "C", today())


def raise_question_counter(session: Session, number: str) -> None:
    """Never give out a number again that was given out before an older copy of the books was put back."""
    _series, year, last = number.rsplit("-", 2)
    counter = session.get(QuestionCounter, int(year)) or QuestionCounter(year=int(year), last=0)
    session.add(counter)
    counter.last = max(counter.last, int(last))
    session.flush()


def _next(session: Session, counter: Counter, series: str, day: date) -> str:
    take_turn(session, f"{counter.__tablename__}:{day.year}")
    row = session.get(counter, day.year, populate_existing=True) or counter(year=day.year, last=0)
    session.add(row)
    row.last += 1
    session.flush()
    return document_no(series, day.year, row.last)
