"""The audit trail: who did what to what, written in the transaction of the deed itself."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.periods import now
from portal.staff.models import AuditEvent, Outcome, StaffMember


def record(
    session: Session,
    *,
    staff: StaffMember | None,
    action: str,
    subject_kind: str = "",
    subject_id: int | None = None,
    outcome: Outcome = Outcome.DONE,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add one event; ``detail`` holds plain values and never a donor's or beneficiary's data."""
    session.add(
        AuditEvent(
            at=now(),
            staff_id=staff.id if staff else None,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            outcome=outcome,
            detail=detail or {},
        )
    )


def events(
    session: Session, by: StaffMember, *, before: int | None = None, limit: int = 50
) -> Sequence[AuditEvent]:
    """What people within the reader's reach did, newest first; ``before`` is the id of the last of the page before."""
    query = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(limit)
    if by.organisation_id is not None:
        colleagues = select(StaffMember.id).where(StaffMember.organisation_id == by.organisation_id)
        query = query.where(AuditEvent.staff_id.in_(colleagues))
    if before is not None:
        query = query.where(AuditEvent.id < before)
    return session.scalars(query).all()


def of_subject(session: Session, subject_kind: str, subject_id: int) -> Sequence[AuditEvent]:
    """What happened to one document, in order."""
    return session.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject_kind == subject_kind, AuditEvent.subject_id == subject_id)
        .order_by(AuditEvent.id)
    ).all()
