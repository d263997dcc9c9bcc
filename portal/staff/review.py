"""Two persons: who made, edited or imported a thing never approves it (our rule, I17)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
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
            in hand within the last 24 hours (or the other way round), or one person has had both in hand.
    """
    current = session.get(StaffMember, checker.id, populate_existing=True)
    if current is None or not current.active or current.role is not Role.REVIEWER:
        raise Forbidden(_l("只有在岗的复核员可以复核。"))
    hands = sorted(set(makers))
    if checker.id in hands:
        raise Forbidden(_l("录入与复核必须由两个人完成：您参与过录入或修改，请由另一位复核员处理。"))
    _require_independent(session, checker.id, hands)
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


def _require_independent(session: Session, checker_id: int, makers: list[int]) -> None:
    """Nobody had the other's account in hand within the last 24 hours, and no third person had both."""
    since = now() - COOLING
    people = session.scalars(select(StaffMember).where(StaffMember.id.in_([checker_id, *makers])))
    held_by = {person.id: _held_by(person, since) for person in people}
    of_checker = held_by[checker_id]
    of_makers = set[int]().union(*(held_by[one] for one in makers))
    if of_checker & set(makers) or checker_id in of_makers:
        raise Forbidden(_l("24 小时内，一方的账号由另一方新建或重置过密码，暂时不能互相复核。"))
    if of_checker & of_makers:
        raise Forbidden(
            _l(
                "24 小时内，录入和复核的账号由同一位管理员新建或重置过密码，暂时不能互相复核。"
                "请等满 24 小时，或请别的复核员处理。"
            )
        )


def _held_by(person: StaffMember, since: datetime) -> set[int]:
    """Who else made a person's account or set its password since then."""
    hands = {
        person.created_by_id if person.created_at > since else None,
        person.credentials_changed_by_id if person.credentials_changed_at > since else None,
    }
    return {one for one in hands if one is not None} - {person.id}


def decisions_on(session: Session, subject_kind: str, subject_id: int) -> list[Approval]:
    """All decisions on a document, in order."""
    return list(
        session.scalars(
            select(Approval)
            .where(Approval.subject_kind == subject_kind, Approval.subject_id == subject_id)
            .order_by(Approval.id)
        )
    )
