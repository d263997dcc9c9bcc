"""The Charity Day report: a clerk has it made, another person publishes it, a citizen takes home that very file."""

import hashlib

import pytest
from playwright.sync_api import Page, expect

from portal.db import db, writing
from portal.periods import today
from portal.registry.models import Fund
from tests import factories, gifts, people
from tests.browser.fixtures import OpenPage, Site
from tests.browser.test_story import log_in

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

YEAR = today().year
MADE = 120_000
"""Milliseconds that a report may take where all cores are busy."""
FOREWORD = "感谢每一位街坊。<b>账目全部公开</b>，请大家监督。"


@pytest.fixture
def fund(app_context: None) -> Fund:
    """A fund with a gift and a payout of this year."""
    with writing() as session:
        made = factories.fund(session, name="南石头街道社区慈善基金")
    gifts.posted_gift(made, 500_000)
    gifts.posted_payout(made, 123_456)
    db.session.remove()
    return made


def have_made(page: Page, site: Site, kind: str, **typed: str) -> None:
    """Fill in the form, wait until the report is there, and open its page."""
    page.goto(f"{site.address}/desk/reports/new")
    page.get_by_role("radio", name=kind).check()
    for label, words in typed.items():
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_role("button", name="生成").click()
    page.get_by_role("link", name="去看这份报告").click(timeout=MADE)
    page.locator("#content tbody").get_by_role("link").first.click()


def sha256_shown(page: Page) -> str:
    return page.locator("code").first.inner_text()


def test_a_citizen_takes_home_the_file_that_two_people_saw(
    site: Site, open_page: OpenPage, fund: Fund
) -> None:
    clerk, reviewer, citizen = open_page(), open_page(), open_page(width=375, height=720)
    log_in(clerk, site, people.clerk())
    have_made(clerk, site, "透明度报告", 序言=FOREWORD, 序言署名="区慈善会")
    expect(clerk.get_by_role("link", name="打开 PDF")).to_be_visible()
    expected = sha256_shown(clerk)
    clerk.get_by_role("button", name="送审公布").click()
    expect(clerk.get_by_role("button", name="看过了，公布")).to_have_count(0)

    citizen.goto(f"{site.address}/reports")
    expect(citizen.locator("#content")).not_to_contain_text(expected)

    log_in(reviewer, site, people.reviewer())
    reviewer.goto(clerk.url)
    reviewer.get_by_role("button", name="看过了，公布").click()
    expect(reviewer.locator("body")).to_contain_text("指纹已写进账本")

    citizen.reload()
    row = citizen.get_by_role("listitem").filter(has_text=expected)
    address = row.get_by_role("link", name="下载 PDF").get_attribute("href")
    taken = citizen.request.get(f"{site.address}{address}")
    assert hashlib.sha256(taken.body()).hexdigest() == expected
    wide = citizen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def test_a_form_that_lacks_its_fund_says_so_and_keeps_what_was_typed(
    site: Site, open_page: OpenPage, fund: Fund
) -> None:
    clerk = log_in(open_page(), site, people.clerk())
    clerk.goto(f"{site.address}/desk/reports/new")
    clerk.get_by_role("radio", name="基金报告").check()
    clerk.get_by_label("序言", exact=True).fill(FOREWORD)
    clerk.get_by_role("button", name="生成").click()
    expect(clerk.get_by_role("alert")).to_contain_text("请选择")
    expect(clerk.get_by_label("序言", exact=True)).to_have_value(FOREWORD)
