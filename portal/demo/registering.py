"""Register the demonstration's organisations, funds, stations, projects and campaigns, by the registry's services."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.demo import places
from portal.identifiers import uscc_check_character
from portal.registry import lookups
from portal.registry.models import (
    Campaign,
    Fund,
    FundKind,
    Organisation,
    OrganisationKind,
    Project,
    Station,
    Street,
)
from portal.registry.services.campaigns import CAMPAIGNS, CampaignDetails
from portal.registry.services.funds import FUNDS, FundDetails
from portal.registry.services.organisations import ORGANISATIONS, OrganisationDetails
from portal.registry.services.projects import PROJECTS, ProjectDetails
from portal.registry.services.stations import STATIONS, StationDetails

REASON = "演示数据"
STATIONS_IN_ALL = 40

_KIND_DIGITS = {
    OrganisationKind.FEDERATION: "51",
    OrganisationKind.ASSOCIATION: "51",
    OrganisationKind.SERVICE: "52",
    OrganisationKind.FOUNDATION: "53",
}
_HOURS = ("周一至周五 9:00–17:30", "每天 9:00–21:00", "周二、周四、周六 14:00–17:00", "社区服务中心开放时间")


@dataclass
class Registered:
    """What was registered, in the order of its making."""

    streets: list[Street] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    funds: list[Fund] = field(default_factory=list)
    stations: list[Station] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)


def register(session: Session, first_year: int, last_year: int) -> Registered:
    """Register everything; campaigns for each of the years."""
    made = Registered(streets=list(lookups.streets(session)))
    for number, body in enumerate(places.BODIES):
        made.organisations.append(_organisation(number, body, made.streets[number % len(made.streets)]))
    _funds(made, first_year)
    _stations(session, made)
    _projects(made, first_year)
    for year in range(first_year, last_year + 1):
        _campaigns(made, year)
    return made


def _organisation(number: int, body: places.Body, street: Street) -> Organisation:
    code = f"{_KIND_DIGITS[body.kind]}440105MJK9{number + 1:05d}"
    return ORGANISATIONS.create(
        None,
        OrganisationDetails(
            uscc=code + uscc_check_character(code),
            name=body.name + places.MARK,
            short_name=body.short_name + places.MARK,
            kind=body.kind,
            founded_on=date(2012 + number % 6, 3 + number % 9, 8),
            fundraising_since=date(2018, 9, 1) if body.raises else None,
            fundraising_certificate_no=f"演示证字第 {number + 1:03d} 号" if body.raises else "",
            contact_phone=f"020-0000 {number + 1:04d}",
            address=f"广州市海珠区{street.name}示范路 {number * 2 + 1} 号",
            street=street.code,
        ),
        REASON,
    )


def _funds(made: Registered, first_year: int) -> None:
    federation = made.organisations[0]
    for number, street in enumerate(made.streets, start=1):
        details = FundDetails(
            code=f"HZ{number:04d}",
            name=f"{street.name}社区慈善基金",
            kind=FundKind.COMMUNITY,
            organisation=federation.uscc,
            opened_on=date(first_year - 3, 1 + number % 12, 6),
            street=street.code,
            purpose=f"{street.name}居民互助：临时救助、助老、助学和社区公益微项目。",
        )
        made.funds.append(FUNDS.create(None, details, REASON))
    for number, purse in enumerate(places.PURSES, start=1):
        details = FundDetails(
            code=f"HZ9{number:03d}",
            name=purse.name,
            kind=purse.kind,
            organisation=made.organisations[purse.body].uscc,
            opened_on=date(first_year - 2, 3, 1),
            purpose=purse.purpose,
            restricted=bool(purse.restriction),
            restriction=purse.restriction,
        )
        made.funds.append(FUNDS.create(None, details, REASON))


def _stations(session: Session, made: Registered) -> None:
    communities = lookups.communities(session)
    for number in range(STATIONS_IN_ALL):
        street = made.streets[number % len(made.streets)]
        own = [one for one in communities if one.street_id == street.id]
        community = own[number // len(made.streets) * 3 % len(own)] if own else None
        operator = made.organisations[0] if number % 4 else made.organisations[8 + number // 4 % 4]
        words = community.name.removesuffix("居委会") if community else street.name
        details = StationDetails(
            code=f"ST{number + 1:03d}",
            name=f"{words}慈善捐赠站点",
            organisation=operator.uscc,
            street=street.code,
            community=community.code if community else None,
            address=f"{street.name}示范巷 {number + 3} 号社区服务中心一楼",
            hours=_HOURS[number % len(_HOURS)],
            accepts="现金、扫码捐款" if number % 3 else "现金、扫码捐款、九成新以上图书和衣物",
        )
        made.stations.append(STATIONS.create(None, details, REASON))


def _projects(made: Registered, first_year: int) -> None:
    for number, (body, name, goal) in enumerate(places.PROJECTS, start=1):
        organisation = made.organisations[body]
        own = [fund for fund in made.funds if fund.organisation_id == organisation.id and not fund.street_id]
        details = ProjectDetails(
            code=f"PJ{number:03d}",
            name=name,
            organisation=organisation.uscc,
            starts_on=date(first_year, 1, 1),
            fund=own[0].code if own else None,
            goal=goal,
        )
        made.projects.append(PROJECTS.create(None, details, REASON))


def _campaigns(made: Registered, year: int) -> None:
    for number, (body, name, month, day, last_month, last_day, purpose) in enumerate(
        places.CAMPAIGNS, start=1
    ):
        organisation = made.organisations[body]
        starts_on = date(year, month, day)
        details = CampaignDetails(
            code=f"CP{year}{number:02d}",
            name=f"{year} 年{name}",
            organisation=organisation.uscc,
            starts_on=starts_on,
            ends_on=date(year, last_month, last_day),
            filing_no=f"{organisation.uscc}A{year % 100:02d}{number:03d}",
            filed_on=starts_on - timedelta(days=20),
            purpose=purpose,
        )
        if details.filed_on is not None and details.filed_on <= date.today():  # noqa: DTZ011 - not filed yet, not there
            made.campaigns.append(CAMPAIGNS.create(None, details, REASON))
