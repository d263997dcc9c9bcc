"""Decisions of committees as things that have evidence: the minutes."""

from sqlalchemy.orm import Session

from portal.committees import service
from portal.evidence.subjects import Subject, SubjectKind, register
from portal.i18n import lazy_gettext as _l
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember


def _find(session: Session, decision_id: int, by: StaffMember) -> Subject:
    found = service.find(session, decision_id, by)
    return Subject(
        number=found.number,
        organisation_id=found.organisation_id,
        takes_evidence=found.state in (DocumentState.PENDING, DocumentState.POSTED),
        public=found.state is DocumentState.POSTED,
    )


register(SubjectKind(service.SUBJECT, _l("管委会决议"), _find, "committees.show", "decision_id"))
