"""The pages: stated by one person, put in force by another, then public with its law beside it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.db import db, writing
from portal.ledger.models import Channel
from portal.periods import today
from portal.ratios import reviewing
from portal.ratios.bundled import load_rules
from portal.ratios.models import BaseFigure, RatioExcuse
from portal.refusals import Conflict, Forbidden
from portal.registry.models import Fund, OrganisationKind
from portal.spending.models import DisbursementKind
from portal.staff.models import StaffMember
from tests import factories, gifts
from tests.people import ClerkOf, LogIn

LAST = today().year - 1
FIGURES = {
    "year": str(LAST),
    "income_fen": "1,000.00",
    "donations_fen": "９００",
    "net_assets_fen": "-5",
    "expense_fen": "0",
    "source": "年度审计报告",
    "sourced_on": today().isoformat(),
}


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        load_rules(session)
        owner = factories.organisation(session, kind=OrganisationKind.FOUNDATION)
        return factories.fund(session, organisation_id=owner.id)


def _uscc(fund: Fund) -> str:
    return fund.organisation.uscc


def _only(model: type[BaseFigure] | type[RatioExcuse]) -> BaseFigure | RatioExcuse:
    db.session.rollback()
    return db.session.scalars(select(model)).one()


def test_figures_are_typed_in_yuan_and_in_force_after_a_second_person(
    fund: Fund, log_in: LogIn, clerk: StaffMember, reviewer: StaffMember
) -> None:
    maker, checker = log_in(clerk), log_in(reviewer)
    address = f"/desk/ratios/{_uscc(fund)}/figures"
    assert maker.get(address).status_code == 200
    assert maker.post(address, data=FIGURES).status_code == 302
    stated = _only(BaseFigure)
    assert isinstance(stated, BaseFigure)
    assert (stated.income_fen, stated.donations_fen, stated.net_assets_fen) == (100_000, 90_000, -500)
    assert (stated.expense_fen, stated.spending_fen) == (0, None)
    assert str(LAST) in checker.get("/desk/queue").text
    shown = f"/desk/base-figures/{stated.id}"
    assert "年度审计报告" in checker.get(shown).text
    assert maker.post(f"{shown}/approve", data={"version": 1}).status_code == 403
    assert checker.post(f"{shown}/approve", data={"version": 1}).status_code == 302
    page = maker.get(f"/desk/ratios/{_uscc(fund)}").text
    assert "已生效" in page and "¥1,000.00" in page


def test_whoever_states_figures_never_approves_them(fund: Fund, log_in: LogIn, clerk: StaffMember) -> None:
    log_in(clerk).post(f"/desk/ratios/{_uscc(fund)}/figures", data=FIGURES)
    with pytest.raises(Forbidden):
        reviewing.approve(BaseFigure, _only(BaseFigure).id, clerk, 1)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("income_fen", "一百", "金额看不懂"),
        ("income_fen", "-3", "金额看不懂"),
        ("donations_fen", "1,000.01", "捐赠收入不能多于总收入"),
        ("management_fen", "1", "管理费用不能多于总支出"),
        ("year", str(LAST + 1), "年份应在"),
        ("source", " ", "请写明数字出自哪份报告"),
        ("sourced_on", "2999-01-01", "日期不能在今天之后"),
    ],
)
def test_a_figure_that_cannot_be_is_named_and_nothing_typed_is_lost(
    fund: Fund, log_in: LogIn, clerk: StaffMember, field: str, typed: str, words: str
) -> None:
    answer = log_in(clerk).post(f"/desk/ratios/{_uscc(fund)}/figures", data={**FIGURES, field: typed})
    kept = typed if field == "donations_fen" else FIGURES["donations_fen"]
    assert answer.status_code == 422 and words in answer.text and f'value="{kept}"' in answer.text
    assert factories.count(db.session, BaseFigure) == 0


def test_a_form_sent_twice_counts_once_and_says_so_when_it_changed(
    fund: Fund, log_in: LogIn, clerk: StaffMember
) -> None:
    client, address = log_in(clerk), f"/desk/ratios/{_uscc(fund)}/figures"
    for _time in range(2):
        assert client.post(address, data={**FIGURES, "idempotency_key": "k"}).status_code == 302
    changed = client.post(address, data={**FIGURES, "income_fen": "2,000", "idempotency_key": "k"})
    assert changed.status_code == 422 and "已经提交过另一笔内容" in changed.text
    assert factories.count(db.session, BaseFigure) == 1


def test_a_statement_is_decided_once(
    fund: Fund, log_in: LogIn, clerk: StaffMember, reviewer: StaffMember
) -> None:
    log_in(clerk).post(f"/desk/ratios/{_uscc(fund)}/figures", data=FIGURES)
    stated = _only(BaseFigure)
    returned = log_in(reviewer).post(
        f"/desk/base-figures/{stated.id}/return", data={"version": 1, "reason": "与原件不符"}
    )
    assert returned.status_code == 302
    with pytest.raises(Conflict):
        reviewing.approve(BaseFigure, stated.id, reviewer, 1)


def test_a_foreign_organisation_looks_like_an_absent_one(
    fund: Fund, log_in: LogIn, clerk_of: ClerkOf
) -> None:
    with writing() as session:
        other = factories.organisation(session)
    client = log_in(clerk_of(other.id))
    assert client.get(f"/desk/ratios/{_uscc(fund)}").status_code == 404
    assert fund.organisation.shown_name not in client.get("/desk/ratios").text


def test_the_public_page_shows_limit_law_and_explanation(
    fund: Fund, client: FlaskClient, log_in: LogIn, clerk: StaffMember, reviewer: StaffMember
) -> None:
    gifts.posted_gift(fund, 90_000_000, channel=Channel.BANK)
    gifts.posted_payout(fund, 50_000_000, kind=DisbursementKind.PROGRAMME)
    gifts.posted_payout(fund, 20_000_000, kind=DisbursementKind.MANAGEMENT)
    address = f"/organisations/{_uscc(fund)}"
    page = client.get(address)
    assert "管理费用不得高于当年总支出的 10%。" in page.text
    assert "28.58%" in page.text and "不符合" in page.text
    assert "#MF12-F-Q-management" in page.text and "Set-Cookie" not in page.headers
    excuse = {
        "year": str(today().year),
        "ground": "provisions",
        "explanation": "一笔应收款核销",
        "reported_on": today().isoformat(),
    }
    made = log_in(clerk).post(f"/desk/ratios/{_uscc(fund)}/excuses", data=excuse)
    assert made.status_code == 302 and "一笔应收款核销" not in client.get(address).text
    found = _only(RatioExcuse)
    log_in(reviewer).post(f"/desk/ratio-excuses/{found.id}/approve", data={"version": 1})
    assert "一笔应收款核销" in client.get(address).text


def test_the_rules_stand_with_article_dates_and_how_sure_we_are(fund: Fund, client: FlaskClient) -> None:
    page = client.get("/ratios/rules").text
    for words in (
        "民发〔2026〕12号",
        "民发〔2016〕189号",
        'id="MF12-fundraising"',
        "第 15 条",
        "只找到一份转载",
        "上年末净资产 800 万元（含）至 6,000 万元",
        "年度管理费用低于 20 万元的，不受比例限制。",
    ):
        assert words in page


def test_the_page_of_the_rules_stands_without_any(client: FlaskClient) -> None:
    assert client.get("/ratios/rules").status_code == 200


def test_a_payout_shows_its_ratios_until_it_is_paid(fund: Fund, log_in: LogIn, reviewer: StaffMember) -> None:
    gifts.posted_gift(fund, 90_000_000)
    waiting = gifts.payout(fund, 30_000_000, kind=DisbursementKind.MANAGEMENT)
    client, address = log_in(reviewer), f"/desk/disbursements/{waiting.id}"
    for _before_and_after_approval in range(2):
        page = client.get(address).text
        assert "付了这一笔，管理费用会从" in page and "超过规定的 10%" in page
        client.post(f"{address}/approve", data={"version": waiting.version})
    db.session.rollback()
    gifts.paid(waiting)
    assert "付了这一笔" not in client.get(address).text
