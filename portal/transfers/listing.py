"""Lists of transfers at the desk, and the transfer behind an entry of the public ledger."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from portal.ledger.models import Entry
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember
from portal.transfers.models import FundTransfer

PAGE = 50


def page(
    session: Session, by: StaffMember, *, state: DocumentState | None = None, before: int | None = None
) -> Sequence[FundTransfer]:
    """Transfers within reach, newest first; ``before`` is the id of the last of the page before."""
    query = _within(select(FundTransfer), by).order_by(FundTransfer.id.desc()).limit(PAGE)
    if state is not None:
        query = query.where(FundTransfer.state == state)
    if before is not None:
        query = query.where(FundTransfer.id < before)
    return session.scalars(_with_funds(query)).all()


def waiting(session: Session, by: StaffMember, *, limit: int = PAGE) -> Sequence[FundTransfer]:
    """Transfers that wait for review, oldest first."""
    query = _within(select(FundTransfer), by).where(FundTransfer.state == DocumentState.PENDING)
    query = query.options(joinedload(FundTransfer.maker))
    return session.scalars(_with_funds(query).order_by(FundTransfer.id).limit(limit)).all()


def count_waiting(session: Session, by: StaffMember) -> int:
    """How many transfers wait for review."""
    query = _within(select(func.count(FundTransfer.id)), by)
    return session.scalar(query.where(FundTransfer.state == DocumentState.PENDING)) or 0


def of_entry(session: Session, entry_id: int) -> FundTransfer | None:
    """The transfer that an entry, or the entry that it reverses, records."""
    document = (
        select(func.coalesce(Entry.reverses_id, Entry.id)).where(Entry.id == entry_id).scalar_subquery()
    )
    found: FundTransfer | None = session.scalar(select(FundTransfer).where(FundTransfer.entry_id == document))
    return found


def _with_funds(query: Select[Any]) -> Select[Any]:
    return query.options(joinedload(FundTransfer.from_fund), joinedload(FundTransfer.to_fund))


def _within(query: Select[Any], by: StaffMember) -> Select[Any]:
    if by.scope.organisation_id is not None:
        query = query.where(FundTransfer.organisation_id == by.scope.organisation_id)
    return query
