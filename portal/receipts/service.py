"""Acknowledgements and certificates: give out, print again, void. Each function is one transaction."""

import secrets
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.db import take_turn, writing
from portal.giving.models import Donation
from portal.giving.service import find as find_donation
from portal.i18n import lazy_gettext as _l
from portal.identifiers import document_no
from portal.ledger.models import Entry
from portal.periods import now, today
from portal.receipts.facts import PaperFacts, facts_of
from portal.receipts.models import Acknowledgement, Certificate, CertificateCounter
from portal.refusals import Conflict, Invalid
from portal.registry.models import Organisation
from portal.staff import audit
from portal.staff.models import StaffMember

SUBJECT = "acknowledgement"
PAGE = 50
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without characters that look alike on paper."""
_CODE_LENGTH = 10


def acknowledge(donation_id: int, by: StaffMember) -> PaperFacts:
    """Give out the acknowledgement of a gift, or print it again; each print is counted and audited.

    Raises:
        NotFound: there is no such gift, or none for this person.
        Conflict: it is not in the ledger yet, was reversed, or its acknowledgement is void.
    """
    with writing() as session:
        donation = _require_standing(session, donation_id, by)
        found = _of(session, donation)
        if found is None:
            found = Acknowledgement(
                donation_id=donation.id,
                receipt_no=_entry_of(session, donation).receipt_no,
                lookup_code=new_lookup_code(),
                issued_at=now(),
                issued_by_id=by.id,
            )
            session.add(found)
        elif found.voided_at is not None:
            raise Conflict(_l("这份回执已经作废，不能再打印。原因：%(reason)s", reason=found.void_reason))
        else:
            found.printed += 1
        session.flush()
        action = "acknowledgement.issued" if found.printed == 1 else "acknowledgement.reprinted"
        audit.record(session, staff=by, action=action, subject_kind=SUBJECT, subject_id=found.id)
        return facts_of(donation, found.receipt_no, lookup_code=found.lookup_code, copy=found.printed)


def new_lookup_code() -> str:
    """A code that opens a gift's trail to whoever holds the paper."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


def void(donation_id: int, by: StaffMember, reason: str) -> Acknowledgement:
    """Void an acknowledgement that was given out; the number stays in the register and is never given again.

    Raises:
        NotFound: there is no such gift, or none for this person.
        Conflict: none was given out, or it is void already.
        Invalid: no reason is given.
    """
    with writing() as session:
        found = _of(session, find_donation(session, donation_id, by, lock=True))
        if not 2 <= len(reason.strip()) <= 200:
            raise Invalid({"reason": _l("请写明作废的原因（2 至 200 字）。")})
        if found is None:
            raise Conflict(_l("这笔捐赠还没有开过回执。"))
        if found.voided_at is not None:
            raise Conflict(_l("这份回执已经作废。"))
        found.voided_at, found.voided_by_id, found.void_reason = now(), by.id, reason.strip()
        audit.record(
            session, staff=by, action="acknowledgement.voided", subject_kind=SUBJECT, subject_id=found.id
        )
        return found


def certify(donation_id: int, by: StaffMember) -> PaperFacts:
    """Give out the certificate of a gift, or print it again; raises as ``acknowledge``."""
    with writing() as session:
        donation = _require_standing(session, donation_id, by)
        found: Certificate | None = session.scalar(
            select(Certificate).where(Certificate.donation_id == donation.id)
        )
        if found is None:
            found = Certificate(
                donation_id=donation.id,
                certificate_no=certificate_numbers(session, donation.organisation, 1)[0],
                issued_at=now(),
                issued_by_id=by.id,
            )
            session.add(found)
        else:
            found.printed += 1
        session.flush()
        audit.record(
            session, staff=by, action="certificate.printed", subject_kind="certificate", subject_id=found.id
        )
        return facts_of(donation, found.certificate_no, copy=found.printed)


def of_donation(session: Session, donation: Donation) -> Acknowledgement | None:
    """The acknowledgement that was given out for a gift."""
    return _of(session, donation)


def register(
    session: Session, by: StaffMember, *, only_void: bool = False, before: int | None = None
) -> Sequence[Acknowledgement]:
    """Acknowledgements within reach, newest first; ``before`` is the id of the last of the page before."""
    query = select(Acknowledgement).join(Donation, Donation.id == Acknowledgement.donation_id)
    if by.scope.organisation_id is not None:
        query = query.where(Donation.organisation_id == by.scope.organisation_id)
    if by.scope.station_id is not None:
        query = query.where(Donation.station_id == by.scope.station_id)
    if only_void:
        query = query.where(Acknowledgement.voided_at.is_not(None) | _reversed())
    if before is not None:
        query = query.where(Acknowledgement.id < before)
    return session.scalars(query.order_by(Acknowledgement.id.desc()).limit(PAGE)).all()


def reversed_among(session: Session, papers: Sequence[Acknowledgement]) -> set[int]:
    """Which of them are void because their gift was reversed, by id."""
    query = (
        select(Acknowledgement.id)
        .join(Donation, Donation.id == Acknowledgement.donation_id)
        .where(Acknowledgement.id.in_([one.id for one in papers]), _reversed())
    )
    return set(session.scalars(query))


def _reversed() -> ColumnElement[bool]:
    return select(Entry.id).where(Entry.reverses_id == Donation.entry_id).exists()


def _of(session: Session, donation: Donation) -> Acknowledgement | None:
    found: Acknowledgement | None = session.scalar(
        select(Acknowledgement).where(Acknowledgement.donation_id == donation.id)
    )
    return found


def _require_standing(session: Session, donation_id: int, by: StaffMember) -> Donation:
    take_turn(session, f"papers:{donation_id}")
    donation = find_donation(session, donation_id, by)
    if donation.entry_id is None:
        raise Conflict(_l("复核入账以后才能开回执和证书。"))
    if donation.erased_at is not None:
        raise Conflict(_l("捐赠人的信息已应本人要求删除，不能再打印。"))
    reversal = session.scalar(select(Entry.entry_no).where(Entry.reverses_id == donation.entry_id))
    if reversal is not None:
        raise Conflict(_l("这笔捐赠已经红冲（%(no)s），回执随之作废，不能再打印。", no=reversal))
    return donation


def _entry_of(session: Session, donation: Donation) -> Entry:
    return session.get_one(Entry, donation.entry_id)


def certificate_numbers(session: Session, organisation: Organisation, count: int) -> list[str]:
    """The next numbers of an organisation's certificates this year, taken inside the caller's transaction."""
    year = today().year
    take_turn(session, f"certificate:{organisation.id}:{year}")
    counter = session.get(CertificateCounter, (organisation.id, year), with_for_update=True)
    if counter is None:
        counter = CertificateCounter(organisation_id=organisation.id, year=year, last=0)
        session.add(counter)
    first = counter.last + 1
    counter.last += count
    session.flush()
    # The nine characters of the credit code that name the organisation.
    return [document_no(organisation.uscc[8:17], year, number) for number in range(first, counter.last + 1)]
