"""Transfers and changes of purpose: requested with a public reason, reviewed by another person, then in the ledger."""

from dataclasses import asdict, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.committees import using
from portal.db import take_row, take_turn, writing
from portal.giving.service import require_late_reason
from portal.i18n import lazy_gettext as _l
from portal.identifiers import document_no
from portal.ledger import balances, posting
from portal.ledger.entries import Dimensions, Document, NewEntry, granted, moved_between
from portal.ledger.models import EntryKind, FundBalance
from portal.periods import now, today
from portal.refusals import Conflict, Forbidden, Invalid, NotFound
from portal.registry.services.funds import change_purpose
from portal.registry.thresholds import exceeds_second_approval
from portal.staff import audit, review
from portal.staff.documents import DocumentState
from portal.staff.models import Decision, StaffMember
from portal.transfers.details import (
    Ends,
    Errors,
    TransferDetails,
    check,
    check_new_kind,
    check_open,
    check_restriction,
    kind_of,
)
from portal.transfers.models import FundTransfer, PurposeChange, TransferCounter, TransferKind
from portal.transfers.noticing import require_ready

SUBJECT = "transfer"


def request(details: TransferDetails, by: StaffMember, idempotency_key: str) -> FundTransfer:
    """Request a transfer or a change of purpose; its amount is set aside in the fund that it leaves.

    Raises:
        Invalid: a field breaks a rule, the fund has less available, or no decision of its committee covers it.
        Conflict: the key was used for another transfer.
    """
    with writing() as session:
        take_turn(session, f"transfer:{idempotency_key}")
        earlier: FundTransfer | None = session.scalar(
            select(FundTransfer).where(FundTransfer.idempotency_key == idempotency_key)
        )
        if earlier is not None:
            if earlier.content_hash != details.content_hash() or earlier.maker_id != by.id:
                raise Conflict(_l("这张表单已经提交过另一笔内容。请打开新的申请表重新填写。"))
            return earlier
        ends = check(session, details, by.scope)
        for fund in {ends.source, ends.target}:
            require_late_reason(session, fund.organisation_id, fund.id, details.moved_on, details.late_reason)
        transfer = _made(session, details, ends)
        transfer.maker_id, transfer.idempotency_key = by.id, idempotency_key
        balances.reserve(session, ends.source.id, transfer.amount_fen)
        using.commit(session, details.committee_decision_id, ends.source, transfer.amount_fen)
        session.add(transfer)
        session.flush()
        note(session, transfer, by, "requested")
        return transfer


def approve(transfer_id: int, by: StaffMember, version: int) -> FundTransfer:
    """Approve a transfer as shown: from this moment it stands in the public ledger.

    Raises:
        Invalid: a notice still runs, an objection is open, or the funds have changed since.
    """
    with writing() as session:
        transfer = find(session, transfer_id, by, lock=True)
        first = approvers_of(session, transfer)
        if by.id in first:
            raise Forbidden(_l("您已经同意过这一笔。超过限额的要由另一位复核员第二次复核。"))
        _decide(session, transfer, by, version, Decision.APPROVED)
        _require_still_right(session, transfer)
        if needs_second_approval(session, transfer) and not first:
            note(session, transfer, by, "approved_first")
            return transfer
        if transfer.change is not None:
            transfer.moved_on = today()
        posted = posting.post(session, entry_of(transfer))
        using.spend(session, transfer.committee_decision_id, transfer.amount_fen)
        transfer.entry_id, transfer.reserved_fen, transfer.state = posted.id, 0, DocumentState.POSTED
        change = transfer.change
        if change is not None and transfer.from_fund_id == transfer.to_fund_id:
            change_purpose(session, transfer.from_fund, change.new_kind, change.new_purpose, by)
        note(session, transfer, by, "approved")
        return transfer


def needs_second_approval(session: Session, transfer: FundTransfer) -> bool:
    """Whether money leaves for another organisation, and more of it than one reviewer may let go."""
    if transfer.kind is not TransferKind.GRANT:
        return False
    asked_at = transfer.submitted_at or transfer.made_at
    return exceeds_second_approval(session, transfer.from_fund.organisation, transfer.amount_fen, asked_at)


def approvers_of(session: Session, transfer: FundTransfer) -> set[int]:
    """Who has approved what is shown now."""
    return {
        one.checker_id
        for one in review.decisions_on(session, SUBJECT, transfer.id)
        if one.decision is Decision.APPROVED and one.version == transfer.version
    }


def return_to_maker(transfer_id: int, by: StaffMember, version: int, reason: str) -> FundTransfer:
    """Refuse a transfer with a reason; what was set aside is free again, and it may be requested anew."""
    if not reason.strip():
        raise Invalid({"reason": _l("请写明不同意的原因。")})
    with writing() as session:
        transfer = find(session, transfer_id, by, lock=True)
        _decide(session, transfer, by, version, Decision.RETURNED, reason.strip())
        _leave_review(session, transfer, DocumentState.RETURNED)
        note(session, transfer, by, "returned")
        return transfer


def withdraw(transfer_id: int, by: StaffMember, version: int) -> FundTransfer:
    """Take a transfer back; what was set aside is free again."""
    with writing() as session:
        transfer = find(session, transfer_id, by, lock=True)
        transfer.require_state(DocumentState.PENDING, DocumentState.RETURNED)
        transfer.require_version(version)
        _leave_review(session, transfer, DocumentState.WITHDRAWN)
        note(session, transfer, by, "withdrawn")
        return transfer


def find(session: Session, transfer_id: int, by: StaffMember, *, lock: bool = False) -> FundTransfer:
    """A transfer within a person's scope: that of the organisation whose money leaves.

    Raises:
        NotFound: there is none, or none for this person.
    """
    found = take_row(session, FundTransfer, transfer_id, lock=lock)
    if found is None or not by.scope.permits(found.organisation_id, None):
        raise NotFound(_l("没有找到这笔划转。"))
    return found


def entry_of(transfer: FundTransfer) -> NewEntry:
    """The ledger entry that a transfer becomes, with the change of purpose in its public words."""
    change = transfer.change
    entry = moved_between(
        amount_fen=transfer.amount_fen,
        channel=transfer.channel,
        occurred_on=transfer.moved_on,
        source=Dimensions(transfer.organisation_id, transfer.from_fund_id),
        target_fund_id=transfer.to_fund_id,
        document=Document(f"transfer:{transfer.id}", transfer.transfer_no),
        release_fen=transfer.reserved_fen,
        late_reason=transfer.late_reason,
    )
    if transfer.kind is TransferKind.GRANT:
        entry = granted(entry, restricted=transfer.to_fund.restricted)
    if change is None:
        return replace(entry, reason=transfer.reason)
    words = f"{change.old_purpose} → {change.new_purpose}：{transfer.reason}"
    return replace(entry, kind=EntryKind.PURPOSE_CHANGE, reason=words)


def note(session: Session, transfer: FundTransfer, by: StaffMember, what: str) -> None:
    """Add to the audit trail what was done to a transfer."""
    audit.record(session, staff=by, action=f"{SUBJECT}.{what}", subject_kind=SUBJECT, subject_id=transfer.id)


def next_number(session: Session) -> str:
    """The next transfer number of this year, inside the caller's transaction."""
    year = today().year
    take_turn(session, f"transfer-counter:{year}")
    counter = session.get(TransferCounter, year, with_for_update=True, populate_existing=True)
    if counter is None:
        counter = TransferCounter(year=year, last=0)
        session.add(counter)
    counter.last += 1
    session.flush()
    return document_no("T", year, counter.last)


def _made(session: Session, details: TransferDetails, ends: Ends) -> FundTransfer:
    change = details.change
    return FundTransfer(
        transfer_no=next_number(session),
        kind=kind_of(details, ends),
        organisation_id=ends.source.organisation_id,
        to_organisation_id=ends.target.organisation_id,
        from_fund_id=ends.source.id,
        to_fund_id=ends.target.id,
        amount_fen=details.amount_fen,
        channel=details.channel,
        moved_on=details.moved_on,
        reason=details.reason.strip(),
        late_reason=details.late_reason.strip(),
        reserved_fen=details.amount_fen,
        committee_decision_id=details.committee_decision_id,
        content_hash=details.content_hash(),
        made_at=now(),
        submitted_at=now(),
        state=DocumentState.PENDING,
        change=PurposeChange(**asdict(change)) if change else None,
    )


def _require_still_right(session: Session, transfer: FundTransfer) -> None:
    """Funds may have changed while it waited; a notice has run its days and nobody's objection is open."""
    errors: Errors = {}
    ends = Ends(transfer.from_fund, transfer.to_fund)
    check_open(ends, errors)
    if transfer.change is None:
        check_restriction(ends, errors)
    else:
        require_ready(session, transfer)
        check_new_kind(ends, transfer.change.new_kind, errors)
        if ends.same:
            _check_nothing_more(session, transfer, errors)
    if errors:
        raise Invalid(errors)


def _check_nothing_more(session: Session, transfer: FundTransfer, errors: Errors) -> None:
    """What came into the fund after the notice began was given for the old purpose, and keeps it."""
    held = session.get(FundBalance, transfer.from_fund_id, populate_existing=True)
    if held is None or (held.balance_fen, held.reserved_fen) != (transfer.amount_fen, transfer.reserved_fen):
        errors["amount"] = _l(
            "申请之后基金里又有别的钱或待付的支出，它们不在这次公示之内。请先付清或转出，或撤回后按现在的余额重新申请。"
        )


def _decide(
    session: Session,
    transfer: FundTransfer,
    by: StaffMember,
    version: int,
    decision: Decision,
    reason: str = "",
) -> None:
    transfer.require_state(DocumentState.PENDING)
    transfer.require_version(version)
    review.record_decision(
        session,
        subject_kind=SUBJECT,
        subject_id=transfer.id,
        version=version,
        makers=transfer.makers,
        checker=by,
        decision=decision,
        reason=reason,
    )


def _leave_review(session: Session, transfer: FundTransfer, state: DocumentState) -> None:
    if transfer.reserved_fen:
        balances.release(session, transfer.from_fund_id, transfer.reserved_fen)
        using.release(session, transfer.committee_decision_id, transfer.reserved_fen)
        transfer.reserved_fen = 0
    transfer.state = state
