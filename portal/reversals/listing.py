"""Lists of requests for reversals at the desk."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from portal.reversals.models import ReversalRequest
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember

PAGE = 50


def page(session: Session, by: StaffMember, *, before: int | None = None) -> Sequence[ReversalRequest]:
    """Requests within reach, newest first; ``before`` is the id of the last of the page before."""
    query = _within(select(ReversalRequest), by).order_by(ReversalRequest.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(ReversalRequest.id < before)
    return session.scalars(query.options(joinedload(ReversalRequest.subject_entry))).all()


def waiting(session: Session, by: StaffMember, *, limit: int = PAGE) -> Sequence[ReversalRequest]:
    """Requests that wait for review, oldest first."""
    query = _within(select(ReversalRequest), by).where(ReversalRequest.state == DocumentState.PENDING)
    query = query.options(joinedload(ReversalRequest.subject_entry), joinedload(ReversalRequest.maker))
    return session.scalars(query.order_by(ReversalRequest.id).limit(limit)).all()


def count_waiting(session: Session, by: StaffMember) -> int:
    """How many requests wait for review."""
    query = _within(select(func.count(ReversalRequest.id)), by)
    return session.scalar(query.where(ReversalRequest.state == DocumentState.PENDING)) or 0


def _within(query: Select[Any], by: StaffMember) -> Select[Any]:
    if by.scope.organisation_id is not None:
        query = query.where(ReversalRequest.organisation_id == by.scope.organisation_id)
    if by.scope.station_id is not None:
        query = query.where(ReversalRequest.station_id == by.scope.station_id)
    return query
