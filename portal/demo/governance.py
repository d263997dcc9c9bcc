"""What the plans of the demonstration's campaigns say, and who answers for its bodies and places."""

from datetime import date
from typing import Any

from portal.demo.organisations import MARK
from portal.registry.models import Campaign, Organisation, Station
from portal.registry.record_models import Body
from portal.registry.services import officers, plans
from portal.registry.services.keeping import Keeper
from portal.registry.services.officers import OfficerDetails
from portal.registry.services.organisations import ORGANISATIONS
from portal.registry.services.plans import PlanDetails
from portal.registry.services.stations import STATIONS

_SURNAMES = "陈林黄何梁周郑谢罗邓冯叶苏潘曾彭"
_POSITIONS = (
    ("会长", Body.DECIDING),
    ("秘书长", Body.EXECUTING),
    ("监事", Body.SUPERVISING),
)


def file_plan(campaign: Campaign) -> None:
    """Enter the plan of a campaign, with every field filled in."""
    organisation = campaign.organisation
    plans.save(
        campaign.code,
        PlanDetails(
            area="海珠区内及网络募捐",
            person_in_charge=f"{_SURNAMES[campaign.id % len(_SURNAMES)]}示范",
            office=organisation.address,
            ways_of_giving="银行转账、捐赠站点现金和扫码、指定的互联网募捐平台",
            bank_account=f"户名：{organisation.name}；开户行：示范银行海珠支行；账号：0000 0000 {campaign.id:04d}",
            target_fen=(50 + campaign.id % 5 * 25) * 10_000_00,
            beneficiaries="海珠区内的困难家庭、老人、儿童和残疾人",
            use_of_funds=campaign.purpose,
            fundraising_cost="不从捐款中列支；宣传费用由主办组织另外承担",
            leftovers="按募捐方案用于目的相同或者相近的慈善项目，并向社会公开",
        ),
        None,
    )


def name_officers(organisation: Organisation, number: int) -> None:
    """Name who decides, executes and supervises."""
    for step, (position, body) in enumerate(_POSITIONS):
        _name(
            ORGANISATIONS,
            organisation.uscc,
            number * 3 + step,
            (position, body),
            date(2023, 1 + number % 12, 1),
        )


def name_station_head(station: Station, number: int) -> None:
    """Name who answers for a station."""
    _name(STATIONS, station.code, number, ("站点负责人", Body.IN_CHARGE), date(2024, 1 + number % 12, 1))


def _name(keeper: Keeper[Any, Any], code: str, number: int, office: tuple[str, Body], since: date) -> None:
    position, body = office
    name = f"{_SURNAMES[number % len(_SURNAMES)]}示范{MARK}"
    officers.add(keeper, code, OfficerDetails(name=name, position=position, body=body, since=since), None)
