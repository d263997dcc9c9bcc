"""Reports of progress: how many people a project has reached by a day, and what was done (慈善法 79)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.i18n import gettext as _
from portal.periods import today
from portal.projects import handing_in
from portal.projects.paper_models import ProgressReport
from portal.refusals import Conflict, Invalid, Sentence
from portal.registry.models import COMING, Project
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember


@dataclass(frozen=True)
class ProgressDetails:
    """A report as stated; ``people_reached`` counts from the project's beginning."""

    through: date
    people_reached: int
    account: str


def report(code: str, details: ProgressDetails, by: StaffMember, idempotency_key: str) -> ProgressReport:
    """Hand in a report of progress.

    Raises:
        NotFound, Conflict: as for ``handing_in.project_of``; the project has not begun, or a report waits already.
        Invalid: a field breaks a rule.
    """
    with writing() as session:
        known = handing_in.earlier(session, ProgressReport, idempotency_key, by)
        if known is not None:
            return known
        project = handing_in.project_of(session, code, by)
        if project.status in COMING:
            raise Conflict(_("项目还没有启用，启用后再报告进展。"))
        handing_in.require_none_waiting(session, ProgressReport, project)
        account = _checked(project, details, latest(session, project.id))
        paper = ProgressReport(
            project_id=project.id,
            through=details.through,
            people_reached=details.people_reached,
            account=account,
            idempotency_key=idempotency_key,
        )
        return handing_in.hand_in(session, paper, by)


def take_effect(session: Session, paper: ProgressReport, by: StaffMember) -> None:
    """An approved report changes nothing but that it is public."""


def latest(session: Session, project_id: int) -> ProgressReport | None:
    """The newest public report of a project."""
    query = select(ProgressReport).where(
        ProgressReport.project_id == project_id, ProgressReport.state == DocumentState.POSTED
    )
    return session.scalars(query.order_by(ProgressReport.through.desc(), ProgressReport.id.desc())).first()


def _checked(project: Project, details: ProgressDetails, last: ProgressReport | None) -> str:
    errors: dict[str, Sentence] = {}
    account = handing_in.text(
        errors, "account", details.account, required=True, longest=handing_in.LONGEST_TEXT
    )
    if details.through > today():
        errors["through"] = _("日期不能晚于今天。")
    elif details.through < project.starts_on:
        errors["through"] = _("日期不能早于项目开始（%(day)s）。", day=project.starts_on.isoformat())
    elif last is not None and details.through <= last.through:
        errors["through"] = _("上一份报告已经写到 %(day)s，请填更晚的日期。", day=last.through.isoformat())
    if last is not None and details.people_reached < last.people_reached:
        errors["people_reached"] = _(
            "这是从项目开始累计的人数，不能少于上一份报告的 %(count)d 人。", count=last.people_reached
        )
    if errors:
        raise Invalid(errors)
    return account
