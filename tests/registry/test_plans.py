"""The plan of a campaign: kept with its history, checked for gaps, and shown to whoever thinks of giving."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.periods import today
from portal.refusals import Invalid
from portal.registry.models import Campaign
from portal.registry.services import plans
from portal.registry.services.plans import PlanDetails
from tests import factories, people

WHOLE = PlanDetails(
    area="广州市",
    person_in_charge="陈主任",
    office="海珠区示范路 1 号",
    ways_of_giving="银行转账、募捐平台",
    bank_account="示范银行 海珠区慈善会 0000",
    target_fen=1_000_000_00,
    beneficiaries="困难家庭学生",
    use_of_funds="发放助学金",
    fundraising_cost="不超过百分之三",
    leftovers="用于相近的助学项目",
    platform_links="https://gongyi.example.org/1\nhttps://give.example.cn/2",
)


@pytest.fixture
def campaign(session: Session) -> Campaign:
    with writing() as writer:
        return factories.campaign(writer)


def warned(campaign: Campaign) -> list[str]:
    session = db.session()
    return [str(one) for one in plans.warnings(campaign, plans.plan_of(session, campaign), today())]


def test_a_plan_with_gaps_is_pointed_out_until_it_is_whole(campaign: Campaign) -> None:
    assert "募捐方案还缺：募捐区域" in warned(campaign)[0]
    plans.save(campaign.code, WHOLE, people.clerk())
    assert warned(campaign) == []


def test_a_cooperative_campaign_names_its_partner(session: Session) -> None:
    with writing() as writer:
        campaign = factories.campaign(writer, cooperative=True)
    plans.save(campaign.code, WHOLE, people.clerk())
    assert "合作方" in warned(campaign)[0]


def test_a_campaign_without_qualification_or_filing_is_warned_of(session: Session) -> None:
    with writing() as writer:
        owner = factories.organisation(writer, fundraising_since=None)
        campaign = factories.campaign(
            writer,
            organisation_id=owner.id,
            filing_no=None,
            filed_on=None,
            emergency=True,
            starts_on=today() - timedelta(days=11),
        )
    plans.save(campaign.code, WHOLE, people.clerk())
    first, second = warned(campaign)
    assert "没有公开募捐资格" in first
    assert "超过十日" in second


def test_a_link_that_is_no_website_is_refused(campaign: Campaign) -> None:
    for link in ("javascript:alert(1)", "http://give.example.cn", "https://localhost"):
        with pytest.raises(Invalid) as refusal:
            plans.save(campaign.code, PlanDetails(platform_links=link), people.clerk())
        assert set(refusal.value.errors) == {"platform_links"}


def test_staff_enter_it_and_the_public_reads_it(app: Flask, client: FlaskClient, campaign: Campaign) -> None:
    clerk = people.log_in(app, people.clerk())
    app.config["WTF_CSRF_ENABLED"] = False
    stated = {name: getattr(WHOLE, name) for name in PlanDetails.__dataclass_fields__ if name != "target_fen"}
    page = clerk.get(f"/desk/campaigns/{campaign.code}/plan")
    assert "还缺" in page.text
    assert (
        clerk.post(f"/desk/campaigns/{campaign.code}/plan", data={**stated, "target": "很多"}).status_code
        == 422
    )
    saved = clerk.post(f"/desk/campaigns/{campaign.code}/plan", data={**stated, "target": "1,000,000"})
    assert saved.status_code == 302
    assert "陈主任" in clerk.get(f"/desk/campaigns/{campaign.code}").text
    public = client.get(f"/campaigns/{campaign.code}").text
    assert "困难家庭学生" in public
    assert 'href="https://gongyi.example.org/1"' in public
