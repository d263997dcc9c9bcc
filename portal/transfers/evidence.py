"""Changes of purpose as things that have evidence: the decision, the consent, the filing."""

from sqlalchemy.orm import Session

from portal.evidence.subjects import Subject, SubjectKind, register
from portal.i18n import lazy_gettext as _l
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember
from portal.transfers import service
from portal.transfers.noticing import EVIDENCE_KIND


def _find(session: Session, transfer_id: int, by: StaffMember) -> Subject:
    found = service.find(session, transfer_id, by)
    return Subject(
        number=found.transfer_no,
        organisation_id=found.organisation_id,
        takes_evidence=found.change is not None
        and found.state in (DocumentState.PENDING, DocumentState.POSTED),
        public=found.state is DocumentState.POSTED,
    )


register(SubjectKind(EVIDENCE_KIND, _l("变更用途"), _find, "transfers.show", "transfer_id"))
