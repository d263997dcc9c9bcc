"""A strange list is explained in the browser; a donor on a phone follows the gift; both in real Chromium."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.db import db, writing
from portal.imports.models import ImportBatch
from portal.receipts import service as receipts
from portal.registry.models import Fund
from portal.staff.models import StaffMember
from tests import factories, gifts, people
from tests.browser.fixtures import OpenPage, Site
from tests.browser.test_story import log_in
from tests.imports import sheets

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session, name="江南中街道社区慈善基金")


def test_a_strange_list_is_explained_once_with_a_live_preview(
    site: Site, open_page: OpenPage, fund: Fund, clerk: StaffMember, tmp_path: Path
) -> None:
    rows = [
        ["某平台对账单"],
        ["导出时间 2026-11-05"],
        [],
        ["", "捐助", "", "入账", ""],
        ["流水", "单位", "个人", "日子", "数目"],
        ["T0001", "甲公司", "", "2026-11-02", "10"],
        ["T0002", "", "王小明", "2026-11-03", "20.50"],
    ]
    file = tmp_path / "对账单.csv"
    file.write_bytes(sheets.csv_file(rows, "gb18030"))
    page = log_in(open_page(), site, clerk)

    def upload() -> None:
        page.goto(f"{site.address}/desk/imports/new")
        page.set_input_files("#file", file)
        page.select_option("#fund", fund.code)
        page.get_by_role("button", name="上传并查看").click()

    upload()
    expect(page.get_by_role("heading", name="指定列")).to_be_visible()
    page.get_by_label("表头在哪一行").select_option("3")
    page.get_by_label("表头有几行").select_option("2")
    expect(page.locator("#role-4")).to_have_value("amount")
    expect(page.get_by_text("共 2 笔，合计 30.50 元")).to_be_visible()
    page.locator("#role-4").select_option("")
    expect(page.get_by_text("请至少指出金额")).to_be_visible()
    page.locator("#role-4").select_option("amount")
    expect(page.get_by_text("共 2 笔，合计 30.50 元")).to_be_visible()
    page.get_by_role("button", name="记住并导入").click()
    expect(page.get_by_text("已记住这种表格的列")).to_be_visible()
    rows[5:] = [["T0003", "", "李老师", "2026-11-04", "7"]]
    file.write_bytes(sheets.csv_file(rows, "gb18030"))
    upload()
    expect(page.get_by_role("heading", name="批次 2")).to_be_visible()
    db.session.rollback()
    assert [one.total_fen for one in db.session.query(ImportBatch).order_by(ImportBatch.id)] == [30_50, 7_00]


def test_a_donor_on_a_phone_follows_the_gift_to_its_use(site: Site, open_page: OpenPage, fund: Fund) -> None:
    given = gifts.posted_gift(fund, 100_00, donor_name="王小明")
    paper = receipts.acknowledge(given.id, people.clerk())
    gifts.posted_payout(fund, 62_30)
    page = open_page(375, 812)
    page.goto(f"{site.address}/verify?q={paper.receipt_no}")
    page.get_by_role("link", name="这是我的捐赠，查用途和提问").click()
    expect(page.get_by_label("回执号")).to_have_value(paper.number)
    page.get_by_role("textbox", name="查询码").fill("AAAAAAAAAA")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("alert")).to_contain_text("回执号或查询码不对")
    page.get_by_role("textbox", name="查询码").fill(paper.lookup_code.lower())
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_text("已经用掉 62.30 元，用在 1 笔支出上。")).to_be_visible()
    expect(page.get_by_text("还在基金里 37.70 元。")).to_be_visible()
    page.get_by_label("想问什么").fill("用到哪里了？")
    page.get_by_role("button", name="提问").click()
    expect(page.get_by_text("问题已送到")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0
