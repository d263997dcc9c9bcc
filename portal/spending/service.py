"""Payouts as their makers handle them: request, mend, submit, withdraw. What waits has its money set aside.

What reviewers do is in ``reviewing.py``, then come ``paying.py`` and ``arriving.py``; what waits too long lapses in
``expiring.py``.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.beneficiaries.taking import attach
from portal.db import take_row, take_turn, writing
from portal.giving.details import Placement
from portal.i18n import lazy_gettext as _l
from portal.identifiers import document_no
from portal.ledger.entries import Dimensions, Document, NewEntry, money_paid
from portal.ledger.models import Form
from portal.periods import now, today
from portal.refusals import Conflict, NotFound
from portal.spending import commitments
from portal.spending.details import DisbursementDetails, PaymentDetails, check, check_still_open
from portal.spending.goods import goods_entry, rows_of, worth_of
from portal.spending.helped import people_of, settle_list
from portal.spending.kinds import read_uscc
from portal.spending.models import COST_OF_ACCOUNT, WAITING, Disbursement, DisbursementCounter
from portal.spending.models import DisbursementState as State
from portal.staff import audit
from portal.staff.models import StaffMember
from portal.translog.canonical import seal

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
        place = check(session, details, by.scope)
        disbursement = Disbursement(
            disbursement_no=next_number(session),
            maker_id=by.id,
            made_at=now(),
            idempotency_key=idempotency_key,
            state=State.DRAFT,
            reserved_fen=0,
        )
        _fill(session, disbursement, details, place)
        session.add(disbursement)
        session.flush()
        attach(session, details.beneficiary_list, disbursement.id, by)
        note(session, disbursement, by, "requested")
        if submit_now:
            _submit(session, disbursement, by)
        return disbursement


def edit(disbursement_id: int, details: DisbursementDetails, by: StaffMember, version: int) -> Disbursement:
    """Mend a payout that is not under review."""
    with writing() as session:
        disbursement = find(session, disbursement_id, by, lock=True)
        disbursement.require_state(State.DRAFT, State.RETURNED)
        disbursement.require_version(version)
        place = check(session, details, by.scope)
        _fill(session, disbursement, details, place)
        attach(session, details.beneficiary_list, disbursement.id, by)
        disbursement.version += 1
        if by.id != disbursement.maker_id:
            disbursement.editor_id = by.id
        note(session, disbursement, by, "edited")
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
        disbursement.require_state(State.DRAFT, State.RETURNED)
        disbursement.require_version(version)
        check_still_open(session, disbursement, by.scope)
        _submit(session, disbursement, by)
        return disbursement


def withdraw(disbursement_id: int, by: StaffMember, version: int) -> Disbursement:
    """Take a payout back before it is paid; what was set aside is free again."""
    with writing() as session:
        disbursement = find(session, disbursement_id, by, lock=True)
        disbursement.require_state(State.DRAFT, State.RETURNED, *WAITING)
        disbursement.require_version(version)
        free(session, disbursement, State.WITHDRAWN)
        note(session, disbursement, by, "withdrawn")
        return disbursement


def find(session: Session, disbursement_id: int, by: StaffMember, *, lock: bool = False) -> Disbursement:
    """A payout within a person's scope; a foreign one looks like an absent one.

    Raises:
        NotFound: there is none, or none for this person.
    """
    found = take_row(session, Disbursement, disbursement_id, lock=lock)
    if found is None or not by.scope.permits(found.organisation_id, found.station_id):
        raise NotFound(_l("没有找到这笔支出。"))
    return found


def entry_of(disbursement: Disbursement) -> NewEntry:
    """The ledger entry a payout becomes; its street is that of the station the goods lay at, else the fund's."""
    assert disbursement.paid_on is not None and disbursement.channel is not None  # noqa: S101 - it is paid
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


def free(session: Session, disbursement: Disbursement, state: State) -> None:
    """Free what was set aside, because the payout goes to a state in which it waits no longer."""
    with session.no_autoflush:  # the database checks that what is set aside agrees with the state
        commitments.release(session, disbursement)
        disbursement.state = state
    session.flush()


def note(session: Session, disbursement: Disbursement, by: StaffMember | None, what: str) -> None:
    """Write a deed into the audit trail; nobody's are the keeper's."""
    audit.record(
        session, staff=by, action=f"disbursement.{what}", subject_kind=SUBJECT, subject_id=disbursement.id
    )


def _submit(session: Session, disbursement: Disbursement, by: StaffMember) -> None:
    settle_list(session, disbursement)
    with session.no_autoflush:
        commitments.reserve(session, disbursement)
        disbursement.state = State.PENDING
    disbursement.approver_id = disbursement.second_approver_id = None
    disbursement.submitted_at = now()
    note(session, disbursement, by, "submitted")


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


def _fill(
    session: Session, disbursement: Disbursement, details: DisbursementDetails, place: Placement
) -> None:
    disbursement.kind = details.kind
    disbursement.form = details.form
    disbursement.organisation_id = place.organisation.id
    disbursement.fund_id = place.fund.id
    disbursement.project_id = place.project.id if place.project else None
    disbursement.budget_line_id = place.budget_line_id
    disbursement.purpose_kind = place.purpose_kind
    disbursement.committee_decision_id = details.committee_decision_id
    disbursement.campaign_id = place.campaign.id if place.campaign else None
    disbursement.station_id = place.station.id if place.station else None
    disbursement.items = rows_of(details.goods)
    disbursement.amount_fen = worth_of(session, details, place)
    disbursement.recipient = details.recipient.strip()
    disbursement.recipient_uscc = read_uscc(details.recipient_uscc, {})
    disbursement.purpose = details.purpose.strip()
    disbursement.beneficiary_count = people_of(session, details)
    disbursement.remark = details.remark
    disbursement.content_hash = details.content_hash()
    if details.payment is not None:
        set_payment(disbursement, details.payment)


def set_payment(disbursement: Disbursement, payment: PaymentDetails) -> None:
    """Take over what is said of the payment."""
    disbursement.paid_on = payment.paid_on
    disbursement.channel = payment.channel
    disbursement.payment_ref = payment.payment_ref.strip()
    disbursement.late_reason = payment.late_reason.strip()
