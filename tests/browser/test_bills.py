"""A first-time visitor with a phone asks: how much did this fund spend in May, and on what?"""

import pytest
from playwright.sync_api import Page, expect

from portal.db import db, writing
from portal.disclosure import bills
from portal.periods import Month, today
from portal.registry.models import Fund
from tests import factories, gifts, people
from tests.browser.fixtures import OpenPage, Site

pytestmark = pytest.mark.browser

MAY = Month.of(today()).plus(-6)
"""Stands for any month of the last year."""


@pytest.fixture
def fund(app_context: None) -> Fund:
    """A fund that spent 1,234.56 yuan on a project in May, published."""
    with writing() as session:
        made = factories.fund(session, name="南石头街道社区慈善基金")
        project = factories.project(session, organisation_id=made.organisation_id, name="邻里助学")
    gifts.posted_gift(made, 500_000, MAY.first)
    gifts.posted_payout(made, 123_456, MAY.last, project=project.code)
    bills.publish(made.code, MAY, "五月发放助学金", people.clerk())
    db.session.remove()
    return made


def test_the_answer_is_at_most_four_taps_from_the_home_page(
    site: Site, open_page: OpenPage, fund: Fund
) -> None:
    page: Page = open_page(width=375, height=720)
    page.goto(site.address)
    page.locator("header nav").get_by_role("link", name="基金", exact=True).click()
    page.locator("#content").get_by_role("link", name=fund.name).click()
    page.get_by_role("link", name=str(MAY), exact=True).click()
    slip = page.locator(".slip")
    expect(slip).to_contain_text("¥1,234.56")
    expect(slip).to_contain_text("邻里助学")
    expect(slip).to_contain_text("慈善活动支出")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
