"""How many questions were asked, answered, answered in time, late, withheld; never an order of merit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.periods import today
from portal.questions.complaint_models import Complaint, ComplaintOutcome
from portal.questions.models import Question
from portal.registry.models import Organisation


@dataclass(frozen=True)
class Figures:
    """Counts of questions. ``late`` are those answered late and those that wait over their last day.

    ``median_days`` is in working days, over those that were answered; None while none was.
    """

    asked: int = 0
    answered: int = 0
    in_time: int = 0
    late: int = 0
    withheld: int = 0
    waiting: int = 0
    median_days: float | None = None


@dataclass(frozen=True)
class OrganisationFigures:
    """The counts of one organisation."""

    uscc: str
    name: str
    figures: Figures


@dataclass(frozen=True)
class ComplaintFigures:
    """Counts of complaints: made, decided, decided in time, and waiting over the last day."""

    made: int
    decided: int
    in_time: int
    late: int
    median_days: float | None


def figures(session: Session) -> Figures:
    """The counts of the whole district."""
    [total] = session.execute(select(*_counts(today()))).mappings()
    return _figures(total, _median(session, Question.working_days_taken))


def by_organisation(session: Session) -> Sequence[OrganisationFigures]:
    """The counts of each organisation that was asked something, by name."""
    query = (
        select(Organisation.uscc, Organisation.name, *_counts(today()))
        .join(Question, Question.organisation_id == Organisation.id)
        .group_by(Organisation.id, Organisation.uscc, Organisation.name)
        .order_by(Organisation.name)
    )
    return [
        OrganisationFigures(row["uscc"], row["name"], _figures(row, None))
        for row in session.execute(query).mappings()
    ]


def complaint_figures(session: Session) -> ComplaintFigures:
    """The counts of complaints to the bureau."""
    day = today()
    decided = ComplaintOutcome.id.is_not(None)
    query = (
        select(
            func.count(Complaint.id).label("made"),
            func.count(ComplaintOutcome.id).label("decided"),
            _number(~decided & (Complaint.due_on < day)).label("late"),
        )
        .select_from(Complaint)
        .outerjoin(ComplaintOutcome, ComplaintOutcome.complaint_id == Complaint.id)
    )
    row = session.execute(query).one()
    timely = session.scalar(
        select(func.count(Complaint.id))
        .join(ComplaintOutcome, ComplaintOutcome.complaint_id == Complaint.id)
        .where(ComplaintOutcome.decided_on <= Complaint.due_on)
    )
    days = _median(session, ComplaintOutcome.working_days_taken)
    return ComplaintFigures(row.made, row.decided, timely or 0, int(row.late or 0), days)


def _counts(day: date) -> tuple[ColumnElement[Any], ...]:
    answered = Question.answered_on.is_not(None)
    overdue = answered.is_(False) & Question.withheld.is_(None) & (Question.due_on < day)
    return (
        func.count(Question.id).label("asked"),
        _number(answered).label("answered"),
        _number(Question.answered_on <= Question.due_on).label("in_time"),
        _number((Question.answered_on > Question.due_on) | overdue).label("late"),
        _number(Question.withheld.is_not(None)).label("withheld"),
        _number(Question.waiting_due_on.is_not(None)).label("waiting"),
    )


def _number(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))


def _figures(row: Mapping[Any, Any], days: float | None) -> Figures:
    names = ("asked", "answered", "in_time", "late", "withheld", "waiting")
    return Figures(**{name: int(row[name] or 0) for name in names}, median_days=days)


def _median(session: Session, column: InstrumentedAttribute[Any]) -> float | None:
    """From how often each number of days occurs: there are few different ones."""
    rows = session.execute(select(column, func.count()).where(column.is_not(None)).group_by(column)).all()
    days = [day for day, times in rows for _ in range(times)]
    return float(median(days)) if days else None
