"""The public notice of a change of purpose: opened by a second person, at least sixty days, objections answered."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.db import writing
from portal.evidence.attaching import count_of
from portal.i18n import lazy_gettext as _l
from portal.periods import now, today
from portal.refusals import Conflict, Forbidden, Invalid, NotFound
from portal.staff import audit
from portal.staff.documents import DocumentState
from portal.staff.models import Role, StaffMember
from portal.transfers.models import ChangeBasis, FundTransfer, PurposeChange, PurposeObjection
from portal.transfers.rules import NOTICE, last_day_of_notice

EVIDENCE_KIND = "purpose_change"
"""What the evidence of a change hangs on, by the transfer's id."""

MOST_PAST = 100
"""Notices that are over are listed up to so many."""


def open_notice(transfer_id: int, by: StaffMember, version: int) -> FundTransfer:
    """Open the notice of a change as a second person: from today on the public reads it and may object.

    Raises:
        NotFound: there is none, or none for this person.
        Conflict: it is open already, or needs no notice.
        Forbidden: the person requested the change, or is no reviewer.
    """
    with writing() as session:
        transfer = _find(session, transfer_id, by)
        transfer.require_version(version)
        change = transfer.change
        if change is None or not transfer.waits_for_notice:
            raise Conflict(_l("这笔变更不在等待公示，请刷新页面看最新的状态。"))
        if by.role is not Role.REVIEWER or by.id in transfer.makers:
            raise Forbidden(_l("公示要由申请人以外的复核员核对全文后开始。"))
        change.notice_first_day = today()
        change.notice_last_day = last_day_of_notice(today())
        _note(session, transfer, by, "notice_opened")
        return transfer


def object_to(
    transfer_id: int, received_on: date, from_whom: str, objection: str, by: StaffMember
) -> PurposeObjection:
    """Write down an objection that reached the organisation.

    Raises:
        Invalid: it has no words, or a day outside the notice.
        Conflict: no notice runs for this change.
    """
    with writing() as session:
        transfer = _find(session, transfer_id, by)
        transfer.require_state(DocumentState.PENDING)
        change = transfer.change
        if change is None or change.notice_first_day is None:
            raise Conflict(_l("这笔变更没有在公示。"))
        if not 2 <= len(objection.strip()) <= 2000:
            raise Invalid({"objection": _l("请写明异议的内容（2 至 2000 字）。")})
        if not change.notice_first_day <= received_on <= today():
            raise Invalid({"received_on": _l("收到日期要在公示开始之后，且不能晚于今天。")})
        made = PurposeObjection(
            transfer_id=transfer.id,
            received_on=received_on,
            from_whom=from_whom.strip()[:120],
            objection=objection.strip(),
            made_by_id=by.id,
            made_at=now(),
        )
        session.add(made)
        session.flush()
        session.expire(transfer, ["objections"])
        _note(session, transfer, by, "objection_noted")
        return made


def settle(objection_id: int, answer: str, by: StaffMember) -> PurposeObjection:
    """Write down how an objection was answered; only then may the change go on.

    Raises:
        Invalid: the answer has no words.
        Conflict: it was answered already.
    """
    if not 2 <= len(answer.strip()) <= 2000:
        raise Invalid({"answer": _l("请写明怎样答复、对方是否撤回异议（2 至 2000 字）。")})
    with writing() as session:
        objection = session.get(PurposeObjection, objection_id, with_for_update=True)
        if objection is None:
            raise NotFound(_l("没有找到这条异议。"))
        transfer = _find(session, objection.transfer_id, by)
        if objection.settled_at is not None:
            raise Conflict(_l("这条异议已经答复。"))
        objection.answer = answer.strip()
        objection.settled_by_id, objection.settled_at = by.id, now()
        session.flush()
        session.expire(transfer, ["objections"])
        _note(session, transfer, by, "objection_settled")
        return objection


def require_ready(session: Session, transfer: FundTransfer) -> None:
    """Refuse a change without papers, or whose notice is not over or has an open objection.

    Raises:
        Invalid: naming what is missing, the day from which on it may be approved, or the objections.
    """
    change = transfer.change
    if not count_of(session, EVIDENCE_KIND, transfer.id):
        raise Invalid({"evidence": _l("请先上传作出决定的会议记录，以及捐赠人的同意书或备案回执，再复核。")})
    if change is None or change.basis is not ChangeBasis.NOTICE:
        return
    if change.notice_last_day is None:
        raise Invalid({"notice": _l("还没有公示。请先核对公示全文，再开始公示。")})
    if today() <= change.notice_last_day:
        raise Invalid(
            {
                "notice": _l(
                    "公示到 %(day)s 为止（不少于 %(days)d 日，%(source)s），期满以后才能复核通过。",
                    day=change.notice_last_day.isoformat(),
                    days=NOTICE.days,
                    source=NOTICE.source,
                )
            }
        )
    session.refresh(transfer, ["objections"])
    if transfer.open_objections:
        raise Invalid(
            {
                "notice": _l(
                    "还有 %(count)d 条异议没有答复，答复以后才能复核通过。",
                    count=len(transfer.open_objections),
                )
            }
        )


def notices(session: Session, *, fund_id: int | None = None) -> Sequence[FundTransfer]:
    """Changes whose notice was opened, the newest first, of all funds or those that touch one."""
    query = (
        select(FundTransfer)
        .join(PurposeChange, PurposeChange.transfer_id == FundTransfer.id)
        .where(PurposeChange.notice_first_day.is_not(None))
        .order_by(PurposeChange.notice_first_day.desc(), FundTransfer.id.desc())
        .options(joinedload(FundTransfer.from_fund), joinedload(FundTransfer.to_fund))
        .limit(MOST_PAST)
    )
    if fund_id is not None:
        query = query.where((FundTransfer.from_fund_id == fund_id) | (FundTransfer.to_fund_id == fund_id))
    return session.scalars(query).all()


def notice_of(session: Session, transfer_no: str) -> FundTransfer:
    """The change behind a public notice.

    Raises:
        NotFound: there is none, or its notice was never opened.
    """
    found: FundTransfer | None = session.scalar(
        select(FundTransfer).where(FundTransfer.transfer_no == transfer_no)
    )
    if found is None or found.change is None or found.change.notice_first_day is None:
        raise NotFound(_l("没有这份公示。"))
    return found


def _find(session: Session, transfer_id: int, by: StaffMember) -> FundTransfer:
    found = session.get(FundTransfer, transfer_id, with_for_update=True)
    if found is None or not by.scope.permits(found.organisation_id, None):
        raise NotFound(_l("没有找到这笔划转。"))
    return found


def _note(session: Session, transfer: FundTransfer, by: StaffMember, what: str) -> None:
    audit.record(
        session, staff=by, action=f"transfer.{what}", subject_kind="transfer", subject_id=transfer.id
    )
