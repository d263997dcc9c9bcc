"""How much private data one person may look at in a day: whoever reads everybody's numbers is stopped (T5)."""

from datetime import UTC, datetime, time

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import take_turn, writing
from portal.i18n import lazy_gettext as _l
from portal.periods import SHANGHAI, today
from portal.refusals import Forbidden
from portal.staff import audit
from portal.staff.models import AuditEvent, Outcome, StaffMember

FULL_VIEWS_A_DAY = 50
FULL_VIEWS = ("donor.contact_revealed", "beneficiary.revealed")
"""Deeds of the audit trail that showed somebody's data in full."""

EXCEEDED = "privacy.quota_exceeded"

_log = structlog.get_logger(__name__)


class QuotaUsedUp(Forbidden):
    """So many full views were had today that no more are given."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "今天已经查看了 %(count)d 次全文，达到每日上限，今天不能再看。如确有需要，请与管理员联系。",
                count=FULL_VIEWS_A_DAY,
            )
        )


def require_full_view(session: Session, by: StaffMember) -> None:
    """Hold a person against the day's quota, inside the transaction that records the view.

    Raises:
        QuotaUsedUp: it is used up.
    """
    take_turn(session, f"full views:{by.id}")
    midnight = datetime.combine(today(), time.min, SHANGHAI).astimezone(UTC)
    views = session.scalar(
        select(func.count(AuditEvent.id)).where(
            AuditEvent.staff_id == by.id,
            AuditEvent.action.in_(FULL_VIEWS),
            AuditEvent.at >= midnight,
            AuditEvent.outcome == Outcome.DONE,
        )
    )
    if (views or 0) >= FULL_VIEWS_A_DAY:
        raise QuotaUsedUp


def note_refusal(by: StaffMember, subject_kind: str, subject_id: int) -> None:
    """Put down that somebody asked for more than the quota, in a transaction of its own, and raise the alarm."""
    with writing() as session:
        audit.record(
            session,
            staff=by,
            action=EXCEEDED,
            subject_kind=subject_kind,
            subject_id=subject_id,
            outcome=Outcome.REFUSED,
        )
    _log.warning("full views exceeded", staff_id=by.id, subject_kind=subject_kind)
