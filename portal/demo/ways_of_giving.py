"""How one may give to the demonstration's bodies: accounts and pages that two persons compared, one that waits."""

from datetime import timedelta

from portal.demo.registering import REASON
from portal.demo.stage import Stage
from portal.registry.models import Campaign, Organisation, Project
from portal.registry.services.campaigns import CAMPAIGNS, CampaignDetails
from portal.ways_to_give import service
from portal.ways_to_give.models import GivingWay, WayKind
from portal.ways_to_give.service import WayDetails

ACCOUNTS = 3
PLATFORM_PAGE = "https://gongyi.qq.com/"
NATIONAL_PLATFORM = "https://cszg.mca.gov.cn/"
"""The platforms' own first pages: a made-up campaign has none there."""


def show(stage: Stage) -> None:
    """Open a campaign that takes gifts today, publish accounts and a page for it, and leave one to be compared."""
    raising = [one for one in stage.made.organisations if one.may_raise_on(stage.today)]
    for organisation in raising[:ACCOUNTS]:
        _publish(stage, _account(organisation, "0001"))
    campaign = _campaign(stage, raising[0])
    _publish(stage, _account(raising[0], "0002", campaign.code))
    _publish(
        stage,
        WayDetails(
            organisation=raising[0].uscc, kind=WayKind.PLATFORM, campaign=campaign.code, url=PLATFORM_PAGE
        ),
    )
    _enter(stage, _account(raising[-1], "0003"))
    things: list[Organisation | Campaign | Project] = [raising[0], campaign, *stage.made.projects[:3]]
    for thing in things:
        thing.national_platform_url = NATIONAL_PLATFORM


def _campaign(stage: Stage, organisation: Organisation) -> Campaign:
    starts_on = stage.today - timedelta(days=20)
    filed_on = starts_on - timedelta(days=15)
    details = CampaignDetails(
        code=f"CP{stage.today.year}90",
        name="邻里守望冬日暖心",
        organisation=organisation.uscc,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=180),
        filing_no=f"{organisation.uscc}A{filed_on.year % 100:02d}090",
        filed_on=filed_on,
        purpose="为社区里的独居老人和困难家庭添置冬衣、棉被和取暖用品",
    )
    return CAMPAIGNS.create(None, details, REASON)


def _account(organisation: Organisation, number: str, campaign: str = "") -> WayDetails:
    return WayDetails(
        organisation=organisation.uscc,
        kind=WayKind.ACCOUNT,
        campaign=campaign,
        account_name=organisation.name,
        bank="示范银行海珠支行",
        account_no=f"0000 0000 {organisation.id:04d} {number}",
        note="演示账户，请勿转账",
    )


def _publish(stage: Stage, details: WayDetails) -> None:
    way = _enter(stage, details)
    service.approve(way.id, stage.reviewer, way.version)


def _enter(stage: Stage, details: WayDetails) -> GivingWay:
    return service.enter(details, stage.clerk, stage.key())
