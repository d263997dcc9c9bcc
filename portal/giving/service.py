"""Gifts: record, mend, submit, review. Each function is one transaction and one line in the audit trail."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import take_row, take_turn, writing
from portal.giving.checks import check
from portal.giving.consent_records import keep_record
from portal.giving.details import DonationDetails, Placement
from portal.giving.donor_choice import donor_of
from portal.giving.entries import entries_of
from portal.giving.items import rows_of
from portal.giving.models import Donation
from portal.giving.numbers import next_number
from portal.giving.storing import store
from portal.i18n import lazy_gettext as _l
from portal.ledger import posting
from portal.ledger.closing import closed_through
from portal.periods import now
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff import audit, review
from portal.staff.documents import DocumentState
from portal.staff.models import Decision, StaffMember
from portal.translog.canonical import new_salt

SUBJECT = "donation"


def record(
    details: DonationDetails, by: StaffMember, idempotency_key: str, *, submit_now: bool = True
) -> Donation:
    """Log a gift. The same key with the same content gives the same gift: a double click logs it once.

    Raises:
        Invalid: a field breaks a rule; the errors name each.
        Conflict: the key was used for another gift.
    """
    with writing() as session:
        take_turn(session, f"donation:{idempotency_key}")
        earlier: Donation | None = session.scalar(
            select(Donation).where(Donation.idempotency_key == idempotency_key)
        )
        if earlier is not None:
            if earlier.content_hash != details.content_hash() or earlier.maker_id != by.id:
                raise Conflict(_l("这张表单已经提交过另一笔内容。请打开新的登记表重新填写。"))
            return earlier
        place = check(session, details, by.scope)
        require_late_reason(
            session, place.organisation.id, place.fund.id, details.received_on, details.late_reason
        )
        donation = Donation(
            donation_no=next_number(session),
            maker_id=by.id,
            made_at=now(),
            idempotency_key=idempotency_key,
            state=DocumentState.DRAFT,
        )
        _fill(donation, details, place)
        donation.donor_id = donor_of(session, details, place, by)
        session.add(donation)
        session.flush()
        keep_record(session, donation, by, details.consent_how)
        audit.record(
            session, staff=by, action="donation.recorded", subject_kind=SUBJECT, subject_id=donation.id
        )
        if submit_now:
            _submit(session, donation, by)
        return donation


def edit(donation_id: int, details: DonationDetails, by: StaffMember, version: int) -> Donation:
    """Mend a gift that is not yet under review or was returned.

    Raises:
        NotFound, Conflict, Invalid: as their messages say.
    """
    with writing() as session:
        donation = find(session, donation_id, by, lock=True)
        donation.require_state(DocumentState.DRAFT, DocumentState.RETURNED)
        donation.require_version(version)
        place = check(session, details, by.scope)
        require_late_reason(
            session, place.organisation.id, place.fund.id, details.received_on, details.late_reason
        )
        same_donor = (donation.donor_name, donation.donor_kind) == (details.donor_name, details.donor_kind)
        _fill(donation, details, place)
        if not same_donor or details.donor_id or details.donor_phone or details.anonymous:
            donation.donor_id = donor_of(session, details, place, by)
        donation.version += 1
        keep_record(session, donation, by, details.consent_how)
        if by.id != donation.maker_id:
            donation.editor_id = by.id
        audit.record(
            session, staff=by, action="donation.edited", subject_kind=SUBJECT, subject_id=donation.id
        )
        return donation


def mend(donation_id: int, details: DonationDetails, by: StaffMember, version: int) -> Donation:
    """Edit and hand to review again, both or neither."""
    with writing():
        mended = edit(donation_id, details, by, version)
        return submit(donation_id, by, mended.version)


def submit(donation_id: int, by: StaffMember, version: int) -> Donation:
    """Hand a gift to review."""
    with writing() as session:
        donation = find(session, donation_id, by, lock=True)
        donation.require_state(DocumentState.DRAFT, DocumentState.RETURNED)
        donation.require_version(version)
        _submit(session, donation, by)
        return donation


def withdraw(donation_id: int, by: StaffMember, version: int) -> Donation:
    """Take back a gift that is not in the ledger yet; it stays visible as withdrawn."""
    with writing() as session:
        donation = find(session, donation_id, by, lock=True)
        donation.require_state(DocumentState.DRAFT, DocumentState.RETURNED, DocumentState.PENDING)
        donation.require_version(version)
        donation.state = DocumentState.WITHDRAWN
        audit.record(
            session, staff=by, action="donation.withdrawn", subject_kind=SUBJECT, subject_id=donation.id
        )
        return donation


def approve(donation_id: int, by: StaffMember, version: int) -> Donation:
    """Approve a gift as shown: from this moment it stands in the public ledger.

    Raises:
        Refusal: the reviewer had a hand in it, the version is not the one shown, or a rule of the ledger says no.
    """
    with writing() as session:
        donation = find(session, donation_id, by, lock=True)
        donation.require_state(DocumentState.PENDING)
        donation.require_version(version)
        review.record_decision(
            session,
            subject_kind=SUBJECT,
            subject_id=donation.id,
            version=version,
            makers=donation.makers,
            checker=by,
            decision=Decision.APPROVED,
        )
        donation.donor_salt = new_salt()
        if donation.items:
            donation.goods_salt = new_salt()
        posted = posting.post_all(session, entries_of(donation))[0]
        donation.entry_id = posted.id
        donation.state = DocumentState.POSTED
        store(session, donation, posted.entry_no)
        audit.record(
            session, staff=by, action="donation.approved", subject_kind=SUBJECT, subject_id=donation.id
        )
        return donation


def return_to_maker(donation_id: int, by: StaffMember, version: int, reason: str) -> Donation:
    """Send a gift back to be mended, with a reason."""
    if not reason.strip():
        raise Invalid({"reason": _l("请写明退回的原因，登记人才知道怎么改。")})
    with writing() as session:
        donation = find(session, donation_id, by, lock=True)
        donation.require_state(DocumentState.PENDING)
        donation.require_version(version)
        review.record_decision(
            session,
            subject_kind=SUBJECT,
            subject_id=donation.id,
            version=version,
            makers=donation.makers,
            checker=by,
            decision=Decision.RETURNED,
            reason=reason.strip(),
        )
        donation.state = DocumentState.RETURNED
        audit.record(
            session, staff=by, action="donation.returned", subject_kind=SUBJECT, subject_id=donation.id
        )
        return donation


def find(session: Session, donation_id: int, by: StaffMember, *, lock: bool = False) -> Donation:
    """A gift within a person's scope; a foreign one looks like an absent one.

    Raises:
        NotFound: there is none, or none for this person.
    """
    donation = take_row(session, Donation, donation_id, lock=lock)
    if donation is None or not by.scope.permits(donation.organisation_id, donation.station_id):
        raise NotFound(_l("没有找到这笔捐赠。"))
    return donation


def require_late_reason(session: Session, organisation_id: int, fund_id: int, day: date, reason: str) -> None:
    """A day in closed books needs a reason, which is shown beside the entry.

    Raises:
        Invalid: there is none.
    """
    last = closed_through(session, [organisation_id]).get((organisation_id, fund_id))
    if last is not None and day <= last and not reason.strip():
        raise Invalid(
            {
                "late_reason": _l(
                    "%(day)s 在已公布账单的月份里（账已结到 %(last)s）。请写明补记原因，公众会看到。",
                    day=day.isoformat(),
                    last=last.isoformat(),
                )
            }
        )


def _submit(session: Session, donation: Donation, by: StaffMember) -> None:
    donation.state = DocumentState.PENDING
    donation.submitted_at = now()
    audit.record(session, staff=by, action="donation.submitted", subject_kind=SUBJECT, subject_id=donation.id)


def _fill(donation: Donation, details: DonationDetails, place: Placement) -> None:
    donation.organisation_id = place.organisation.id
    donation.fund_id = place.fund.id
    donation.station_id = place.station.id if place.station else None
    donation.campaign_id = place.campaign.id if place.campaign else None
    donation.project_id = place.project.id if place.project else None
    donation.donor_name = details.donor_name
    donation.donor_kind = details.donor_kind
    donation.anonymous = details.anonymous
    donation.publish_name = details.publish_name
    donation.mask_name = details.mask_name
    donation.payer_name = details.payer_name
    donation.restriction = details.restriction
    donation.restriction_text = details.restriction_text
    donation.restricted_until = details.restricted_until
    donation.agency = details.agency
    donation.agency_beneficiary = details.agency_beneficiary
    donation.currency = details.currency
    donation.foreign_amount = details.foreign_amount
    donation.exchange_rate = details.exchange_rate
    donation.rate_source = details.rate_source
    donation.pledge_id = place.pledge.id if place.pledge else None
    donation.items = rows_of(details.items)
    donation.form = details.form
    donation.amount_fen = details.worth_fen
    donation.received_on = details.received_on
    donation.channel = details.channel
    donation.external_ref = details.external_ref
    donation.remark = details.remark
    donation.late_reason = details.late_reason
    donation.content_hash = details.content_hash()
