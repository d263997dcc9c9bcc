"""Whether a donor's name may be shown: given, and withdrawn, at any time after the gift (PIPL 15 and 25, 慈善法 82).

No leaf of the log ever holds the name, so the books and their proofs stay as they are.
"""

from portal.db import writing
from portal.giving.models import Donation
from portal.giving.service import SUBJECT, find
from portal.i18n import lazy_gettext as _l
from portal.refusals import Conflict
from portal.staff import audit
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember


def give_consent(donation_id: int, by: StaffMember) -> Donation:
    """Show the donor's name from now on.

    Raises:
        NotFound: there is no such gift, or none for this person.
        Conflict: the gift is anonymous or without a name, or not in the ledger yet.
    """
    return _set(donation_id, by, publish=True)


def withdraw_consent(donation_id: int, by: StaffMember) -> Donation:
    """Show the donor's name no more; raises as ``give_consent``."""
    return _set(donation_id, by, publish=False)


def _set(donation_id: int, by: StaffMember, *, publish: bool) -> Donation:
    with writing() as session:
        donation = find(session, donation_id, by, lock=True)
        if donation.state is not DocumentState.POSTED:
            raise Conflict(_l("入账以前请直接修改登记表。"))
        if publish and (donation.anonymous or not donation.donor_name):
            raise Conflict(_l("这笔捐赠没有留名，没有可以公开的姓名。"))
        if donation.publish_name is not publish:
            donation.publish_name = publish
            action = "donation.consent_given" if publish else "donation.consent_withdrawn"
            audit.record(session, staff=by, action=action, subject_kind=SUBJECT, subject_id=donation.id)
        return donation
