"""Charity projects: what for, where, for how many people, in which period, and the funds they draw on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.i18n import gettext as _
from portal.refusals import Conflict, Invalid
from portal.registry.models import COMING, Project, ProjectCategory, Status, SubjectKind
from portal.registry.services import checks
from portal.registry.services.keeping import Act, Errors, Keeper
from portal.staff.models import StaffMember

MOST_PEOPLE = 100_000_000

CLOSING_STEPS = (
    (Status.ACTIVE, Status.CLOSING),
    (Status.SUSPENDED, Status.CLOSING),
    (Status.CLOSING, Status.ACTIVE),
    (Status.CLOSING, Status.SUSPENDED),
    (Status.CLOSING, Status.CLOSED),
)
"""The steps that only a closing report takes a project."""


@dataclass(frozen=True, kw_only=True)
class ProjectDetails:
    """What is registered about a project. ``organisation`` is a credit code, ``funds`` are codes of funds."""

    code: str
    name: str
    organisation: str
    starts_on: date
    ends_on: date | None = None
    category: ProjectCategory = ProjectCategory.OTHER
    funds: tuple[str, ...] = ()
    work_area: str = ""
    planned_people: int | None = None
    goal: str = ""
    national_platform_url: str = ""


_TEXTS = ("name", "work_area", "goal", "national_platform_url")


class _Projects(Keeper[Project, ProjectDetails]):
    subject = SubjectKind.PROJECT

    def details(self, thing: Project) -> ProjectDetails:
        return ProjectDetails(
            code=thing.code,
            name=thing.name,
            organisation=thing.organisation.uscc,
            starts_on=thing.starts_on,
            ends_on=thing.ends_on,
            category=thing.category,
            funds=tuple(sorted(fund.code for fund in thing.funds)),
            work_area=thing.work_area,
            planned_people=thing.planned_people,
            goal=thing.goal,
            national_platform_url=thing.national_platform_url,
        )

    def columns(
        self, session: Session, details: ProjectDetails, existing: Project | None, act: Act
    ) -> dict[str, Any]:
        errors: Errors = {}
        code = checks.own_code(errors, session, Project, details.code, existing)
        texts = checks.texts(errors, Project, details, _TEXTS, required="name goal")
        checks.web_address(errors, "national_platform_url", texts["national_platform_url"])
        organisation = checks.owner(errors, session, details.organisation, act.scope, existing)
        funds = checks.funds_of(errors, session, details.funds, organisation, existing)
        checks.plausible(errors, starts_on=details.starts_on, ends_on=details.ends_on)
        if details.ends_on is not None and details.ends_on < details.starts_on:
            errors["ends_on"] = _("结束日期不能早于开始日期。")
        if details.planned_people is not None and not 0 < details.planned_people <= MOST_PEOPLE:
            errors["planned_people"] = _("计划受益人数必须是大于零的整数。")
        if errors or organisation is None:
            raise Invalid(errors)
        return {
            **texts,
            "code": code,
            "organisation_id": organisation.id,
            "category": details.category,
            "funds": funds,
            "planned_people": details.planned_people,
            "starts_on": details.starts_on,
            "ends_on": details.ends_on,
        }

    def organisation_id(self, thing: Project) -> int:
        return thing.organisation_id

    def refuse_to_close(self, session: Session, thing: Project) -> None:
        """What was ever active ends with a closing report only (慈善法 58, 79): ``portal/projects/closing.py``."""
        if thing.status not in COMING:
            raise Conflict(_("项目要先提交结项报告，由另一位同事复核后才关闭。请到“预算与进展”里办理。"))

    def move(
        self, session: Session, project: Project, target: Status, by: StaffMember | None, reason: str
    ) -> None:
        """Take a project into its closing, back out of it, or to its end, inside the caller's transaction.

        Raises:
            Conflict: the project is not where that step begins.
        """
        if (project.status, target) not in CLOSING_STEPS:
            raise Conflict(_("“%(name)s”的状态已经改变，请刷新页面再看。", name=project.name))
        before = self.facts(project)
        project.status = target
        self._finish(session, project, before, Act(by, reason), target.value)


PROJECTS = _Projects(Project)
"""Keeps the charity projects."""
