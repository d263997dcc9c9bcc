"""Milestones: planned, reached on a day, told in words; photos are evidence about ``project_milestone``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.i18n import gettext as _
from portal.periods import today
from portal.projects import handing_in
from portal.projects.models import Milestone
from portal.refusals import Invalid, NotFound, Sentence
from portal.registry.models import SubjectKind
from portal.registry.services import changes
from portal.registry.services.projects import PROJECTS
from portal.staff import audit
from portal.staff.models import StaffMember

EVIDENCE_KIND = "project_milestone"
"""What the package of evidence calls a milestone."""

MOST_MILESTONES = 60


@dataclass(frozen=True)
class MilestoneDetails:
    """A milestone as stated; one that was reached tells what was done."""

    title: str
    planned_on: date
    reached_on: date | None = None
    account: str = ""


def add(code: str, details: MilestoneDetails, by: StaffMember) -> Milestone:
    """Plan a milestone of a project.

    Raises:
        NotFound, Conflict: as for ``handing_in.project_of``.
        Invalid: a field breaks a rule, or the project has too many.
    """
    with writing() as session:
        project = handing_in.project_of(session, code, by)
        if len(of_project(session, project.id)) >= MOST_MILESTONES:
            raise Invalid({"title": _("一个项目最多 %(most)d 个里程碑。", most=MOST_MILESTONES)})
        return _set(session, Milestone(project_id=project.id), details, by)


def edit(milestone_id: int, details: MilestoneDetails, by: StaffMember) -> Milestone:
    """Change a milestone, or say that it was reached; what it said before stays in the project's history."""
    with writing() as session:
        milestone = find(session, milestone_id, by)
        PROJECTS.refuse_ended(milestone.project)
        return _set(session, milestone, details, by)


def find(session: Session, milestone_id: int, by: StaffMember) -> Milestone:
    """A milestone of a project within a person's reach.

    Raises:
        NotFound: there is none, or none for this person.
    """
    found = session.get(Milestone, milestone_id)
    if found is None or not PROJECTS.reaches(session, found.project_id, by.scope):
        raise NotFound(_("没有找到这个里程碑。"))
    return found


def of_project(session: Session, project_id: int) -> Sequence[Milestone]:
    """The milestones of a project, by the day they were reached or are planned."""
    found = session.scalars(select(Milestone).where(Milestone.project_id == project_id)).all()
    return sorted(found, key=lambda one: (one.reached_on or one.planned_on, one.id))


def _set(session: Session, milestone: Milestone, details: MilestoneDetails, by: StaffMember) -> Milestone:
    errors: dict[str, Sentence] = {}
    title = handing_in.text(errors, "title", details.title, required=True, longest=120)
    account = handing_in.text(
        errors,
        "account",
        details.account,
        required=details.reached_on is not None,
        longest=handing_in.LONGEST_TEXT,
    )
    if details.reached_on is not None and details.reached_on > today():
        errors["reached_on"] = _("日期不能晚于今天。")
    if errors:
        raise Invalid(errors)
    before = _words(milestone) if milestone.id else None
    milestone.title, milestone.account = title, account
    milestone.planned_on, milestone.reached_on = details.planned_on, details.reached_on
    session.add(milestone)
    session.flush()
    after = _words(milestone)
    if before != after:
        subject = (SubjectKind.PROJECT, milestone.project_id)
        changes.record(session, subject, by, {"milestone": before}, {"milestone": after}, "")
        audit.record(
            session,
            staff=by,
            action="project.milestone_set",
            subject_kind=SubjectKind.PROJECT.value,
            subject_id=milestone.project_id,
        )
    return milestone


def _words(milestone: Milestone) -> str:
    reached = f" → {milestone.reached_on.isoformat()}" if milestone.reached_on else ""
    told = f"：{milestone.account}" if milestone.account else ""
    return f"{milestone.title}（{milestone.planned_on.isoformat()}{reached}）{told}"
