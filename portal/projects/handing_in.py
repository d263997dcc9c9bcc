"""What every paper about a project goes through on its way to the second person."""

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import take_turn
from portal.i18n import gettext as _
from portal.periods import now
from portal.projects.paper_models import BudgetChange, ClosingReport, ProgressReport
from portal.refusals import Conflict, Sentence
from portal.registry.models import Project
from portal.registry.services.projects import PROJECTS
from portal.staff import audit
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember

Paper = TypeVar("Paper", BudgetChange, ProgressReport, ClosingReport)

LONGEST_TEXT = 4_000
LONGEST_WORDS = 500

SUBJECTS = {
    BudgetChange: "project_budget_change",
    ProgressReport: "project_progress",
    ClosingReport: "project_closing",
}
"""What reviews and the audit trail call each paper."""


def project_of(session: Session, code: str, by: StaffMember) -> Project:
    """The project with a code, within reach and not ended.

    Raises:
        NotFound: there is none, or none for this person.
        Conflict: it is closed, or was never registered.
    """
    project = PROJECTS.find(session, code, by.scope)
    PROJECTS.refuse_ended(project)
    return project


def earlier(session: Session, kind: type[Paper], key: str, by: StaffMember) -> Paper | None:
    """What the same form made before, when it is sent twice.

    Raises:
        Conflict: somebody else used the key.
    """
    take_turn(session, f"{SUBJECTS[kind]}:{key}")
    found = session.scalar(select(kind).where(kind.idempotency_key == key))
    if found is not None and found.maker_id != by.id:
        raise Conflict(_("这张表单已经由别人提交过，请打开新的表单重新填写。"))
    return found


def require_none_waiting(session: Session, kind: type[Paper], project: Project) -> None:
    """Refuse a second paper of a kind while one waits: the reviewer would not know which holds.

    Raises:
        Conflict: one waits.
    """
    take_turn(session, f"{SUBJECTS[kind]}-of:{project.id}")
    waiting = session.scalar(
        select(kind.id).where(kind.project_id == project.id, kind.state == DocumentState.PENDING)
    )
    if waiting is not None:
        raise Conflict(_("已经有一份在等复核，请先等结果，或撤回后再提交。"))


def hand_in(session: Session, paper: Paper, by: StaffMember) -> Paper:
    """Give a paper to the second person."""
    paper.maker_id, paper.made_at = by.id, now()
    paper.state, paper.submitted_at = DocumentState.PENDING, paper.made_at
    session.add(paper)
    session.flush()
    note(session, paper, by, "submitted")
    return paper


def note(session: Session, paper: Paper, by: StaffMember, what: str) -> None:
    """Leave a trace of what was done to a paper."""
    subject = SUBJECTS[type(paper)]
    audit.record(session, staff=by, action=f"{subject}.{what}", subject_kind=subject, subject_id=paper.id)


def text(errors: dict[str, Sentence], field: str, typed: str, *, required: bool, longest: int) -> str:
    """A text as it will be kept; what is wrong with it is noted."""
    kept = typed.strip()
    if required and not kept:
        errors[field] = _("这一项必须填写。")
    elif len(kept) > longest:
        errors[field] = _("请不要超过 %(count)d 个字。", count=longest)
    return kept
