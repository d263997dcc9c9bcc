"""The kinds of reports there are: how each is asked for, read, and who may have it made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from flask_babel import LazyString
from sqlalchemy.orm import Session

from portal.donors import service as donors
from portal.i18n import lazy_gettext as _l
from portal.refusals import NotFound
from portal.reports import asked
from portal.reports.annual import annual
from portal.reports.asked import Parameters
from portal.reports.charity_day import charity_day
from portal.reports.document import Document
from portal.reports.donor_statement import donor_statement, note_making
from portal.reports.fund_report import fund_report
from portal.staff.models import StaffMember


@dataclass(frozen=True)
class Parameter:
    """One thing a report is asked for with."""

    name: Literal["year", "organisation", "fund", "donor"]
    title: LazyString
    required: bool = True


@dataclass(frozen=True)
class Kind:
    """One kind of report.

    ``read`` raises NotFound where there is nothing to report on and Invalid where a parameter is wrong. ``permit``
    raises NotFound where a report is not for a person to have made. What is not ``public`` never leaves the desk, and
    whoever makes it calls ``note`` first, which puts it on record.
    """

    name: str
    title: LazyString
    parameters: tuple[Parameter, ...]
    read: Callable[[Session, Parameters], Document]
    permit: Callable[[Session, Parameters, StaffMember], None]
    public: bool = True
    note: Callable[[Parameters, StaffMember], None] | None = None


def _read_charity_day(session: Session, parameters: Parameters) -> Document:
    organisation = asked.organisation_of(session, parameters)
    return charity_day(session, asked.year_of(parameters), organisation, asked.foreword_of(parameters))


def _read_annual(session: Session, parameters: Parameters) -> Document:
    organisation = asked.required_organisation_of(session, parameters)
    return annual(session, asked.year_of(parameters), organisation, asked.foreword_of(parameters))


def _read_fund(session: Session, parameters: Parameters) -> Document:
    fund = asked.fund_of(session, parameters)
    return fund_report(session, asked.year_of(parameters), fund, asked.foreword_of(parameters))


def _read_donor_statement(session: Session, parameters: Parameters) -> Document:
    return donor_statement(session, asked.year_of(parameters), asked.donor_of(session, parameters))


def _permit_organisation(session: Session, parameters: Parameters, by: StaffMember) -> None:
    organisation = asked.organisation_of(session, parameters)
    _require(by, organisation.id if organisation else None)


def _permit_fund(session: Session, parameters: Parameters, by: StaffMember) -> None:
    _require(by, asked.fund_of(session, parameters).organisation_id)


def _permit_donor(session: Session, parameters: Parameters, by: StaffMember) -> None:
    donors.find(session, asked.donor_of(session, parameters).id, by)


def _require(by: StaffMember, organisation_id: int | None) -> None:
    if not by.scope.permits(organisation_id, None):
        raise NotFound(_l("这份报告不归你所在的组织。"))


def _note_statement(parameters: Parameters, by: StaffMember) -> None:
    note_making(int(parameters["donor"]), asked.year_of(parameters), by)


_YEAR = Parameter("year", _l("年份"))

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind(
                "charity-day",
                _l("慈善透明度报告（中华慈善日）"),
                (_YEAR, Parameter("organisation", _l("慈善组织（不选是全区）"), required=False)),
                _read_charity_day,
                _permit_organisation,
            ),
            Kind(
                "annual",
                _l("年度工作报告的账目部分"),
                (_YEAR, Parameter("organisation", _l("慈善组织"))),
                _read_annual,
                _permit_organisation,
            ),
            Kind(
                "fund",
                _l("基金报告"),
                (_YEAR, Parameter("fund", _l("基金"))),
                _read_fund,
                _permit_fund,
            ),
            Kind(
                "donor-statement",
                _l("捐赠人年度对账单"),
                (_YEAR, Parameter("donor", _l("捐赠人"))),
                _read_donor_statement,
                _permit_donor,
                public=False,
                note=_note_statement,
            ),
        )
    }
)
"""All kinds by name."""
