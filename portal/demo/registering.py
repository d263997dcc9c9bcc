"""Register the demonstration's organisations, funds, stations, projects, campaigns, by the registry's services."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.demo import organisations, purposes
from portal.demo.governance import file_plan, name_officers, name_station_head
from portal.demo.organisations import Body, Purse
from portal.demo.purposes import Drive, Topic
from portal.identifiers import uscc_check_character
from portal.periods import today
from portal.registry import lookups
from portal.registry.models import (
    AcceptedKind,
    Campaign,
    District,
    Fund,
    FundKind,
    LandmarkKind,
    Organisation,
    OrganisationKind,
    Project,
    Station,
    Street,
)
from portal.registry.purposes import in_order
from portal.registry.services.campaigns import CAMPAIGNS, CampaignDetails
from portal.registry.services.funds import FUNDS, FundDetails
from portal.registry.services.landmarks import LANDMARKS, LandmarkDetails
from portal.registry.services.organisations import ORGANISATIONS, OrganisationDetails
from portal.registry.services.projects import PROJECTS, ProjectDetails
from portal.registry.services.stations import STATIONS, StationDetails

REASON = "演示数据"
STATIONS_IN_ALL = 40
LANDMARKS_IN_ALL = 45
"""As many as the district's plan counts; names and places are made up."""
SECOND_APPROVAL_FEN = 50_000_000
EVIDENCE_REQUIRED_FEN = 30_000_000
"""From 300,000 yuan on payouts want evidence, so that the demonstration is made in a minute."""

_KIND_DIGITS = {
    OrganisationKind.FEDERATION: "51",
    OrganisationKind.ASSOCIATION: "51",
    OrganisationKind.SERVICE: "52",
    OrganisationKind.FOUNDATION: "53",
}
_HOURS = ("周一至周五 9:00–17:30", "每天 9:00–21:00", "周二、周四、周六 14:00–17:00", "社区服务中心开放时间")
_FILED_BEFORE = timedelta(days=20)


@dataclass
class Registered:
    """What was registered, in the order of its making; ``topics`` by code of fund, project and campaign."""

    district: District
    streets: list[Street] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    funds: list[Fund] = field(default_factory=list)
    stations: list[Station] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    topics: dict[str, frozenset[Topic]] = field(default_factory=dict)

    def know(self, code: str, *topics: Topic) -> None:
        """Keep what a fund, project or campaign is for; nothing named means everything."""
        self.topics[code] = frozenset(topics or Topic)

    def match(self, one: str, other: str) -> bool:
        """Whether two codes have a topic in common."""
        return bool(self.topics[one] & self.topics[other])


def register(session: Session, district: District, first_year: int, last_year: int) -> Registered:
    """Register everything; campaigns for each of the years."""
    made = Registered(district, streets=list(lookups.streets(session)))
    for number, body in enumerate(organisations.BODIES):
        made.organisations.append(_organisation(made, number, body))
        name_officers(made.organisations[-1], number)
    for number, street in enumerate(made.streets, start=1):
        _community_fund(made, number, street, first_year)
    for number, purse in enumerate(organisations.PURSES, start=1):
        _fund(made, number, purse, first_year)
    _stations(session, made)
    _landmarks(session, made)
    _projects(made, first_year)
    for year in range(first_year, last_year + 1):
        for number, drive in enumerate(purposes.DRIVES, start=1):
            _campaign(made, year, number, drive)
    return made


def _organisation(made: Registered, number: int, body: Body) -> Organisation:
    district, street = made.district, made.streets[number % len(made.streets)]
    # "DEM" in place of a registrar's letters: no real organisation is ever met by chance.
    code = f"{_KIND_DIGITS[body.kind]}{district.code}DEM{number + 1:06d}"
    name = body.name.format(city=district.city, district=district.name)
    return ORGANISATIONS.create(
        None,
        OrganisationDetails(
            uscc=code + uscc_check_character(code),
            name=name + organisations.MARK,
            short_name=body.short_name + organisations.MARK,
            kind=body.kind,
            founded_on=date(2012 + number % 6, 3 + number % 9, 8),
            fundraising_since=date(2018, 9, 1) if body.raises else None,
            fundraising_certificate_no=f"演示证字第 {number + 1:03d} 号" if body.raises else "",
            contact_phone=f"020-0000 {number + 1:04d}",
            address=f"{district.city}{district.name}{street.name}示范路 {number * 2 + 1} 号",
            street=street.code,
            second_approval_fen=SECOND_APPROVAL_FEN,
            evidence_required_fen=EVIDENCE_REQUIRED_FEN,
        ),
        REASON,
    )


def _community_fund(made: Registered, number: int, street: Street, first_year: int) -> None:
    details = FundDetails(
        code=f"HZ{number:04d}",
        name=f"{street.name}社区慈善基金",
        kind=FundKind.COMMUNITY,
        organisation=made.organisations[0].uscc,
        opened_on=date(first_year - 3, 1 + number % 12, 6),
        street=street.code,
        purpose=organisations.COMMUNITY_PURPOSE.format(street=street.name),
    )
    made.know(details.code, *organisations.COMMUNITY_TOPICS)
    made.funds.append(FUNDS.create(None, details, REASON))


def _fund(made: Registered, number: int, purse: Purse, first_year: int) -> None:
    details = FundDetails(
        code=f"HZ9{number:03d}",
        name=purse.name,
        kind=purse.kind,
        organisation=made.organisations[purse.body].uscc,
        opened_on=date(first_year - 2, 3, 1),
        purpose=purse.purpose,
        restricted=bool(purse.restriction),
        restriction=purse.restriction,
        purposes=in_order(purposes.CHARITABLE[topic] for topic in purse.topics) if purse.restriction else (),
    )
    made.know(details.code, *purse.topics)
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
            accepted=(AcceptedKind.MONEY,)
            if number % 3
            else (AcceptedKind.MONEY, AcceptedKind.CLOTHES, AcceptedKind.BOOKS),
            accepts="现金、扫码捐款" if number % 3 else "现金、扫码捐款、九成新以上图书和衣物",
        )
        made.stations.append(STATIONS.create(None, details, REASON))
        name_station_head(made.stations[-1], number)


def _landmarks(session: Session, made: Registered) -> None:
    communities = lookups.communities(session)
    words = {
        LandmarkKind.SQUARE: ("慈善广场", "放有捐赠箱和晒账单公示栏，每月举办义卖。"),
        LandmarkKind.COMMUNITY: ("慈善社区", "社区居委会、社工站和慈善基金一起帮助困难邻里。"),
        LandmarkKind.PARK: ("慈善公园", "园内有慈善文化长廊，市民可以边散步边了解善款去向。"),
    }
    for number in range(LANDMARKS_IN_ALL):
        street = made.streets[number % len(made.streets)]
        kind = list(LandmarkKind)[number // len(made.streets)]
        own = [one for one in communities if one.street_id == street.id]
        community = own[number % len(own)] if own and kind is LandmarkKind.COMMUNITY else None
        title, description = words[kind]
        place = community.name.removesuffix("居委会") if community else street.name.removesuffix("街道")
        details = LandmarkDetails(
            code=f"LM{number + 1:03d}",
            name=f"{place}{title}",
            kind=kind,
            organisation=made.organisations[0].uscc,
            street=street.code,
            address=f"{street.name}示范大道 {number * 4 + 2} 号",
            community=community.code if community else None,
            opened_on=date(2018 + number % 6, 1 + number % 12, 5),
            description=description,
        )
        LANDMARKS.create(None, details, REASON)


def _projects(made: Registered, first_year: int) -> None:
    for number, undertaking in enumerate(purposes.UNDERTAKINGS, start=1):
        code = f"PJ{number:03d}"
        made.know(code, undertaking.topic)
        organisation = made.organisations[undertaking.body]
        own = [fund for fund in made.funds if fund.organisation_id == organisation.id and not fund.street_id]
        fitting = [fund for fund in own if made.match(fund.code, code)]
        details = ProjectDetails(
            code=code,
            name=undertaking.name,
            organisation=organisation.uscc,
            starts_on=date(first_year, 1, 1),
            ends_on=date(first_year, *undertaking.last) if undertaking.last else None,
            # The federation's projects for students and for the poor may be paid by every community fund as well.
            funds=tuple(fund.code for fund in fitting) if not undertaking.from_all_funds else (),
            work_area=f"{made.district.city}{made.district.name}",
            planned_people=undertaking.planned_people,
            goal=undertaking.goal,
            category=purposes.CATEGORIES[undertaking.topic],
        )
        made.projects.append(PROJECTS.create(None, details, REASON))


def _campaign(made: Registered, year: int, number: int, drive: Drive) -> None:
    starts_on = date(year, *drive.first)
    filed_on = starts_on - _FILED_BEFORE
    if filed_on > today():
        return
    organisation = made.organisations[drive.body]
    details = CampaignDetails(
        code=f"CP{year}{number:02d}",
        name=f"{year} 年{drive.name}",
        organisation=organisation.uscc,
        starts_on=starts_on,
        ends_on=date(year, *drive.last),
        # Rule E14: the year in the number is that of the filing, which may come before the campaign's.
        filing_no=f"{organisation.uscc}A{filed_on.year % 100:02d}{number:03d}",
        filed_on=filed_on,
        purpose=drive.purpose,
    )
    made.know(details.code, *drive.topics)
    made.campaigns.append(CAMPAIGNS.create(None, details, REASON))
    file_plan(made.campaigns[-1])
