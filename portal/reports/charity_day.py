"""The Charity Day report (中华慈善日, 5 September): a year of the district, or of one organisation."""

from dataclasses import replace

from sqlalchemy.orm import Session

from portal.i18n import gettext as _
from portal.registry.models import Organisation
from portal.reports.document import Document, Foreword, Section, Written
from portal.reports.sections.corrections import corrections
from portal.reports.sections.cost_ratios import cost_ratios
from portal.reports.sections.disclosures import disclosures
from portal.reports.sections.foreword import foreword_section
from portal.reports.sections.holders import funds, organisations, stations
from portal.reports.sections.income import income
from portal.reports.sections.largest import largest
from portal.reports.sections.overview import cover_of, overview
from portal.reports.sections.per_capita import per_capita_giving
from portal.reports.sections.projects import projects
from portal.reports.sections.scope import YearScope, scope_of
from portal.reports.sections.summary import summary
from portal.reports.sections.verifying import verifying


def charity_day(
    session: Session, year: int, organisation: Organisation | None = None, foreword: Foreword | None = None
) -> Document:
    """Read the report of a year.

    Raises:
        NotFound: the year is still to come, or the books hold nothing of it.
    """
    scope = scope_of(session, year, organisation)
    cover = cover_of(scope)
    path = f"/reports/charity-day/{year}" + (f"/{organisation.uscc}" if organisation else "")
    return Document(
        title=_("%(year)s 年慈善透明度报告", year=year),
        subtitle=Written(scope.name),
        cover=replace(cover, foot=(_("中华慈善日 · 9 月 5 日"), *cover.foot)),
        sections=(*foreword_section(foreword), *_sections(scope)),
        origin=scope.origin(path),
    )


def _sections(scope: YearScope) -> tuple[Section, ...]:
    district = scope.organisation is None
    indicator = (per_capita_giving(scope),) if district else ()
    rest = (
        income(scope),
        *((organisations(scope),) if district else ()),
        funds(scope),
        stations(scope),
        projects(scope),
        largest(scope),
        cost_ratios(scope),
        disclosures(scope),
        corrections(scope),
        verifying(scope),
    )
    return (overview(scope, summary((*indicator, *rest))), *indicator, *rest)
