"""Erase a donor on request (PIPL 47): the name, what was written about it, and the salt that could have proved it.

What stays is the gift itself: day, fund, amount, and 32 bytes in the log that point to nobody any more. The file a list
came from is a voucher that the accounting rules have kept for thirty years; it lies sealed in the storage folder.
"""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.donors import service as donors
from portal.donors.models import Donor
from portal.giving.consent_models import ConsentHow
from portal.giving.consent_records import keep_record
from portal.giving.models import Donation
from portal.giving.service import SUBJECT, find
from portal.i18n import lazy_gettext as _l
from portal.imports.erasing_rows import erase_from_lists
from portal.ledger.models import Entry
from portal.periods import now, today
from portal.receipts.forgetting import forget_papers
from portal.refusals import Conflict, Invalid
from portal.staff import audit
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember
from portal.translog.appending import append


def erase_donor(donation_id: int, by: StaffMember, confirmed_no: str) -> Donation:
    """Erase the donor of a gift in the ledger, for good; ``confirmed_no`` is its number, typed once more.

    Raises:
        NotFound: there is no such gift, or none for this person.
        Conflict: it is not in the ledger yet, or was erased before.
        Invalid: the number typed is not that of the gift.
    """
    with writing() as session:
        donation = find(session, donation_id, by, lock=True)
        if donation.state is not DocumentState.POSTED:
            raise Conflict(_l("入账以前请直接修改登记表。"))
        if donation.erased_at is not None:
            raise Conflict(_l("这笔捐赠的捐赠人信息已经删除。"))
        if confirmed_no.strip().upper() != donation.donation_no:
            raise Invalid({"confirmed_no": _l("请照抄这笔捐赠的编号，确认要删除。")})
        entry = session.get_one(Entry, donation.entry_id)
        _erase(session, donation, by)
        append(session, {"kind": "erasure", "date": today().isoformat(), "of": entry.index})
        audit.record(
            session, staff=by, action="donation.erased", subject_kind=SUBJECT, subject_id=donation.id
        )
        return donation


def erase_of_entry(session: Session, entry_no: str) -> None:
    """Erase again what was erased before, after an older copy of the books was put back."""
    donation = session.scalar(
        select(Donation).join(Entry, Entry.id == Donation.entry_id).where(Entry.entry_no == entry_no)
    )
    if donation is not None:
        _erase(session, donation, None)


def _erase(session: Session, donation: Donation, by: StaffMember | None) -> None:
    forget_papers(session, donation.id)
    if donation.batch_id is not None:
        erase_from_lists(session, donation)
    donation.donor_name = donation.payer_name = donation.agency_beneficiary = ""
    donation.external_ref = donation.remark = ""
    donation.publish_name = False
    keep_record(session, donation, by, ConsentHow.CORRECTION)
    _let_go(session, donation)
    donation.donor_salt = None
    # A hash of a name is as good as the name to whoever has a list of names.
    donation.content_hash = ""
    donation.erased_at = now()


def _let_go(session: Session, donation: Donation) -> None:
    """Part a gift from its donor's record, and forget the record when no other gift needs it."""
    donor, donation.donor_id = donation.donor_id, None
    session.flush()
    if donor is not None and not session.scalar(select(exists().where(Donation.donor_id == donor))):
        donors.erase(session.get_one(Donor, donor))
