"""Every kind of payout from request to the public page, by three people; and every short cut, refused."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.db import db, writing
from portal.registry.models import Fund, Organisation, Project, Status
from portal.registry.purposes import CharitablePurpose
from portal.spending.models import Disbursement
from portal.staff.models import StaffMember
from tests import budgets, factories, gifts, goods, people
from tests.browser.fixtures import OpenPage, Site
from tests.browser.test_story import log_in
from tests.evidence import papers

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

ALONE_FEN = 50_000
"""Above five hundred yuan a second reviewer approves as well."""


@dataclass
class Desks:
    """Three people at their desks, a citizen on a telephone, and what there is to pay from."""

    site: Site
    clerk: Page
    first: Page
    second: Page
    citizen: Page
    fund: Fund
    project: Project
    paper: Path
    typed: dict[str, str] = field(default_factory=dict)

    def ask(self, kind: str, yuan: str, **typed: str) -> Page:
        """Fill in and send the form of a kind."""
        page = self.clerk
        page.goto(f"{self.site.address}/desk/disbursements/new?kind={kind}")
        values = {"amount": yuan, "purpose": "发放助学金", **self.typed, **typed}
        page.select_option("#fund", values.pop("fund", self.fund.code))
        for name, value in values.items():
            box = page.locator(f"#{name}")
            if box.count() and box.evaluate("one => one.tagName") == "SELECT":
                box.select_option(value)
            elif box.count():
                box.fill(value)
        page.get_by_role("button", name="提交复核").click()
        return page

    def address(self) -> str:
        """Where the newest payout is."""
        db.session.rollback()
        newest = db.session.query(Disbursement).order_by(Disbursement.id.desc()).first()
        assert newest is not None
        return f"{self.site.address}/desk/disbursements/{newest.id}"

    def approve(self, page: Page) -> None:
        """Agree as one of the reviewers."""
        page.goto(self.address())
        page.get_by_role("button", name="同意", exact=True).click()
        expect(page.get_by_role("heading", name="复核", level=1)).to_be_visible()

    def pay(self, button: str = "登记付款") -> str:
        """Say that it was paid; the number of the public entry."""
        page = self.clerk
        page.goto(self.address())
        if button == "登记付款":
            page.get_by_label("付款流水号").fill("2026112700012")
        page.get_by_role("button", name=button).click()
        link = page.get_by_role("link", name="在公开账本里看这一笔")
        expect(link).to_be_visible()
        return (link.get_attribute("href") or "").rpartition("/")[2]

    def see(self, entry_no: str) -> Page:
        """The public page."""
        self.citizen.goto(f"{self.site.address}/ledger/{entry_no}")
        return self.citizen

    def hand_in(self) -> None:
        """Hand in a slip about the newest payout."""
        page = self.clerk
        page.goto(self.address())
        page.get_by_text("上传凭证和照片").click()
        page.set_input_files("#files", self.paper)
        page.get_by_role("button", name="上传", exact=True).click()
        expect(page.get_by_text("已保存 1 份凭证")).to_be_visible()
        page.goto(self.address())
        expect(page.get_by_text("请先上传至少一份凭证")).to_have_count(0)


@pytest.fixture
def desks(
    site: Site,
    open_page: OpenPage,
    clerk: StaffMember,
    reviewer: StaffMember,
    tmp_path: Path,
) -> Desks:
    with writing() as session:
        fund = factories.fund(session, name="海珠助学基金")
        project = factories.project(session, organisation_id=fund.organisation_id, name="爱心助学")
        owner = session.get_one(Organisation, fund.organisation_id)
        owner.second_approval_fen = ALONE_FEN
    gifts.posted_gift(fund, 200_000)
    budgets.budget(project, 助学金=80_000, 走访=10_000)
    paper = tmp_path / "签收单.jpg"
    paper.write_bytes(papers.photo())
    return Desks(
        site,
        log_in(open_page(), site, clerk),
        log_in(open_page(), site, reviewer),
        log_in(open_page(), site, people.second_reviewer()),
        open_page(375, 812),
        fund,
        project,
        paper,
        {"purpose_kind": CharitablePurpose.POVERTY.value},
    )


def test_aid_goes_through_three_hands_to_the_people_and_the_public_sees_it(desks: Desks) -> None:
    page = desks.ask(
        "aid", "600", recipient="困难家庭学生", beneficiary_count="12", budget_line=f"{desks.project.code}/1"
    )
    expect(page.get_by_text("等待另一位同事复核")).to_be_visible()
    expect(page.get_by_role("button", name="同意", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="登记付款")).to_have_count(0)
    desks.approve(desks.first)
    desks.first.goto(desks.address())
    expect(desks.first.get_by_text("要由另一位复核员来同意")).to_be_visible()
    desks.approve(desks.second)
    entry_no = desks.pay()
    public = desks.see(entry_no)
    expect(public.get_by_text("12 名困难家庭学生").first).to_be_visible()
    expect(public.get_by_text("在途").first).to_be_visible()
    # Nothing is on record as arrived before there is evidence of it.
    expect(desks.clerk.get_by_text("请先上传至少一份凭证").first).to_be_visible()
    expect(desks.clerk.get_by_role("button", name="登记送达")).to_have_count(0)
    desks.hand_in()
    desks.clerk.get_by_role("button", name="登记送达").click()
    expect(desks.clerk.get_by_text("已全部送达").first).to_be_visible()
    public.reload()
    expect(public.get_by_text("在途")).to_have_count(0)
    public.goto(f"{desks.site.address}/projects/{desks.project.code}")
    expect(public.get_by_text("600.00").first).to_be_visible()


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("grant", {"recipient": "海珠区示范小学"}, "资助单位"),
        ("purchase", {"recipient": "某某文具店", "purpose": "购买学习用品"}, "采购"),
        ("programme", {"recipient": "社会工作服务站", "purpose": "暑期课堂"}, "项目执行"),
        ("management", {"purpose": "年度审计"}, "管理费用"),
        ("fundraising", {"purpose": "募捐宣传"}, "募捐成本"),
    ],
)
def test_money_of_every_other_kind_goes_the_same_way(
    desks: Desks, kind: str, typed: dict[str, str], words: str
) -> None:
    desks.ask(kind, "100", **typed)
    desks.approve(desks.first)
    public = desks.see(desks.pay())
    expect(public.get_by_text(words).first).to_be_visible()
    expect(public.get_by_text(typed.get("recipient", typed.get("purpose", ""))).first).to_be_visible()
    on_its_way = public.get_by_text("在途")
    expect(on_its_way).to_have_count(0) if kind in ("management", "fundraising") else expect(
        on_its_way.first
    ).to_be_visible()


def test_goods_leave_the_store_when_they_are_handed_out(desks: Desks) -> None:
    goods.gift(desks.fund, goods.line("书包", 20, "个"))
    page = desks.clerk
    page.goto(f"{desks.site.address}/desk/disbursements/goods/new")
    page.select_option("#fund", desks.fund.code)
    page.get_by_label("受助对象").fill("困难家庭学生")
    page.get_by_label("用途", exact=True).fill("开学书包")
    page.locator("#items-0-item").select_option(index=1)
    page.locator("#items-0-quantity").fill("12")
    page.locator("#purpose_kind").select_option(CharitablePurpose.POVERTY.value)
    page.get_by_role("button", name="提交复核").click()
    desks.approve(desks.first)
    public = desks.see(desks.pay("登记发放出库"))
    expect(public.get_by_text("书包").first).to_be_visible()
    page.goto(f"{desks.site.address}/desk/stock")
    expect(page.get_by_text("8 个").first).to_be_visible()


def test_short_cuts_are_refused_in_words(desks: Desks) -> None:
    aid = {"recipient": "困难家庭学生", "beneficiary_count": "12"}
    line = f"{desks.project.code}/1"
    over_budget = desks.ask("aid", "900", budget_line=line, **aid)
    expect(over_budget.get_by_text("800.00").first).to_be_visible()
    over_balance = desks.ask("aid", "2001", **aid)
    expect(over_balance.get_by_text("基金余额不足").first).to_be_visible()
    with writing() as session:
        bound = factories.fund(
            session, organisation_id=desks.fund.organisation_id, purposes=[CharitablePurpose.CULTURE]
        )
    gifts.posted_gift(bound, 10_000)
    wrong = desks.ask("aid", "10", fund=bound.code, **aid)
    expect(wrong.get_by_text("变更用途").first).to_be_visible()
    db.session.rollback()
    assert db.session.query(Disbursement).count() == 0, "nothing of what was refused is written"


def test_a_closed_project_takes_no_payout(desks: Desks) -> None:
    page = desks.clerk
    page.goto(f"{desks.site.address}/desk/disbursements/new?kind=aid")
    page.select_option("#project", desks.project.code)
    with writing() as session:
        session.get_one(Project, desks.project.id).status = Status.CLOSED
    page.select_option("#fund", desks.fund.code)
    for name, value in (
        ("amount", "10"),
        ("purpose", "助学"),
        ("recipient", "学生"),
        ("beneficiary_count", "5"),
    ):
        page.fill(f"#{name}", value)
    page.get_by_role("button", name="提交复核").click()
    expect(page.locator("#project-error")).to_be_visible()
    assert db.session.query(Disbursement).count() == 0
