"""Known donors are offered while a name is typed, and a paper list is pasted, in a real browser."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from portal.db import db, writing
from portal.giving.models import Donation
from portal.registry.models import Fund
from portal.staff.models import StaffMember
from tests import factories, gifts
from tests.browser.fixtures import OpenPage, Site
from tests.browser.test_story import log_in

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session, name="江南中街道社区慈善基金")


def donor_ids() -> list[int | None]:
    db.session.rollback()
    return list(db.session.scalars(select(Donation.donor_id).order_by(Donation.id)))


def test_a_known_donor_is_picked_by_pinyin_and_arrow_keys(
    site: Site, open_page: OpenPage, fund: Fund, clerk: StaffMember
) -> None:
    known = gifts.gift(fund, 1_000, donor_name="李小明", donor_phone="13912345678")
    page = log_in(open_page(), site, clerk)
    page.goto(f"{site.address}/desk/donations/new?fund={fund.code}")
    page.keyboard.type("50")
    page.keyboard.press("Tab")
    page.keyboard.type("lxm")
    expect(page.locator("#donor-matches [role=option]")).to_have_text("李小明 个人 139****5678")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#donor_name")).to_have_value("李小明")
    expect(page.locator("#donor-matches")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("-000002，")).to_be_visible()
    assert donor_ids() == [known.donor_id, known.donor_id]


def test_a_name_typed_over_a_choice_is_somebody_new(
    site: Site, open_page: OpenPage, fund: Fund, clerk: StaffMember
) -> None:
    known = gifts.gift(fund, 1_000, donor_name="李小明")
    page = log_in(open_page(), site, clerk)
    page.goto(f"{site.address}/desk/donations/new?fund={fund.code}")
    page.keyboard.type("50")
    page.keyboard.press("Tab")
    page.keyboard.type("li")
    page.locator("#donor-matches [role=option]").click()
    page.keyboard.type("芳")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("-000002，")).to_be_visible()
    first, second = donor_ids()
    assert first == known.donor_id
    assert second not in (None, first)


def test_a_list_is_pasted_into_the_grid(
    site: Site, open_page: OpenPage, fund: Fund, clerk: StaffMember
) -> None:
    page = log_in(open_page(375, 812), site, clerk)
    page.goto(f"{site.address}/desk/donations/grid")
    page.get_by_label("入哪个基金").select_option(fund.code)
    page.locator("[name=rows-0-name]").focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "姓名\\t金额\\n李小明\\t100\\n陈某\\t20.50\\n");
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator("[name=rows-1-name]")).to_have_value("陈某")
    expect(page.locator("[data-grid-total]")).to_have_text("120.50")
    too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(too_wide)
    page.get_by_role("button", name="全部登记").click()
    expect(page.get_by_text("已登记 2 笔，合计 120.50 元")).to_be_visible()
    assert len(donor_ids()) == 2
