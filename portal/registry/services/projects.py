"""Charity projects: a goal, a period, and perhaps one fund of the same organisation."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.i18n import gettext as _
from portal.refusals import Invalid
from portal.registry.models import Project, SubjectKind
from portal.registry.services import checks
from portal.registry.services.keeping import Act, Errors, Keeper


@dataclass(frozen=True, kw_only=True)
class ProjectDetails:
    """What is registered about a project. ``organisation`` is a credit code, ``fund`` a fund's code."""

    code: str
    name: str
    organisation: str
    starts_on: date
    ends_on: date | None = None
    fund: str | None = None
    goal: str = ""


class _Projects(Keeper[Project, ProjectDetails]):
    subject = SubjectKind.PROJECT

    def details(self, thing: Project) -> ProjectDetails:
        return ProjectDetails(
            code=thing.code,
            name=thing.name,
            organisation=thing.organisation.uscc,
            starts_on=thing.starts_on,
            ends_on=thing.ends_on,
            fund=thing.fund.code if thing.fund else None,
            goal=thing.goal,
        )

    def columns(
        self, session: Session, details: ProjectDetails, existing: Project | None, act: Act
    ) -> dict[str, Any]:
        errors: Errors = {}
        code = checks.own_code(errors, session, Project, details.code, existing)
        texts = checks.texts(errors, Project, details, ("name", "goal"), required="name goal")
        organisation = checks.owner(errors, session, details.organisation, act.scope, existing)
        fund = checks.fund_of(errors, session, details.fund, organisation, existing)
        checks.plausible(errors, starts_on=details.starts_on, ends_on=details.ends_on)
        if details.ends_on is not None and details.ends_on < details.starts_on:
            errors["ends_on"] = _("结束日期不能早于开始日期。")
        if errors or organisation is None:
            raise Invalid(errors)
        return {
            **texts,
            "code": code,
            "organisation_id": organisation.id,
            "fund_id": fund.id if fund else None,
            "starts_on": details.starts_on,
            "ends_on": details.ends_on,
        }

    def organisation_id(self, thing: Project) -> int:
        return thing.organisation_id


PROJECTS = _Projects(Project)
"""Keeps the charity projects."""
