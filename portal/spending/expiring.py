"""Requests that wait too long lapse, so that money is not set aside for ever."""

from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.periods import now
from portal.registry.models import Organisation
from portal.spending.models import WAITING, Disbursement
from portal.spending.models import DisbursementState as State
from portal.spending.service import free, note

AT_ONCE = 100
"""So many lapse in one transaction: a restart after a long time does not lock the books."""


def expire_overdue() -> int:
    """Let every request lapse that has waited longer than its organisation allows; return how many."""
    lapsed = 0
    while due := _overdue(db.session()):
        lapsed += sum(_expire(one) for one in due)
    return lapsed


def _overdue(session: Session) -> list[int]:
    days = session.execute(select(Organisation.id, Organisation.request_expires_days))
    by_days: dict[int, list[int]] = {}
    for organisation_id, allowed in days:
        by_days.setdefault(allowed, []).append(organisation_id)
    late = [
        Disbursement.organisation_id.in_(ids) & (Disbursement.submitted_at < now() - timedelta(days=allowed))
        for allowed, ids in by_days.items()
    ]
    if not late:
        return []
    query = select(Disbursement.id).where(Disbursement.state.in_(WAITING), or_(*late))
    return list(session.scalars(query.order_by(Disbursement.id).limit(AT_ONCE)))


def _expire(disbursement_id: int) -> bool:
    with writing() as session:
        disbursement = session.get(Disbursement, disbursement_id, with_for_update=True)
        if disbursement is None or disbursement.state not in WAITING:
            return False
        free(session, disbursement, State.EXPIRED)
        note(session, disbursement, None, "expired")
        return True
