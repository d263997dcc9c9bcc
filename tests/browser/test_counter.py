"""The counter in a real browser: by keyboard alone, without a network, and on a telephone."""

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from portal.db import db, writing
from portal.giving.models import Donation, DonationItem
from portal.registry.models import Fund, Station
from portal.staff.models import StaffMember
from tests import factories, people
from tests.browser.fixtures import OpenPage, Site
from tests.browser.test_story import log_in

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session, name="江南中街道社区慈善基金")


@pytest.fixture
def station(fund: Fund) -> Station:
    with writing() as session:
        return factories.station(session, organisation_id=fund.organisation_id)


def logged() -> tuple[int, int]:
    """How many gifts there are, and their sum in fen."""
    db.session.rollback()
    count, total = db.session.execute(select(func.count(Donation.id), func.sum(Donation.amount_fen))).one()
    return count, total or 0


def tab_to(page: Page, name: str) -> None:
    for _ in range(30):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the key never came to {name}")


def counter(page: Page, site: Site, fund: Fund) -> Page:
    page.goto(f"{site.address}/desk/donations/new?fund={fund.code}")
    expect(page.locator("#amount")).to_be_focused()
    return page


def type_gift(page: Page, amount: str, donor: str) -> None:
    page.keyboard.type(amount)
    page.keyboard.press("Tab")
    page.keyboard.type(donor)
    page.keyboard.press("Control+Enter")


def test_ten_gifts_in_a_row_by_keyboard_alone(
    site: Site, open_page: OpenPage, fund: Fund, clerk: StaffMember
) -> None:
    page = log_in(open_page(), site, clerk)
    page.goto(f"{site.address}/desk/donations/new")
    expect(page.locator("#amount")).to_be_focused()
    page.keyboard.type("100")
    tab_to(page, "fund")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    for number in range(1, 10):
        expect(page.get_by_text(f"-{number:06d}，")).to_be_visible()
        expect(page.locator("#amount")).to_be_focused()
        type_gift(page, f"{100 + number}.5", f"街坊{number}")
    expect(page.get_by_text("-000010，")).to_be_visible()
    assert logged() == (10, 10_000 + sum(10_050 + 100 * number for number in range(1, 10)))


def test_without_a_network_the_sheet_is_kept_and_sent_once(
    site: Site, open_page: OpenPage, fund: Fund, clerk: StaffMember
) -> None:
    page = counter(log_in(open_page(), site, clerk), site, fund)
    page.context.set_offline(True)
    type_gift(page, "66", "黄阿姨")
    expect(page.get_by_text("1 笔待提交")).to_be_visible()
    type_gift(page, "88", "何伯")
    expect(page.get_by_text("2 笔待提交")).to_be_visible()
    assert logged() == (0, 0)
    page.context.set_offline(False)
    expect(page.get_by_text("先前存下的 2 笔已经提交")).to_be_visible()
    assert logged() == (2, 15_400)
    counter(page, site, fund)
    page.wait_for_load_state("networkidle")
    assert logged() == (2, 15_400)


def test_an_answer_that_is_lost_on_the_way_doubles_nothing(
    site: Site, open_page: OpenPage, fund: Fund, clerk: StaffMember
) -> None:
    page = counter(log_in(open_page(), site, clerk), site, fund)

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route("**/desk/donations/new*", lose_the_answer)
    type_gift(page, "520", "陈生")
    page.wait_for_timeout(500)
    page.unroute("**/desk/donations/new*")
    assert logged() == (1, 52_000)
    counter(page, site, fund)
    expect(page.get_by_text("先前存下的 1 笔已经提交")).to_be_visible()
    assert logged() == (1, 52_000)


def test_clothes_are_logged_at_a_station_on_a_telephone(
    site: Site, open_page: OpenPage, fund: Fund, station: Station
) -> None:
    page = log_in(open_page(375, 812), site, people.station_clerk(station))
    page.goto(f"{site.address}/desk/donations/new?fund={fund.code}")
    page.get_by_label("捐赠形式").select_option("goods")
    expect(page.locator("#amount")).to_be_hidden()
    page.locator("[name=items-0-item]").fill("羽绒服")
    page.locator("[name=items-0-quantity]").fill("12")
    page.locator("[name=items-0-unit]").fill("件")
    expect(page.locator("[name=items-1-item]")).to_be_hidden()
    page.get_by_role("button", name="再加一行").click()
    page.locator("[name=items-1-item]").fill("童鞋")
    page.locator("[name=items-1-quantity]").fill("8")
    page.locator("[name=items-1-unit]").fill("双")
    too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(too_wide)
    page.get_by_role("button", name="保存并登记下一笔").click()
    expect(page.get_by_text("没有计价，等待另一位同事复核")).to_be_visible()
    db.session.rollback()
    lines = db.session.execute(
        select(DonationItem.item, DonationItem.quantity_thousandths).order_by(DonationItem.line_no)
    )
    assert [tuple(line) for line in lines] == [("羽绒服", 12_000), ("童鞋", 8_000)]
