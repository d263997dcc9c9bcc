"""The treasurer's month in real Chromium: what is sure by one key, the fee, the second signature, the public figure."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.db import db, writing
from portal.ledger import accounts
from portal.ledger.models import Channel, Entry
from portal.periods import today
from portal.registry.models import Fund
from portal.staff.models import StaffMember
from tests import factories, gifts, statements
from tests.browser.fixtures import OpenPage, Site
from tests.browser.test_story import log_in

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

LAST = today() - timedelta(days=1)


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session, name="江南中街道社区慈善基金")


def _booked(fund: Fund, back: int, fen: int, reference: str = "") -> Entry:
    given = gifts.posted_gift(
        fund, fen, LAST - timedelta(days=back), channel=Channel.BANK, external_ref=reference
    )
    entry = db.session.get(Entry, given.entry_id)
    assert entry is not None
    return entry


def _close_and_sign(desk: Page, checker: Page, address: str) -> None:
    desk.goto(address)
    desk.get_by_label("对到哪一天").fill((LAST - timedelta(days=1)).isoformat())
    desk.get_by_role("button", name="做一份对账单").click()
    expect(desk.get_by_text("请另一位同事签字后公布")).to_be_visible()
    expect(desk.get_by_role("button", name="签字并公布")).to_have_count(0)
    checker.goto(address)
    checker.get_by_role("button", name="签字并公布").click()
    expect(checker.get_by_text("已签字，对账结果已公布")).to_be_visible()


def _month(fund: Fund, file: Path) -> tuple[Entry, Entry]:
    """What was booked, and the bank's file of it; the gift booked twice and the one with swapped digits."""
    _booked(fund, 20, 500_00, "R1")
    _booked(fund, 15, 1_000_00, "R2")
    _booked(fund, 12, 88_00, "R3")
    doubled = _booked(fund, 12, 88_00)
    typo = _booked(fund, 8, 1_260_00)
    for yuan in (60, 40):
        _booked(fund, 6, yuan * 100)
    gifts.posted_payout(fund, 300_00, LAST - timedelta(days=5))
    file.write_bytes(
        statements.bank(
            LAST,
            (20, "王小明", 500, "R1"),
            (15, "某平台", 994, "R2"),
            (12, "李老师", 88, "R3"),
            (10, "爱心企业", 2_000, "R4"),
            (8, "陈女士", 1_620, ""),
            (5, "某平台结算", 100, ""),
            (5, "某学校", -300, ""),
            (1, "赵先生", 5, "R6"),
        )
    )
    return doubled, typo


def test_a_month_of_a_bank_is_reconciled_and_the_public_figure_follows(
    site: Site, open_page: OpenPage, fund: Fund, clerk: StaffMember, reviewer: StaffMember, tmp_path: Path
) -> None:
    doubled, typo = _month(fund, tmp_path / "流水.csv")
    desk, checker, citizen = (
        log_in(open_page(), site, clerk),
        log_in(open_page(), site, reviewer),
        open_page(375, 812),
    )
    desk.goto(f"{site.address}/desk/reconciliation")
    desk.select_option("#organisation", fund.organisation.uscc)
    desk.select_option("#account", accounts.BANK)
    desk.set_input_files("#file", tmp_path / "流水.csv")
    desk.get_by_role("button", name="上传").click()
    address = f"{site.address}/desk/reconciliation/{fund.organisation.uscc}/{accounts.BANK}"
    expect(desk).to_have_url(address)
    desk.get_by_role("button", name="对上确定无疑的 3 行").click()
    expect(desk.get_by_text("已对上 3 行")).to_be_visible()
    expect(desk.get_by_text("很可能录错了")).to_be_visible()

    desk.get_by_role("row", name="某平台结算").get_by_role("link", name="是几笔合起来的").click()
    for yuan in ("60.00", "40.00"):
        desk.get_by_role("row", name=yuan).get_by_role("checkbox").check()
    expect(desk.get_by_role("status")).to_contain_text("还差 0.00 元")
    desk.get_by_role("button", name="就是选中的这些").click()
    expect(desk.get_by_text("已对上。")).to_be_visible()

    public = f"{site.address}/organisations/{fund.organisation.uscc}"
    citizen.goto(public)
    expect(citizen.get_by_text("对得上吗")).to_have_count(0)
    _close_and_sign(desk, checker, address)
    citizen.goto(public)
    expect(
        citizen.get_by_text("流水有 4 行（4,619.00 元）、账上有 3 笔（2,348.00 元）还没有对上")
    ).to_be_visible()

    desk.goto(address)
    desk.get_by_role("button", name="差额登记为手续费").click()
    expect(desk.get_by_text("手续费支出已申请")).to_be_visible()
    statements.settle_fee(reviewer, clerk)
    for wrong in (doubled, typo):
        db.session.rollback()
        gifts.reversed_entry(wrong)
    for back, fen, reference in ((8, 1_620_00, ""), (10, 2_000_00, "R4"), (1, 5_00, "R6")):
        _booked(fund, back, fen, reference)
    desk.goto(address)
    desk.get_by_role("button", name="对上确定无疑的 3 行").click()
    expect(desk.get_by_text("账本与流水逐行对上，一分不差").first).to_be_visible()
    _close_and_sign(desk, checker, address)
    citizen.goto(public)
    expect(citizen.get_by_text("账本与流水逐行对上，一分不差")).to_be_visible()
