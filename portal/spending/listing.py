"""Lists of payouts at the desk."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from portal.spending.models import Disbursement
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember

PAGE = 50


def page(
    session: Session, by: StaffMember, *, state: DocumentState | None = None, before: int | None = None
) -> Sequence[Disbursement]:
    """Payouts within reach, newest first; ``before`` is the id of the last of the page before."""
    query = _within(select(Disbursement), by).order_by(Disbursement.id.desc()).limit(PAGE)
    if state is not None:
        query = query.where(Disbursement.state == state)
    if before is not None:
        query = query.where(Disbursement.id < before)
    return session.scalars(query.options(joinedload(Disbursement.fund))).all()


def waiting(session: Session, by: StaffMember, *, limit: int = PAGE) -> Sequence[Disbursement]:
    """Payouts that wait for review, oldest first."""
    query = _within(select(Disbursement), by).where(Disbursement.state == DocumentState.PENDING)
    query = query.options(joinedload(Disbursement.fund), joinedload(Disbursement.maker))
    return session.scalars(query.order_by(Disbursement.id).limit(limit)).all()


def count_waiting(session: Session, by: StaffMember) -> int:
    """How many payouts wait for review."""
    query = _within(select(func.count(Disbursement.id)), by)
    return session.scalar(query.where(Disbursement.state == DocumentState.PENDING)) or 0


def _within(query: Select[Any], by: StaffMember) -> Select[Any]:
    if by.scope.organisation_id is not None:
        query = query.where(Disbursement.organisation_id == by.scope.organisation_id)
    return query
