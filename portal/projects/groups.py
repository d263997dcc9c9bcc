"""Whom a project is for: groups in words, never persons."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.i18n import lazy_gettext as _l
from portal.projects import handing_in
from portal.projects.models import TargetGroup
from portal.refusals import Invalid, Sentence
from portal.registry.models import SubjectKind
from portal.registry.services import changes
from portal.registry.services.projects import MOST_PEOPLE
from portal.staff import audit
from portal.staff.models import StaffMember

MOST_GROUPS = 12


@dataclass(frozen=True)
class GroupDetails:
    """A group as stated."""

    words: str
    planned_people: int | None = None


def set_groups(code: str, groups: Sequence[GroupDetails], by: StaffMember) -> list[TargetGroup]:
    """Say whom a project is for; what it said before stays in its history.

    Raises:
        NotFound, Conflict: as for ``handing_in.project_of``.
        Invalid: a line breaks a rule; lines are named ``items-0-words``.
    """
    with writing() as session:
        project = handing_in.project_of(session, code, by)
        _check(groups)
        before = _words(of_project(session, project.id))
        session.execute(delete(TargetGroup).where(TargetGroup.project_id == project.id))
        made = [
            TargetGroup(
                project_id=project.id,
                line_no=number,
                words=group.words.strip(),
                planned_people=group.planned_people,
            )
            for number, group in enumerate(groups, start=1)
        ]
        session.add_all(made)
        session.flush()
        after = _words(made)
        if before != after:
            subject = (SubjectKind.PROJECT, project.id)
            changes.record(session, subject, by, {"groups": before}, {"groups": after}, "")
            audit.record(
                session,
                staff=by,
                action="project.groups_set",
                subject_kind=SubjectKind.PROJECT.value,
                subject_id=project.id,
            )
        return made


def of_project(session: Session, project_id: int) -> Sequence[TargetGroup]:
    """The groups of a project, in their order."""
    query = select(TargetGroup).where(TargetGroup.project_id == project_id)
    return session.scalars(query.order_by(TargetGroup.line_no)).all()


def _check(groups: Sequence[GroupDetails]) -> None:
    errors: dict[str, Sentence] = {}
    if len(groups) > MOST_GROUPS:
        errors["items"] = _l("最多 %(most)d 个群体。", most=MOST_GROUPS)
    for number, group in enumerate(groups):
        if not group.words.strip():
            errors[f"items-{number}-words"] = _l("请写明是哪一类人，例如“困难家庭学生”。")
        elif len(group.words.strip()) > 120:
            errors[f"items-{number}-words"] = _l("最多 %(longest)d 个字。", longest=120)
        if group.planned_people is not None and not 0 < group.planned_people <= MOST_PEOPLE:
            errors[f"items-{number}-planned_people"] = _l("人数必须是大于零的整数。")
    if errors:
        raise Invalid(errors)


def _words(groups: Sequence[TargetGroup]) -> str:
    return "、".join(
        f"{one.words} {one.planned_people}" if one.planned_people else one.words for one in groups
    )
