"""A first-time visitor's five tasks on a phone, each with at most four taps from the home page.

A tap is a touch on a link, a button, or a choice; typing is none.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from portal.db import db, writing
from portal.disclosure import bills
from portal.indicators.models import PopulationKind
from portal.indicators.services.statements import PopulationDetails, enter_population
from portal.ledger.models import Entry
from portal.periods import Month, today
from portal.questions import guards
from portal.questions.models import Question
from portal.registry.models import Fund
from portal.staff.models import StaffMember
from tests import factories, gifts
from tests.browser.fixtures import OpenPage, Site

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

MOST_TAPS = 4
PHONE = (375, 812)
FUND_NAME = "江南中街道社区慈善基金"
QUESTION = "请问这笔钱什么时候用、用在哪里？"


@dataclass
class Visitor:
    """Somebody with a phone; every touch is counted."""

    page: Page
    site: Site
    taps: int = 0

    def opens_home(self) -> None:
        """Begin where everybody begins."""
        self.page.goto(self.site.address)
        self.taps = 0

    def taps_on(self, what: Locator) -> None:
        """Touch something that can be seen."""
        found = what.first
        found.scroll_into_view_if_needed()
        found.click()
        self.taps += 1

    def link(self, words: str | re.Pattern[str]) -> Locator:
        """A link by its words, wherever on the page."""
        return self.page.get_by_role("link", name=words)

    def is_done(self) -> None:
        """Nothing took too many touches, and no page was wider than the phone."""
        assert self.taps <= MOST_TAPS
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE[0]


@pytest.fixture
def visitor(site: Site, open_page: OpenPage) -> Visitor:
    return Visitor(open_page(*PHONE), site)


@pytest.fixture
def fund(app_context: None) -> Fund:
    """A fund with a gift and a payout in the last May that is over, and its bill."""
    with writing() as session:
        return factories.fund(session, name=FUND_NAME)


def last_may() -> Month:
    """The newest May that is over."""
    year = today().year
    return Month(year, 5) if today() > date(year, 5, 31) else Month(year - 1, 5)


def entry_of_today(fund: Fund, amount_fen: int = 23_456) -> Entry:
    found = gifts.posted_gift(fund, amount_fen).entry
    assert found is not None
    return found


def test_the_nearest_station_is_found(visitor: Visitor, app_context: None) -> None:
    with writing() as session:
        near, far = (
            factories.street(session, name=name, tile_column=column)
            for name, column in (("江南中街道", 1), ("官洲街道", 6))
        )
        factories.station(session, name="官洲捐赠站点", street_id=far.id)
        factories.station(session, name="江南中捐赠站点", street_id=near.id)
    visitor.opens_home()
    visitor.taps_on(visitor.link(re.compile("^江南中")))
    expect(visitor.page.get_by_role("heading", level=2).first).to_have_text(re.compile("江南中捐赠站点"))
    visitor.taps_on(visitor.link("江南中捐赠站点"))
    expect(visitor.page.get_by_text("示范路 1 号").first).to_be_visible()
    visitor.is_done()


def test_what_a_fund_spent_in_may_and_on_what(visitor: Visitor, fund: Fund, clerk: StaffMember) -> None:
    may = last_may()
    gifts.posted_gift(fund, 500_000, may.first + timedelta(days=3))
    gifts.posted_payout(fund, 123_400, may.first + timedelta(days=10), purpose="发放助学金")
    bills.publish(fund.code, may, "", clerk)
    visitor.opens_home()
    visitor.taps_on(visitor.page.get_by_role("navigation", name="主要栏目").get_by_role("link", name="基金"))
    visitor.taps_on(visitor.link(FUND_NAME))
    visitor.taps_on(
        visitor.page.get_by_role("main").get_by_role("link", name=re.compile(rf"{may.year}\D*0?5(?!\d)"))
    )
    main = visitor.page.get_by_role("main")
    expect(main.get_by_text("1,234.00").first).to_be_visible()
    expect(main.get_by_text(re.compile("发放助学金")).first).to_be_visible()
    visitor.is_done()


def test_what_giving_per_resident_is_this_year(visitor: Visitor, fund: Fund, clerk: StaffMember) -> None:
    year = today().year
    details = PopulationDetails(
        year=year, population=1_000, kind=PopulationKind.YEAR_END, as_of=date(year, 1, 1), source="演示数据"
    )
    enter_population(clerk, details)
    gifts.posted_gift(fund, 4_120_000)
    visitor.opens_home()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(
        re.compile(rf"{year} 年到今天.*41\.20 元")
    )
    visitor.taps_on(visitor.link(re.compile("人均捐赠怎样算")))
    expect(visitor.page.get_by_text("41.20").first).to_be_visible()
    visitor.is_done()


def test_a_receipt_is_verified(visitor: Visitor, fund: Fund) -> None:
    receipt_no = entry_of_today(fund).receipt_no
    assert receipt_no is not None
    visitor.opens_home()
    visitor.taps_on(visitor.page.get_by_role("main").get_by_role("link", name="自己核对"))
    visitor.page.get_by_label(re.compile("编号")).first.fill(receipt_no)
    visitor.taps_on(visitor.page.get_by_role("main").get_by_role("button", name="核对"))
    expect(visitor.page.get_by_role("heading", name="核对无误")).to_be_visible()
    visitor.is_done()


def asks_about_the_newest_entry(visitor: Visitor) -> None:
    visitor.opens_home()
    visitor.taps_on(visitor.page.locator(".entries").get_by_role("link"))
    visitor.taps_on(visitor.page.get_by_role("main").get_by_role("link", name="提问", exact=True))
    visitor.page.get_by_label("您想问什么").fill(QUESTION)
    visitor.taps_on(visitor.page.get_by_role("button", name="提交问题"))
    expect(visitor.page.get_by_role("heading", name="您的问题已经收到")).to_be_visible()
    visitor.is_done()


@pytest.fixture
def _a_moment_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser types faster than people do."""
    monkeypatch.setattr(guards, "SHORTEST", timedelta(0))


@pytest.mark.usefixtures("_a_moment_is_nothing")
def test_a_question_about_an_entry_is_asked(visitor: Visitor, fund: Fund) -> None:
    entry = entry_of_today(fund)
    asks_about_the_newest_entry(visitor)
    expect(visitor.page.get_by_text(re.compile(r"还有 \d+ 个工作日"))).to_be_visible()
    db.session.rollback()
    [question] = db.session.query(Question).all()
    assert (question.about_no, question.turns[0].words) == (entry.entry_no, QUESTION)


@pytest.mark.usefixtures("_a_moment_is_nothing")
def test_without_scripts_in_large_print_a_question_is_asked_and_back_asks_no_second_time(
    site: Site, chromium: Browser, fund: Fund
) -> None:
    entry_of_today(fund)
    context = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, java_script_enabled=False, locale="zh-CN"
    )
    try:
        page = context.new_page()
        page.goto(f"{site.address}/?view=elder")
        visitor = Visitor(page, site)
        visitor.page.goto(site.address)
        visitor.taps_on(page.locator(".entries").get_by_role("link"))
        visitor.taps_on(page.get_by_role("main").get_by_role("link", name="提问", exact=True))
        page.get_by_label("您想问什么").fill("请打 13800138000 告诉我")
        visitor.taps_on(page.get_by_role("button", name="提交问题"))
        expect(page.get_by_text("公开以后收不回来").first).to_be_visible()
        expect(page.get_by_label("您想问什么")).to_have_value("请打 13800138000 告诉我")
        page.get_by_label("您想问什么").fill(QUESTION)
        visitor.taps_on(page.get_by_role("button", name="提交问题"))
        expect(page.get_by_role("heading", name="您的问题已经收到")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="您的问题已经收到")).to_be_visible()
    finally:
        context.close()
    db.session.rollback()
    assert factories.count(db.session(), Question) == 1
