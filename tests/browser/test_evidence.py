"""A photo is handed in, blacked out with the mouse, published by another person, and stands on the public page."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from portal.db import db, writing
from portal.registry.models import Fund
from portal.spending.models import Disbursement
from portal.staff.models import StaffMember
from tests import factories, gifts
from tests.browser.fixtures import OpenPage, Site
from tests.browser.test_story import log_in
from tests.evidence import papers

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


@pytest.fixture
def payout(app_context: None, clerk: StaffMember, reviewer: StaffMember) -> Disbursement:
    with writing() as session:
        fund: Fund = factories.fund(session, name="江南中街道社区慈善基金")
    gifts.posted_gift(fund, 100_000)
    made = gifts.posted_payout(fund, 60_000)
    assert made.entry is not None
    db.session.rollback()
    return made


def draw(page: Page, *, left: float, top: float, right: float, bottom: float) -> None:
    """Drag the mouse over a part of the picture, in shares of it."""
    picture = page.locator(".redact-page img")
    expect(picture).to_have_js_property("complete", value=True)
    picture.scroll_into_view_if_needed()
    area = picture.bounding_box()
    assert area is not None and area["height"] > 100
    page.mouse.move(area["x"] + area["width"] * left, area["y"] + area["height"] * top)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * right, area["y"] + area["height"] * bottom, steps=5)
    page.mouse.up()


@pytest.mark.parametrize(("width", "height"), [(375, 812), (1280, 900)])
def test_a_photo_goes_from_the_telephone_to_the_public_page_without_what_it_hid(
    site: Site,
    open_page: OpenPage,
    payout: Disbursement,
    clerk: StaffMember,
    reviewer: StaffMember,
    tmp_path: Path,
    width: int,
    height: int,
) -> None:
    assert payout.entry is not None
    number, entry_no = payout.disbursement_no, payout.entry.entry_no
    file = tmp_path / papers.FILE_NAME
    file.write_bytes(papers.photo())
    desk = log_in(open_page(width, height), site, clerk)
    desk.goto(f"{site.address}/desk/disbursements/{payout.id}")
    _hand_in(desk, file)
    _black_out(desk)
    checker = log_in(open_page(width, height), site, reviewer)
    checker.goto(f"{site.address}/desk/queue")
    checker.get_by_role("link", name=number).click()
    expect(checker.get_by_alt_text("遮盖后的第 1 页")).to_have_js_property("complete", value=True)
    checker.get_by_role("button", name="公开", exact=True).click()
    expect(checker.get_by_text("已公开")).to_be_visible()
    citizen = open_page(width, height)
    citizen.goto(f"{site.address}/ledger/{entry_no}")
    _shows_it_blacked_out(citizen, site)


def _hand_in(page: Page, file: Path) -> None:
    page.get_by_text("上传凭证和照片").click()
    page.get_by_label("种类").select_option("photo")
    page.set_input_files("#files", file)
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_text("已保存 1 份凭证，还没有公开。")).to_be_visible()


def _black_out(page: Page) -> None:
    """A box by mouse, mended by the keys, thrown away and brought back."""
    page.get_by_role("link", name="遮盖后公开").click()
    draw(page, left=0.01, top=0.05, right=0.26, bottom=0.99)
    box = page.get_by_role("group", name="第 1 页，框 1")
    expect(box).to_be_focused()
    for _step in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Delete")
    expect(box).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(box).to_have_count(1)
    assert _sideways(page) == 0
    page.get_by_label("公开说明").fill("发放现场")
    page.get_by_role("button", name="遮盖并提交复核").click()
    expect(page.get_by_text("等另一位同事看过后公开")).to_be_visible()
    expect(page.get_by_role("button", name="公开", exact=True)).to_have_count(0)


def _shows_it_blacked_out(page: Page, site: Site) -> None:
    picture = page.get_by_role("img", name="照片：发放现场")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 480)
    link = page.get_by_role("link", name="发放现场").get_attribute("href")
    content = page.request.get(f"{site.address}{link}").body()
    assert papers.traces(content) == [] and papers.FILE_NAME not in page.content()
    with Image.open(io.BytesIO(content)) as published:
        assert not published.getexif()
    assert max(papers.colour_at(content, 75, 200)) < 20 and papers.colour_at(content, 500, 200)[0] > 150
    assert _sideways(page) == 0


def _sideways(page: Page) -> int:
    """How far a page can be scrolled sideways, which no page should."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(wide)


def test_without_a_script_boxes_are_typed(
    site: Site,
    chromium: object,
    open_page: OpenPage,
    payout: Disbursement,
    clerk: StaffMember,
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(papers.photo())
    page = log_in(open_page(), site, clerk)
    page.route("**/evidence.js*", lambda route: route.abort())
    page.goto(f"{site.address}/desk/evidence/of/disbursement/{payout.id}")
    page.set_input_files("#files", file)
    page.get_by_role("button", name="上传", exact=True).click()
    page.get_by_role("link", name="遮盖后公开").click()
    page.get_by_label("框（数字）").fill("1 0 0 200 10")
    page.get_by_role("button", name="遮盖并提交复核").click()
    expect(page.get_by_role("alert")).to_contain_text("第 1 行的框超出了页面")
    page.get_by_label("框（数字）").fill("1 0 0 25 100")
    page.get_by_role("button", name="遮盖并提交复核").click()
    expect(page.get_by_text("等另一位同事看过后公开")).to_be_visible()
