"""The desk's own pages: the first page, the queue, accounts, the audit trail, bills to publish."""

import pytest
from flask.testing import FlaskClient

from portal.db import writing
from portal.staff.models import Role, StaffMember
from tests import factories, gifts, people
from tests.people import LogIn

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_the_navigation_opens_for_each_role(
    app_context: None, log_in: LogIn, role: Role
) -> None:
    with writing() as session:
        fund = factories.fund(session)
        station = factories.station(session, organisation_id=fund.organisation_id)
    gifts.posted_gift(fund, 123_456)
    gifts.gift(fund, 5_000)
    who = people.station_clerk(station) if role is Role.STATION_CLERK else people.member(f"the.{role}", role)
    browser = log_in(who)
    for path in _links(browser):
        with browser.get(path) as answer:
            assert answer.status_code == 200, path


def _links(browser: FlaskClient) -> list[str]:
    page = browser.get("/desk/").text
    nav = page[page.index('class="desk-nav"') : page.index("</nav>")]
    return [part.split('"')[0] for part in nav.split('<a href="')[1:]]


def test_the_queue_leads_to_what_waits(clerk: StaffMember, reviewer: StaffMember, log_in: LogIn) -> None:
    with writing() as session:
        fund = factories.fund(session)
    gifts.posted_gift(fund, 100_000)
    waiting, payout = gifts.gift(fund, 5_000), gifts.payout(fund, 2_000)
    page = log_in(reviewer).get("/desk/queue").text
    assert waiting.donation_no in page and payout.disbursement_no in page
    assert f"/desk/donations/{waiting.id}" in page and f"/desk/disbursements/{payout.id}" in page


def test_a_stranger_is_led_to_the_login_page(client: FlaskClient) -> None:
    answer = client.get("/desk/queue")
    assert answer.status_code == 302 and answer.location == "/desk/login?next=/desk/queue"
