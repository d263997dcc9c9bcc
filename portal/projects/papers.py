"""The three papers of a project under review: found, approved, sent back, taken back, and listed for the queue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from portal.db import take_row, writing
from portal.i18n import lazy_gettext as _l
from portal.periods import now
from portal.projects import budgeting, closing, handing_in, progress
from portal.projects.paper_models import BudgetChange, ClosingReport, ProgressReport
from portal.refusals import Invalid, NotFound, Sentence
from portal.registry.models import Project
from portal.staff import review
from portal.staff.documents import DocumentState
from portal.staff.models import Decision, StaffMember

Paper = BudgetChange | ProgressReport | ClosingReport


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper: its part of the address, its words, what an approval does, and what taking it back undoes."""

    word: str
    title: Sentence
    model: Any
    take_effect: Callable[[Session, Any, StaffMember], None]
    take_back: Callable[[Session, Any, StaffMember], None] | None = None

    @property
    def subject(self) -> str:
        """What reviews and the audit trail call it."""
        return handing_in.SUBJECTS[self.model]


KINDS = {
    kind.word: kind
    for kind in (
        PaperKind("budget", _l("项目预算"), BudgetChange, budgeting.take_effect),
        PaperKind("progress", _l("项目进展报告"), ProgressReport, progress.take_effect),
        PaperKind("closing", _l("结项报告"), ClosingReport, closing.take_effect, closing.take_back),
    )
}


def find(session: Session, word: str, paper_id: int, by: StaffMember, *, lock: bool = False) -> Any:
    """A paper about a project within a person's reach.

    Raises:
        NotFound: there is none, or none for this person.
    """
    kind = KINDS.get(word)
    found = take_row(session, kind.model, paper_id, lock=lock) if kind else None
    if found is None or not by.scope.permits(found.project.organisation_id, None):
        raise NotFound(_l("没有找到这份项目文件。"))
    return found


def approve(word: str, paper_id: int, by: StaffMember, version: int) -> Any:
    """Approve a paper as shown: it takes effect and is public from this moment.

    Raises:
        Forbidden: the person wrote it, or is no reviewer.
        Conflict: it changed, or what it says does not hold any more.
    """
    with writing() as session:
        paper = find(session, word, paper_id, by, lock=True)
        _decide(session, paper, by, version, (Decision.APPROVED, ""))
        paper.state, paper.published_at = DocumentState.POSTED, now()
        KINDS[word].take_effect(session, paper, by)
        handing_in.note(session, paper, by, "approved")
        return paper


def return_to_maker(word: str, paper_id: int, by: StaffMember, version: int, reason: str) -> Any:
    """Send a paper back with a reason; its maker hands in a new one."""
    if not reason.strip():
        raise Invalid({"reason": _l("请写明退回的原因，经办人才知道怎么改。")})
    with writing() as session:
        paper = find(session, word, paper_id, by, lock=True)
        _decide(session, paper, by, version, (Decision.RETURNED, reason.strip()))
        paper.state = DocumentState.RETURNED
        handing_in.note(session, paper, by, "returned")
        return paper


def withdraw(word: str, paper_id: int, by: StaffMember, version: int) -> Any:
    """Take a paper back that is not public; a closing project is open again."""
    with writing() as session:
        paper = find(session, word, paper_id, by, lock=True)
        paper.require_state(DocumentState.PENDING, DocumentState.RETURNED)
        paper.require_version(version)
        paper.state = DocumentState.WITHDRAWN
        undo = KINDS[word].take_back
        if undo is not None:
            undo(session, paper, by)
        handing_in.note(session, paper, by, "withdrawn")
        return paper


def waiting(session: Session, by: StaffMember, *, limit: int) -> list[tuple[PaperKind, Any]]:
    """What waits for review within a person's reach, kind by kind, the oldest first."""
    return [
        (kind, paper)
        for kind in KINDS.values()
        for paper in session.scalars(
            _pending(select(kind.model), kind, by)
            .options(joinedload(kind.model.maker), joinedload(kind.model.project))
            .order_by(kind.model.id)
            .limit(limit)
        )
    ]


def count_waiting(session: Session, by: StaffMember) -> int:
    """How many papers wait for review within a person's reach."""
    return sum(
        session.scalar(_pending(select(func.count(kind.model.id)), kind, by)) or 0 for kind in KINDS.values()
    )


def of_project(session: Session, word: str, project_id: int, *, public_only: bool) -> Sequence[Any]:
    """The papers of one kind about a project, the newest first."""
    model = KINDS[word].model
    query = select(model).where(model.project_id == project_id).order_by(model.id.desc())
    if public_only:
        query = query.where(model.state == DocumentState.POSTED)
    return session.scalars(query).all()


def _pending(query: Select[Any], kind: PaperKind, by: StaffMember) -> Select[Any]:
    query = query.where(kind.model.state == DocumentState.PENDING)
    if by.scope.organisation_id is not None:
        own = select(Project.id).where(Project.organisation_id == by.scope.organisation_id)
        query = query.where(kind.model.project_id.in_(own))
    return query


def _decide(
    session: Session, paper: Any, by: StaffMember, version: int, verdict: tuple[Decision, str]
) -> None:
    decision, reason = verdict
    paper.require_state(DocumentState.PENDING)
    paper.require_version(version)
    review.record_decision(
        session,
        subject_kind=handing_in.SUBJECTS[type(paper)],
        subject_id=paper.id,
        version=version,
        makers=paper.makers,
        checker=by,
        decision=decision,
        reason=reason,
    )
