"""Whether a donor's name may be shown: given, and withdrawn, at any time (PIPL 15 and 25, 慈善法 82).

No leaf of the log ever holds the name, so the books and their proofs stay as they are. ``Donation.publish_name`` says
what is shown now; ``NameConsent`` keeps what was agreed to, when and how.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.giving.consent_models import ConsentHow, ConsentShown, NameConsent
from portal.giving.consent_records import keep_record
from portal.giving.models import Donation
from portal.giving.service import SUBJECT, find
from portal.i18n import lazy_gettext as _l
from portal.refusals import Conflict
from portal.staff import audit
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember


def give_consent(
    donation_id: int,
    by: StaffMember | None,
    *,
    how: ConsentHow = ConsentHow.IN_PERSON,
    shown: ConsentShown = ConsentShown.NAME,
) -> Donation:
    """Show the donor's name, or its masked form, from now on; ``by`` is None when the donor says so online.

    Raises:
        NotFound: there is no such gift, or none for this person.
        Conflict: the gift is anonymous or without a name, or not in the ledger yet.
    """
    with writing() as session:
        donation = _posted(session, donation_id, by)
        if donation.anonymous or not donation.donor_name:
            raise Conflict(_l("这笔捐赠没有留名，没有可以公开的姓名。"))
        donation.publish_name, donation.mask_name = True, shown is ConsentShown.MASKED
        if keep_record(session, donation, by, how):
            audit.record(
                session,
                staff=by,
                action="donation.consent_given",
                subject_kind=SUBJECT,
                subject_id=donation.id,
            )
        return donation


def withdraw_consent(
    donation_id: int, by: StaffMember | None, *, how: ConsentHow = ConsentHow.IN_PERSON
) -> Donation:
    """Show the donor's name no more; raises as ``give_consent``."""
    with writing() as session:
        donation = _posted(session, donation_id, by)
        donation.publish_name = False
        if keep_record(session, donation, by, how):
            audit.record(
                session,
                staff=by,
                action="donation.consent_withdrawn",
                subject_kind=SUBJECT,
                subject_id=donation.id,
            )
        return donation


def records_of(session: Session, donation: Donation) -> Sequence[NameConsent]:
    """Every consent the donor of a gift gave, oldest first."""
    return session.scalars(
        select(NameConsent).where(NameConsent.donation_id == donation.id).order_by(NameConsent.id)
    ).all()


def _posted(session: Session, donation_id: int, by: StaffMember | None) -> Donation:
    if by is None:
        donation = session.get_one(Donation, donation_id, with_for_update=True)
    else:
        donation = find(session, donation_id, by, lock=True)
    if donation.state is not DocumentState.POSTED:
        raise Conflict(_l("入账以前请直接修改登记表。"))
    return donation
