"""What statements and explanations have in common: one person makes them, another puts them in force."""

from typing import TypeVar

from sqlalchemy.orm import Session

from portal.db import take_row, writing
from portal.i18n import lazy_gettext as _l
from portal.periods import now
from portal.ratios.models import BaseFigure, RatioExcuse
from portal.refusals import Invalid, NotFound
from portal.registry import lookups
from portal.registry.models import Organisation
from portal.staff import audit, review
from portal.staff.documents import DocumentState
from portal.staff.models import Decision, StaffMember

Stated = TypeVar("Stated", bound=BaseFigure | RatioExcuse)

SUBJECTS: dict[type[BaseFigure] | type[RatioExcuse], str] = {
    BaseFigure: "ratio_base_figure",
    RatioExcuse: "ratio_excuse",
}


def organisation_of(session: Session, uscc: str, by: StaffMember) -> Organisation:
    """An organisation within a person's scope.

    Raises:
        NotFound: there is none, or none for this person.
    """
    organisation = lookups.organisation_by_uscc(session, uscc)
    if not by.scope.permits(organisation.id, None):
        raise NotFound(_l("没有找到这个组织。"))
    return organisation


def find(
    session: Session, model: type[Stated], document_id: int, by: StaffMember, *, lock: bool = False
) -> Stated:
    """A document within a person's scope.

    Raises:
        NotFound: there is none, or none for this person.
    """
    found = take_row(session, model, document_id, lock=lock)
    if found is None or not by.scope.permits(found.organisation_id, None):
        raise NotFound(_l("没有找到这份登记。"))
    return found


def approve(model: type[Stated], document_id: int, by: StaffMember, version: int) -> Stated:
    """Put a document in force as it was shown."""
    with writing() as session:
        found = find(session, model, document_id, by, lock=True)
        _decide(session, found, by, version, Decision.APPROVED)
        found.state, found.approved_at = DocumentState.POSTED, now()
        note(session, found, by, "approved")
        return found


def return_to_maker(
    model: type[Stated], document_id: int, by: StaffMember, version: int, reason: str
) -> Stated:
    """Refuse a document with a reason; a new one may be made."""
    if not reason.strip():
        raise Invalid({"reason": _l("请写明退回的原因，登记人才知道怎么改。")})
    with writing() as session:
        found = find(session, model, document_id, by, lock=True)
        _decide(session, found, by, version, Decision.RETURNED, reason.strip())
        found.state = DocumentState.RETURNED
        note(session, found, by, "returned")
        return found


def withdraw(model: type[Stated], document_id: int, by: StaffMember, version: int) -> Stated:
    """Take a document back before it is in force."""
    with writing() as session:
        found = find(session, model, document_id, by, lock=True)
        found.require_state(DocumentState.PENDING)
        found.require_version(version)
        found.state = DocumentState.WITHDRAWN
        note(session, found, by, "withdrawn")
        return found


def note(session: Session, document: BaseFigure | RatioExcuse, by: StaffMember, what: str) -> None:
    """Write down in the audit trail what was done with a document."""
    subject = SUBJECTS[type(document)]
    audit.record(session, staff=by, action=f"{subject}.{what}", subject_kind=subject, subject_id=document.id)


def _decide(
    session: Session,
    document: BaseFigure | RatioExcuse,
    by: StaffMember,
    version: int,
    decision: Decision,
    reason: str = "",
) -> None:
    document.require_state(DocumentState.PENDING)
    document.require_version(version)
    review.record_decision(
        session,
        subject_kind=SUBJECTS[type(document)],
        subject_id=document.id,
        version=version,
        makers=document.makers,
        checker=by,
        decision=decision,
        reason=reason,
    )
