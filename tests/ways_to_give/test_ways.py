"""How to give: no account number is shown that two persons have not compared, and no link leads into a trap."""

import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import writing
from portal.refusals import Conflict, Forbidden, Invalid, NotFound
from portal.registry.models import Campaign, Organisation
from portal.ways_to_give import service
from portal.ways_to_give.models import GivingWay, WayKind
from portal.ways_to_give.platforms import platform_of
from portal.ways_to_give.service import WayDetails
from tests import factories, people
from tests.people import ClerkOf, LogIn

NUMBER = "3602 0000 1111 222"


@pytest.fixture
def campaign(session: Session) -> Campaign:
    """A campaign under way."""
    with writing() as writer:
        made: Campaign = factories.campaign(writer, name="邻里守望")
    return made


def account(organisation: Organisation, **given: Any) -> WayDetails:
    """An account of an organisation, as its papers have it."""
    facts = {
        "organisation": organisation.uscc,
        "kind": WayKind.ACCOUNT,
        "account_name": organisation.name,
        "bank": "工商银行海珠支行",
        "account_no": NUMBER,
    }
    return WayDetails(**{**facts, **given})


def page(campaign: Campaign, url: str = "https://gongyi.qq.com/succor/detail.htm?id=1") -> WayDetails:
    """A campaign's page on a designated platform."""
    return WayDetails(
        organisation=campaign.organisation.uscc, kind=WayKind.PLATFORM, campaign=campaign.code, url=url
    )


def entered(details: WayDetails) -> GivingWay:
    """A way to give that waits to be compared."""
    return service.enter(details, people.clerk(), uuid.uuid4().hex)


def published(details: WayDetails) -> GivingWay:
    """A way to give that everybody sees."""
    way = entered(details)
    return service.approve(way.id, people.reviewer(), way.version)


def refused(details: WayDetails) -> set[str]:
    """The fields that are wrong."""
    with pytest.raises(Invalid) as problem:
        entered(details)
    return set(problem.value.errors)


def test_nothing_is_shown_before_a_second_person_compared_it(campaign: Campaign, client: FlaskClient) -> None:
    way = entered(account(campaign.organisation, campaign=campaign.code))
    assert way.spaced_account_no not in client.get("/how-to-give").text
    with pytest.raises(Forbidden):
        service.approve(way.id, people.clerk(), way.version)
    service.approve(way.id, people.reviewer(), way.version)
    for path in ("/how-to-give", f"/campaigns/{campaign.code}"):
        assert way.spaced_account_no in client.get(path).text, path


def test_one_person_may_take_it_down_at_once_and_once(campaign: Campaign, client: FlaskClient) -> None:
    way = published(page(campaign))
    assert way.url.split("?")[0] in client.get("/how-to-give").text
    service.end(way.id, people.clerk())
    assert way.url.split("?")[0] not in client.get("/how-to-give").text
    with pytest.raises(Conflict):
        service.end(way.id, people.clerk())


def test_money_goes_only_to_an_account_in_the_organisations_own_name(campaign: Campaign) -> None:
    assert refused(account(campaign.organisation, account_name="张三")) == {"account_name"}
    assert refused(account(campaign.organisation, account_no="12345")) == {"account_no"}


def test_only_who_may_raise_funds_publishes_how_to_give(session: Session) -> None:
    with writing() as writer:
        without = factories.organisation(writer, fundraising_since=None)
    assert refused(account(without)) == {"organisation"}


@pytest.mark.parametrize(
    "address",
    [
        "http://gongyi.qq.com/x",
        "https://gongyi.qq.com.evil.example/x",
        "https://evil.example/gongyi.qq.com",
        "https://gongyi.qq.com@evil.example/",
        "https://gongyi.qq.com:8443/",
        "https://notgongyi.qq.com.cn/",
        "javascript:alert(1)",
        "",
    ],
)
def test_a_link_leads_only_to_a_designated_platform(campaign: Campaign, address: str) -> None:
    assert platform_of(address) is None
    assert refused(page(campaign, address)) == {"url"}


def test_a_page_belongs_to_a_campaign_of_the_same_organisation(campaign: Campaign) -> None:
    with writing() as writer:
        other: Campaign = factories.campaign(writer)
    without = WayDetails(
        organisation=campaign.organisation.uscc, kind=WayKind.PLATFORM, url="https://gongyi.qq.com/x"
    )
    assert refused(without) == {"campaign"}
    assert refused(account(campaign.organisation, campaign=other.code)) == {"campaign"}


def test_the_same_form_sent_twice_is_one_way(campaign: Campaign) -> None:
    key = uuid.uuid4().hex
    first, again = (service.enter(page(campaign), people.clerk(), key) for _ in range(2))
    assert first.id == again.id
    with pytest.raises(Conflict):
        service.enter(account(campaign.organisation), people.clerk(), key)


def test_another_organisations_clerk_reaches_none_of_it(campaign: Campaign, clerk_of: ClerkOf) -> None:
    with writing() as writer:
        other = factories.organisation(writer)
    way = entered(page(campaign))
    with pytest.raises(NotFound):
        service.end(way.id, clerk_of(other.id))


@pytest.mark.one_engine
def test_the_desk_enters_and_compares_it(campaign: Campaign, log_in: LogIn) -> None:
    clerk, reviewer = log_in(people.clerk()), log_in(people.reviewer())
    form = {
        "kind": "account",
        "organisation": campaign.organisation.uscc,
        "account_name": "某人",
        "bank": "工商银行海珠支行",
        "account_no": NUMBER,
    }
    wrong = clerk.post("/desk/ways-to-give/new", data=form)
    assert wrong.status_code == 422 and "完全一致" in wrong.text and NUMBER in wrong.text
    form["account_name"] = campaign.organisation.name
    shown = clerk.post("/desk/ways-to-give/new", data=form)
    assert shown.status_code == 302
    assert shown.location in reviewer.get("/desk/queue").text
    assert "核对无误" in reviewer.get(shown.location).text
    assert reviewer.post(f"{shown.location}/return", data={"version": 1}).status_code == 422
    assert clerk.post(f"{shown.location}/approve", data={"version": 1}).status_code == 403
    assert reviewer.post(f"{shown.location}/approve", data={"version": 1}).status_code == 302
    assert "已公布" in clerk.get("/desk/ways-to-give").text


@pytest.mark.one_engine
def test_the_page_says_that_the_portal_takes_no_money(campaign: Campaign, client: FlaskClient) -> None:
    text = client.get("/how-to-give").text
    assert "本网站不收款" in text and "96110" in text and "邻里守望" in text
    with writing() as session:
        session.get_one(Campaign, campaign.id).ends_on = campaign.starts_on.replace(month=4)
    assert "邻里守望" not in client.get("/how-to-give").text
