"""Payouts as things that have evidence."""

from sqlalchemy.orm import Session

from portal.evidence.subjects import Subject, SubjectKind, register
from portal.i18n import lazy_gettext as _l
from portal.spending import service
from portal.spending.models import ENDED, DisbursementState
from portal.staff.models import StaffMember


def _find(session: Session, disbursement_id: int, by: StaffMember) -> Subject:
    found = service.find(session, disbursement_id, by)
    return Subject(
        number=found.disbursement_no,
        organisation_id=found.organisation_id,
        takes_evidence=found.state not in ENDED,
        public=found.state is DisbursementState.POSTED,
    )


register(SubjectKind(service.SUBJECT, _l("支出"), _find, "spending.show", "disbursement_id"))
