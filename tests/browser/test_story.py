"""The main job in a real browser: one gift from the counter to every public figure, and back by a reversal."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.db import db, writing
from portal.money import format_yuan
from portal.periods import Month, today
from portal.registry.models import Fund
from portal.staff.models import StaffMember
from tests import factories, gifts, people
from tests.browser.fixtures import OpenPage, Site

pytestmark = pytest.mark.browser

AMOUNT_FEN = 123_456
BEFORE_FEN = 500_000


@dataclass
class Surfaces:
    """Where the public reads the figures of a fund and of the district."""

    site: Site
    page: Page
    fund: Fund
    folder: Path

    def all_show(self, received_fen: int) -> None:
        """Every surface shows the same sum of what was received."""
        words = format_yuan(received_fen)
        for path in (
            "/",
            f"/funds/{self.fund.code}",
            f"/ledger?fund={self.fund.code}",
            f"/bills/{self.bill_no}",
        ):
            self.page.goto(self.site.address + path)
            assert words in self.page.content(), (path, words)
        summary = self.page.request.get(f"{self.site.address}/api/v1/summary?fund={self.fund.code}").json()
        assert (summary["received_fen"], summary["balance_fen"]) == (received_fen, received_fen)
        for path in (f"/bills/{self.bill_no}.pdf", f"/reports/charity-day-{today().year}.pdf"):
            assert words in self.text_of(path), path

    @property
    def bill_no(self) -> str:
        """The running bill of the fund."""
        return f"{Month.of(today())}-{self.fund.code}"

    def text_of(self, path: str) -> str:
        """The text of a PDF, as a reader would copy it."""
        target = self.folder / "page.pdf"
        target.write_bytes(self.page.request.get(self.site.address + path).body())
        return subprocess.run(
            ["pdftotext", "-layout", target, "-"], capture_output=True, text=True, check=True
        ).stdout


@pytest.fixture
def fund(app_context: None, clerk: StaffMember, reviewer: StaffMember) -> Fund:
    """A fund that received something before."""
    with writing() as session:
        made = factories.fund(session, name="江南中街道社区慈善基金")
    gifts.posted_gift(made, BEFORE_FEN)
    db.session.remove()
    return made


def log_in(page: Page, site: Site, who: StaffMember) -> Page:
    page.goto(f"{site.address}/desk/login")
    page.get_by_label("用户名").fill(who.username)
    page.get_by_label("密码").fill(people.PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工作台", level=1)).to_be_visible()
    return page


def test_a_gift_goes_from_the_counter_to_every_public_figure_and_back(
    site: Site, open_page: OpenPage, fund: Fund, clerk: StaffMember, reviewer: StaffMember, tmp_path: Path
) -> None:
    surfaces = Surfaces(site, open_page(), fund, tmp_path)
    surfaces.all_show(BEFORE_FEN)

    counter = log_in(open_page(), site, clerk)
    number = _log_gift_by_keyboard(counter, site, fund)
    surfaces.all_show(BEFORE_FEN)
    counter.get_by_role("link", name=number).click()
    expect(counter.get_by_role("button", name="同意入账")).to_have_count(0)

    checker = log_in(open_page(), site, reviewer)
    _approve(checker, site, number)
    surfaces.all_show(BEFORE_FEN + AMOUNT_FEN)

    counter.reload()
    counter.get_by_role("link", name="申请红冲").click()
    entry_no = re.search(r"E-\d{4}-\d{6}", counter.url)
    assert entry_no is not None
    counter.get_by_label("红冲原因").fill("重复登记")
    counter.get_by_role("button", name="提交复核").click()
    expect(counter.get_by_text("已提交红冲申请")).to_be_visible()
    _approve(checker, site, entry_no[0])
    surfaces.all_show(BEFORE_FEN)
    _both_entries_stay(surfaces.page, site, entry_no[0])


def _log_gift_by_keyboard(page: Page, site: Site, fund: Fund) -> str:
    """No mouse from the first field to the last; the next sheet opens ready."""
    page.goto(f"{site.address}/desk/donations/new")
    expect(page.locator("#amount")).to_be_focused()
    page.keyboard.type("1,234.56")
    page.keyboard.press("Tab")
    page.keyboard.type("陈𠮷祥")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "fund":
            break
    page.keyboard.type(fund.code)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("等待另一位同事复核")).to_be_visible()
    expect(page.locator("#amount")).to_be_focused()
    assert page.locator("#fund").input_value() == fund.code
    found = re.search(r"D-\d{4}-\d{6}", page.inner_text("main"))
    assert found is not None
    return found[0]


def _approve(page: Page, site: Site, number: str) -> None:
    page.goto(f"{site.address}/desk/queue")
    page.get_by_role("link", name=number).click()
    page.get_by_role("button", name="同意入账").click()
    expect(page.get_by_role("heading", name="等待复核")).to_be_visible()


def _both_entries_stay(page: Page, site: Site, entry_no: str) -> None:
    page.goto(f"{site.address}/ledger/{entry_no}")
    page.get_by_role("link", name=re.compile(r"E-\d{4}-\d{6}")).first.click()
    assert entry_no in page.inner_text("main")
