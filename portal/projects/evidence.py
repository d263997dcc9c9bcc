"""Milestones as things that have evidence: photos of what was done."""

from sqlalchemy.orm import Session

from portal.evidence.subjects import Subject, SubjectKind, register
from portal.i18n import lazy_gettext as _l
from portal.projects import milestones
from portal.registry.models import ENDED, PUBLIC
from portal.staff.models import StaffMember


def _find(session: Session, milestone_id: int, by: StaffMember) -> Subject:
    found = milestones.find(session, milestone_id, by)
    project = found.project
    return Subject(
        number=f"{project.code} {found.title}",
        organisation_id=project.organisation_id,
        takes_evidence=project.status not in ENDED,
        public=project.status in PUBLIC,
    )


register(
    SubjectKind(milestones.EVIDENCE_KIND, _l("里程碑"), _find, "projects.milestone_show", "milestone_id")
)
