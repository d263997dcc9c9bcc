"""What reviewers decide about a payout: approve, once or twice, return, or refuse for good."""

from sqlalchemy.orm import Session

from portal.beneficiaries.interests import require_reason
from portal.db import writing
from portal.i18n import lazy_gettext as _l
from portal.refusals import Forbidden, Invalid, Sentence
from portal.registry.thresholds import exceeds_second_approval
from portal.spending.models import UNDER_REVIEW, Disbursement
from portal.spending.models import DisbursementState as State
from portal.spending.restricting import require_allowed
from portal.spending.service import SUBJECT, find, free, note
from portal.staff import review
from portal.staff.models import Decision, StaffMember


def approve(disbursement_id: int, by: StaffMember, version: int) -> Disbursement:
    """Approve a payout as shown; above the organisation's threshold a second reviewer has to as well.

    Asked again by the same reviewer, it answers as before.

    Raises:
        Conflict: the payout has moved on, was changed after it was shown, or goes to somebody with an interest and
            the reviewer has not written down why it may.
        Forbidden: the reviewer made, edited or already approved it.
        Invalid: the fund was bound to another purpose meanwhile.
    """
    with writing() as session:
        disbursement = find(session, disbursement_id, by, lock=True)
        if disbursement.state is State.APPROVED and by.id in _approvers(disbursement):
            disbursement.require_version(version)
            return disbursement
        first = disbursement.state is State.PENDING
        _decide(session, disbursement, by, version, Decision.APPROVED)
        require_reason(session, disbursement.id, by)
        require_allowed(disbursement)
        if first:
            disbursement.approver_id = by.id
        else:
            disbursement.second_approver_id = by.id
        needs_second = first and needs_second_approval(session, disbursement)
        disbursement.state = State.SECOND_PENDING if needs_second else State.APPROVED
        note(session, disbursement, by, "approved_first" if needs_second else "approved")
        return disbursement


def return_to_maker(disbursement_id: int, by: StaffMember, version: int, reason: str) -> Disbursement:
    """Send a payout back to be mended, with a reason; what was set aside is free again."""
    why = _l("请写明退回的原因，申请人才知道怎么改。")
    with writing() as session:
        disbursement = find(session, disbursement_id, by, lock=True)
        _decide(session, disbursement, by, version, Decision.RETURNED, _reason(reason, why))
        free(session, disbursement, State.RETURNED)
        note(session, disbursement, by, "returned")
        return disbursement


def refuse(disbursement_id: int, by: StaffMember, version: int, reason: str) -> Disbursement:
    """Refuse a payout for good, with a reason; what was set aside is free again."""
    why = _l("请写明不同意的原因，申请人会看到。")
    with writing() as session:
        disbursement = find(session, disbursement_id, by, lock=True)
        _decide(session, disbursement, by, version, Decision.REFUSED, _reason(reason, why))
        free(session, disbursement, State.REFUSED)
        note(session, disbursement, by, "refused")
        return disbursement


def needs_second_approval(session: Session, disbursement: Disbursement) -> bool:
    """Whether the amount is above what one reviewer may approve alone."""
    asked_at = disbursement.submitted_at or disbursement.made_at
    return exceeds_second_approval(session, disbursement.organisation, disbursement.amount_fen, asked_at)


def _approvers(disbursement: Disbursement) -> set[int | None]:
    return {disbursement.approver_id, disbursement.second_approver_id}


def _reason(reason: str, why: Sentence) -> str:
    if not reason.strip():
        raise Invalid({"reason": why})
    return reason.strip()


def _decide(
    session: Session,
    disbursement: Disbursement,
    by: StaffMember,
    version: int,
    decision: Decision,
    reason: str = "",
) -> None:
    disbursement.require_state(*UNDER_REVIEW)
    disbursement.require_version(version)
    if decision is Decision.APPROVED and by.id in _approvers(disbursement):
        raise Forbidden(_l("您已经同意过这一笔。超过限额的支出要由另一位复核员第二次复核。"))
    review.record_decision(
        session,
        subject_kind=SUBJECT,
        subject_id=disbursement.id,
        version=version,
        makers=disbursement.makers,
        checker=by,
        decision=decision,
        reason=reason,
    )
