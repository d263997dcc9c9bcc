"""Two persons: who made, edited or imported a thing never approves it (our rule, I17)."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.i18n import lazy_gettext as _l
from portal.periods import now
from portal.refusals import Forbidden
from portal.staff.models import Approval, Decision, Role, StaffMember

COOLING = timedelta(hours=24)
"""So long after one person created or reset the other's account, neither reviews the other's work."""


def record_decision(
    session: Session,
    *,
    subject_kind: str,
    subject_id: int,
    version: int,
    makers: Iterable[int],
    checker: StaffMember,
    decision: Decision,
    reason: str = "",
) -> None:
    """Keep a reviewer's decision on one version of a document.

    Raises:
        Forbidden: the reviewer is no active reviewer, had a hand in the document, or has had the maker's account
            in hand within the last 24 hours (or the other way round).
    """
    current = session.get(StaffMember, checker.id, populate_existing=True)
    if current is None or not current.active or current.role is not Role.REVIEWER:
        raise Forbidden(_l("只有在岗的复核员可以复核。"))
    hands = sorted(set(makers))
    if checker.id in hands:
        raise Forbidden(_l("录入与复核必须由两个人完成：您参与过录入或修改，请由另一位复核员处理。"))
    if _tied(session, checker.id, hands):
        raise Forbidden(_l("24 小时内，一方的账号由另一方新建或重置过密码，暂时不能互相复核。"))
    session.add(
        Approval(
            subject_kind=subject_kind,
            subject_id=subject_id,
            version=version,
            maker_id=hands[0],
            checker_id=checker.id,
            decision=decision,
            reason=reason,
            decided_at=now(),
        )
    )
    session.flush()


def _tied(session: Session, checker_id: int, makers: list[int]) -> bool:
    since = now() - COOLING
    fresh = or_(
        (StaffMember.created_at > since) & StaffMember.created_by_id.is_not(None),
        StaffMember.credentials_changed_at > since,
    )
    people = session.scalars(select(StaffMember).where(StaffMember.id.in_([checker_id, *makers]), fresh))
    return any(
        {person.created_by_id, person.credentials_changed_by_id} & ({checker_id, *makers} - {person.id})
        and (
            person.id == checker_id or checker_id in {person.created_by_id, person.credentials_changed_by_id}
        )
        for person in people
    )


def decisions_on(session: Session, subject_kind: str, subject_id: int) -> list[Approval]:
    """All decisions on a document, in order."""
    return list(
        session.scalars(
            select(Approval)
            .where(Approval.subject_kind == subject_kind, Approval.subject_id == subject_id)
            .order_by(Approval.id)
        )
    )
