"""Lists of payouts at the desk."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import Session, joinedload

from portal.ledger.models import Delivery
from portal.periods import today
from portal.spending.models import Disbursement
from portal.spending.models import DisbursementState as State
from portal.staff.models import StaffMember

PAGE = 50
LONG_ON_ITS_WAY = timedelta(days=30)
"""So long after payment the desk asks what became of it."""


def page(
    session: Session, by: StaffMember, *, state: State | None = None, before: int | None = None
) -> Sequence[Disbursement]:
    """Payouts within reach, newest first; ``before`` is the id of the last of the page before."""
    query = _within(select(Disbursement), by).order_by(Disbursement.id.desc()).limit(PAGE)
    if state is not None:
        query = query.where(Disbursement.state == state)
    if before is not None:
        query = query.where(Disbursement.id < before)
    return session.scalars(
        query.options(joinedload(Disbursement.fund), joinedload(Disbursement.delivery))
    ).all()


def waiting(session: Session, by: StaffMember, *, limit: int = PAGE) -> Sequence[Disbursement]:
    """Payouts that wait for a reviewer, oldest first; second approvals only where this person gave not the first."""
    return _oldest(session, by, _for_review(by), limit)


def count_waiting(session: Session, by: StaffMember) -> int:
    """How many payouts wait for this reviewer."""
    return _count(session, by, _for_review(by))


def to_pay(session: Session, by: StaffMember, *, limit: int = PAGE) -> Sequence[Disbursement]:
    """Payouts that were approved and wait to be paid or handed out, oldest first."""
    return _oldest(session, by, Disbursement.state == State.APPROVED, limit)


def count_to_pay(session: Session, by: StaffMember) -> int:
    """How many payouts wait to be paid."""
    return _count(session, by, Disbursement.state == State.APPROVED)


def long_on_their_way(session: Session, by: StaffMember, *, limit: int = PAGE) -> Sequence[Disbursement]:
    """Payouts of which something has not arrived 30 days after payment, oldest first."""
    query = (
        select(Disbursement)
        .join(Delivery, Delivery.entry_id == Disbursement.entry_id)
        .where(*_late(by))
        .options(joinedload(Disbursement.fund), joinedload(Disbursement.maker))
        .order_by(Delivery.paid_on, Delivery.entry_id)
    )
    return session.scalars(query.limit(limit)).all()


def count_long_on_their_way(session: Session, by: StaffMember) -> int:
    """How many payouts are on their way for more than 30 days."""
    return session.scalar(select(func.count()).select_from(Delivery).where(*_late(by))) or 0


def _late(by: StaffMember) -> list[ColumnElement[bool]]:
    # In the words of the partial index, so that the database takes it.
    late = [
        (Delivery.arrived_fen < Delivery.amount_fen) | (Delivery.arrivals == literal_column("0")),
        Delivery.paid_on < today() - LONG_ON_ITS_WAY,
    ]
    if by.scope.organisation_id is not None:
        late.append(Delivery.organisation_id == by.scope.organisation_id)
    return late


def _for_review(by: StaffMember) -> ColumnElement[bool]:
    second = (Disbursement.state == State.SECOND_PENDING) & (Disbursement.approver_id != by.id)
    return (Disbursement.state == State.PENDING) | second


def _oldest(
    session: Session, by: StaffMember, which: ColumnElement[bool], limit: int
) -> Sequence[Disbursement]:
    query = _within(select(Disbursement), by).where(which)
    query = query.options(joinedload(Disbursement.fund), joinedload(Disbursement.maker))
    return session.scalars(query.order_by(Disbursement.id).limit(limit)).all()


def _count(session: Session, by: StaffMember, which: ColumnElement[bool]) -> int:
    return session.scalar(_within(select(func.count(Disbursement.id)), by).where(which)) or 0


def _within(query: Select[Any], by: StaffMember) -> Select[Any]:
    if by.scope.organisation_id is not None:
        query = query.where(Disbursement.organisation_id == by.scope.organisation_id)
    return query
