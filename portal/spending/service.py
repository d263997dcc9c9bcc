"""Payouts: request, mend, submit, review. A payout under review has its money set aside in the fund."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import take_turn, writing
from portal.giving.details import Placement
from portal.giving.service import require_late_reason
from portal.i18n import lazy_gettext as _l
from portal.identifiers import document_no
from portal.ledger import balances, posting
from portal.ledger.entries import Dimensions, Document, NewEntry, money_paid
from portal.ledger.models import Form
from portal.periods import now, today
from portal.refusals import Conflict, Invalid, NotFound
from portal.spending.details import DisbursementDetails, check
from portal.spending.goods import draw_goods, goods_entry, note_goods, rows_of, worth_of
from portal.spending.models import COST_OF_ACCOUNT, Disbursement, DisbursementCounter
from portal.staff import audit, review
from portal.staff.documents import DocumentState
from portal.staff.models import Decision, StaffMember
from portal.translog.canonical import new_salt, seal

SUBJECT = "disbursement"

COST_ACCOUNTS = {kind: account for account, kind in COST_OF_ACCOUNT.items()}


def request(
    details: DisbursementDetails, by: StaffMember, idempotency_key: str, *, submit_now: bool = True
) -> Disbursement:
    """Request a payout; submitting sets its amount aside in the fund.

    Raises:
        Invalid: a field breaks a rule, or the fund has less available than that.
        Conflict: the key was used for another payout.
    """
    with writing() as session:
        take_turn(session, f"disbursement:{idempotency_key}")
        earlier: Disbursement | None = session.scalar(
            select(Disbursement).where(Disbursement.idempotency_key == idempotency_key)
        )
        if earlier is not None:
            if earlier.content_hash != details.content_hash() or earlier.maker_id != by.id:
                raise Conflict(_l("这张表单已经提交过另一笔内容。请打开新的申请表重新填写。"))
            return earlier
        place = _checked(session, details, by)
        disbursement = Disbursement(
            disbursement_no=next_number(session),
            maker_id=by.id,
            made_at=now(),
            idempotency_key=idempotency_key,
            state=DocumentState.DRAFT,
            reserved_fen=0,
        )
        _fill(disbursement, details, place)
        disbursement.amount_fen = worth_of(session, details, place)
        session.add(disbursement)
        session.flush()
        _note(session, disbursement, by, "requested")
        if submit_now:
            _submit(session, disbursement, by)
        return disbursement


def edit(disbursement_id: int, details: DisbursementDetails, by: StaffMember, version: int) -> Disbursement:
    """Mend a payout that is not under review."""
    with writing() as session:
        disbursement = find(session, disbursement_id, by)
        disbursement.require_state(DocumentState.DRAFT, DocumentState.RETURNED)
        disbursement.require_version(version)
        place = _checked(session, details, by)
        _fill(disbursement, details, place)
        disbursement.amount_fen = worth_of(session, details, place)
        disbursement.version += 1
        if by.id != disbursement.maker_id:
            disbursement.editor_id = by.id
        _note(session, disbursement, by, "edited")
        return disbursement


def mend(disbursement_id: int, details: DisbursementDetails, by: StaffMember, version: int) -> Disbursement:
    """Edit and hand to review again, both or neither."""
    with writing():
        mended = edit(disbursement_id, details, by, version)
        return submit(disbursement_id, by, mended.version)


def submit(disbursement_id: int, by: StaffMember, version: int) -> Disbursement:
    """Hand a payout to review and set its amount aside."""
    with writing() as session:
        disbursement = find(session, disbursement_id, by, lock=True)
        disbursement.require_state(DocumentState.DRAFT, DocumentState.RETURNED)
        disbursement.require_version(version)
        _submit(session, disbursement, by)
        return disbursement


def withdraw(disbursement_id: int, by: StaffMember, version: int) -> Disbursement:
    """Take a payout back; what was set aside is free again."""
    with writing() as session:
        disbursement = find(session, disbursement_id, by, lock=True)
        disbursement.require_state(DocumentState.DRAFT, DocumentState.RETURNED, DocumentState.PENDING)
        disbursement.require_version(version)
        _leave_review(session, disbursement, DocumentState.WITHDRAWN)
        _note(session, disbursement, by, "withdrawn")
        return disbursement


def approve(disbursement_id: int, by: StaffMember, version: int) -> Disbursement:
    """Approve a payout as shown: from this moment it stands in the public ledger."""
    with writing() as session:
        disbursement = find(session, disbursement_id, by, lock=True)
        _decide(session, disbursement, by, version, Decision.APPROVED)
        disbursement.use_salt = new_salt()
        parts = draw_goods(session, disbursement)
        posted = posting.post(session, entry_of(disbursement))
        note_goods(session, disbursement, parts, posted.id)
        disbursement.entry_id = posted.id
        disbursement.reserved_fen = 0
        disbursement.state = DocumentState.POSTED
        _note(session, disbursement, by, "approved")
        return disbursement


def return_to_maker(disbursement_id: int, by: StaffMember, version: int, reason: str) -> Disbursement:
    """Send a payout back to be mended, with a reason; what was set aside is free again."""
    if not reason.strip():
        raise Invalid({"reason": _l("请写明退回的原因，申请人才知道怎么改。")})
    with writing() as session:
        disbursement = find(session, disbursement_id, by, lock=True)
        _decide(session, disbursement, by, version, Decision.RETURNED, reason.strip())
        _leave_review(session, disbursement, DocumentState.RETURNED)
        _note(session, disbursement, by, "returned")
        return disbursement


def find(session: Session, disbursement_id: int, by: StaffMember, *, lock: bool = False) -> Disbursement:
    """A payout within a person's scope; a foreign one looks like an absent one.

    Raises:
        NotFound: there is none, or none for this person.
    """
    found = session.get(Disbursement, disbursement_id, with_for_update=lock or None)
    if found is None or not by.scope.permits(found.organisation_id, found.station_id):
        raise NotFound(_l("没有找到这笔支出。"))
    return found


def entry_of(disbursement: Disbursement) -> NewEntry:
    """The ledger entry a payout becomes; its street is that of the station the goods lay at, else the fund's."""
    salt = disbursement.use_salt
    sealed = (("use", seal(salt, disbursement.use_part)),) if salt else ()
    if disbursement.form is Form.GOODS:
        return goods_entry(disbursement, COST_ACCOUNTS[disbursement.cost_kind], sealed)
    return money_paid(
        amount_fen=disbursement.amount_fen,
        channel=disbursement.channel,
        cost_account=COST_ACCOUNTS[disbursement.cost_kind],
        occurred_on=disbursement.paid_on,
        dimensions=Dimensions(
            organisation_id=disbursement.organisation_id,
            fund_id=disbursement.fund_id,
            street_id=disbursement.fund.street_id,
            project_id=disbursement.project_id,
            campaign_id=disbursement.campaign_id,
        ),
        document=Document(f"disbursement:{disbursement.id}", disbursement.disbursement_no, sealed),
        release_fen=disbursement.reserved_fen,
        late_reason=disbursement.late_reason,
    )


def _checked(session: Session, details: DisbursementDetails, by: StaffMember) -> Placement:
    place = check(session, details, by.scope)
    require_late_reason(session, place.organisation.id, place.fund.id, details.paid_on, details.late_reason)
    return place


def _decide(
    session: Session,
    disbursement: Disbursement,
    by: StaffMember,
    version: int,
    decision: Decision,
    reason: str = "",
) -> None:
    disbursement.require_state(DocumentState.PENDING)
    disbursement.require_version(version)
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


def _submit(session: Session, disbursement: Disbursement, by: StaffMember) -> None:
    if disbursement.form is Form.MONEY:
        balances.reserve(session, disbursement.fund_id, disbursement.amount_fen)
        disbursement.reserved_fen = disbursement.amount_fen
    disbursement.state = DocumentState.PENDING
    disbursement.submitted_at = now()
    _note(session, disbursement, by, "submitted")


def _leave_review(session: Session, disbursement: Disbursement, state: DocumentState) -> None:
    if disbursement.reserved_fen:
        balances.release(session, disbursement.fund_id, disbursement.reserved_fen)
        disbursement.reserved_fen = 0
    disbursement.state = state


def _note(session: Session, disbursement: Disbursement, by: StaffMember, what: str) -> None:
    audit.record(
        session, staff=by, action=f"disbursement.{what}", subject_kind=SUBJECT, subject_id=disbursement.id
    )


def next_number(session: Session) -> str:
    """The next disbursement number of this year, inside the caller's transaction."""
    year = today().year
    take_turn(session, f"disbursement-counter:{year}")
    counter = session.get(DisbursementCounter, year, with_for_update=True, populate_existing=True)
    if counter is None:
        counter = DisbursementCounter(year=year, last=0)
        session.add(counter)
    counter.last += 1
    session.flush()
    return document_no("P", year, counter.last)


def _fill(disbursement: Disbursement, details: DisbursementDetails, place: Placement) -> None:
    disbursement.organisation_id = place.organisation.id
    disbursement.fund_id = place.fund.id
    disbursement.project_id = place.project.id if place.project else None
    disbursement.campaign_id = place.campaign.id if place.campaign else None
    disbursement.station_id = place.station.id if place.station else None
    disbursement.form = details.form
    disbursement.items = rows_of(details.goods)
    disbursement.recipient = details.recipient.strip()
    disbursement.purpose = details.purpose.strip()
    disbursement.cost_kind = details.cost_kind
    disbursement.beneficiary_count = details.beneficiary_count
    disbursement.paid_on = details.paid_on
    disbursement.channel = details.channel
    disbursement.payment_ref = details.payment_ref
    disbursement.remark = details.remark
    disbursement.late_reason = details.late_reason
    disbursement.content_hash = details.content_hash()
