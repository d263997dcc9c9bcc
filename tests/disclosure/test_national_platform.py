"""What stands on the statutory national platform has its link; what does not says so (REQ-POS-01)."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import writing
from portal.disclosure import bills
from portal.periods import Month, today
from portal.refusals import Invalid
from portal.registry.models import Fund
from portal.registry.services.campaigns import CAMPAIGNS
from portal.registry.services.projects import PROJECTS
from tests import factories, gifts, people
from tests.people import LogIn

pytestmark = pytest.mark.one_engine

ADDRESS = "https://cszg.mca.gov.cn/biz/ma/csmh/a/csmhadetail.html?id=1"
MISSING = "未在法定平台公开"


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a bill of last month."""
    with writing() as writer:
        made: Fund = factories.fund(writer)
    gifts.posted_gift(made, 5_000, Month.of(today()).plus(-1).first)
    bills.publish(made.code, Month.of(today()).plus(-1), "", people.clerk())
    return made


def test_campaigns_and_projects_say_where_they_stand(session: Session, client: FlaskClient) -> None:
    with writing() as writer:
        campaign, project = factories.campaign(writer), factories.project(writer)
    for keeper, thing, path in (
        (CAMPAIGNS, campaign, f"/campaigns/{campaign.code}"),
        (PROJECTS, project, f"/projects/{project.code}"),
    ):
        assert MISSING in client.get(path).text
        details = keeper.details(thing)
        with pytest.raises(Invalid) as problem:
            keeper.edit(
                people.clerk(), thing.code, replace(details, national_platform_url="javascript:x"), "补登"
            )
        assert "national_platform_url" in problem.value.errors
        keeper.edit(people.clerk(), thing.code, replace(details, national_platform_url=ADDRESS), "补登")
        text = client.get(path).text
        assert ADDRESS in text and MISSING not in text


def test_a_bill_gets_its_link_at_the_desk_and_stays_as_it_was(
    fund: Fund, log_in: LogIn, client: FlaskClient
) -> None:
    month = Month.of(today()).plus(-1)
    bill_no = f"{month}-{fund.code}"
    assert MISSING in client.get(f"/bills/{bill_no}").text
    desk = log_in(people.clerk())
    wrong = desk.post(f"/desk/bills/{bill_no}/national-platform", data={"url": "慈善中国"})
    assert wrong.status_code == 422 and "https://" in wrong.text
    before = client.get(f"/bills/{bill_no}.json").data
    assert desk.post(f"/desk/bills/{bill_no}/national-platform", data={"url": ADDRESS}).status_code == 302
    assert ADDRESS in client.get(f"/bills/{bill_no}").text
    assert client.get(f"/bills/{bill_no}.json").data == before


def test_a_bill_under_way_is_neither(fund: Fund, client: FlaskClient) -> None:
    text = client.get(f"/bills/{Month.of(today())}-{fund.code}").text
    assert MISSING not in text
