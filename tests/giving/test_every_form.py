"""Every form of gift goes from the counter to ledger, totals and public page; its reversal takes all of it back."""

import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.giving.items import ItemDetails
from portal.giving.models import Donation, DonationItem, Restriction
from portal.ledger.figures import Filters, Totals, totals
from portal.ledger.models import Channel, Entry, Form, FundBalance
from portal.ledger.verification import verify
from portal.periods import today
from portal.refusals import Invalid
from portal.registry.models import Fund
from portal.stock.lines import ValuationBasis
from portal.translog import publishing
from portal.translog.beginning import signer_of
from tests import factories, gifts, people
from tests.people import LogIn

QUILTS = ItemDetails("棉被", 120_000, "床", "1.5 米", 960_000, ValuationBasis.EVIDENCE, "发票 0042")
CLOTHES = ItemDetails("旧衣服", 35_500, "公斤")
LESSONS = ItemDetails("义务授课", 16_000, "小时", value_fen=320_000, valuation_basis=ValuationBasis.EVIDENCE)

IN_KIND = {
    "goods with a value": (Form.GOODS, (QUILTS,), 960_000),
    "goods without a value": (Form.GOODS, (CLOTHES,), 0),
    "goods, some with a value": (Form.GOODS, (QUILTS, CLOTHES), 960_000),
    "services with an invoice": (Form.SERVICES, (LESSONS,), 320_000),
    "skills counted in hours": (Form.SKILLS, (ItemDetails("理发", 8_000, "小时"),), 0),
    "intellectual property": (
        Form.IP,
        (
            ItemDetails(
                "插画著作权", 1_000, "项", value_fen=5_000_000, valuation_basis=ValuationBasis.APPRAISAL
            ),
        ),
        5_000_000,
    ),
    "insurance": (
        Form.INSURANCE,
        (ItemDetails("意外险", 300_000, "份", value_fen=900_000, valuation_basis=ValuationBasis.EVIDENCE),),
        900_000,
    ),
    "securities": (
        Form.SECURITIES,
        (ItemDetails("股票", 2_000_000, "股", value_fen=2_468_000, valuation_basis=ValuationBasis.SALES),),
        2_468_000,
    ),
}


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


def figures(fund: Fund) -> Totals:
    db.session.rollback()
    return totals(db.session(), Filters(fund_id=fund.id))


def held(fund: Fund) -> tuple[int, int, int, int]:
    db.session.rollback()
    row = db.session().get(FundBalance, fund.id)
    return (row.balance_fen, row.goods_fen, row.holdings_fen, row.agency_fen) if row else (0, 0, 0, 0)


def sound() -> bool:
    db.session.rollback()
    return verify(db.session()).differences == []


@pytest.mark.parametrize("kind", IN_KIND)
def test_a_gift_in_kind_is_counted_and_summed_at_its_value(
    fund: Fund, kind: str, client: FlaskClient
) -> None:
    form, lines, worth = IN_KIND[kind]
    given = gifts.in_kind(fund, form, *lines, donor_name="海珠纺织厂")
    assert given.amount_fen == worth and given.entry is not None
    found = figures(fund)
    assert (found.received_fen, found.donations, found.by_form) == (worth, 1, {form.value: worth})
    assert found.balance_fen == sum(held(fund))
    assert held(fund)[0] == 0, "nothing of it can be paid out as money"
    page = client.get(f"/ledger/{given.entry.entry_no}").get_data(as_text=True)
    assert lines[0].item in page and "海珠纺织厂" not in page and "爱心人士" in page
    document = client.get(f"/api/v1/ledger/{given.entry.entry_no}").json
    assert (document["form"], document["amount_fen"]) == (form.value, worth)
    assert given.entry.receipt_no
    assert sound()


@pytest.mark.parametrize("kind", IN_KIND)
def test_its_reversal_brings_all_figures_back(fund: Fund, kind: str) -> None:
    form, lines, _worth = IN_KIND[kind]
    given = gifts.in_kind(fund, form, *lines)
    assert given.entry is not None
    gifts.reversed_entry(given.entry)
    found = figures(fund)
    assert (found.received_fen, found.disbursed_fen, found.donations, found.disbursements) == (0, 0, 0, 0)
    assert held(fund) == (0, 0, 0, 0)
    assert sound()


def test_a_service_is_used_in_the_moment_it_is_given(fund: Fund) -> None:
    gifts.in_kind(fund, Form.SERVICES, LESSONS)
    found = figures(fund)
    assert (found.received_fen, found.disbursed_fen, found.balance_fen) == (320_000, 320_000, 0)


def test_a_service_without_an_invoice_has_no_value(fund: Fund) -> None:
    guess = ItemDetails("法律咨询", 4_000, "小时", value_fen=200_000, valuation_basis=ValuationBasis.SALES)
    with pytest.raises(Invalid) as refusal:
        gifts.in_kind(fund, Form.SERVICES, guess)
    assert "发票" in str(refusal.value.errors["items-0-valuation_basis"])


def test_a_value_needs_a_basis_and_each_line_its_number(fund: Fund) -> None:
    with pytest.raises(Invalid) as refusal:
        gifts.in_kind(fund, Form.GOODS, QUILTS, ItemDetails("", 0, "箱", value_fen=100))
    assert {"items-1-item", "items-1-quantity", "items-1-valuation_basis"} == refusal.value.errors.keys()


def test_goods_are_no_money_to_pay_out(fund: Fund) -> None:
    gifts.in_kind(fund, Form.GOODS, QUILTS)
    with pytest.raises(Invalid):
        gifts.payout(fund, 100)


def test_what_only_passes_through_is_nobodys_income(fund: Fund, client: FlaskClient) -> None:
    given = gifts.posted_gift(fund, 50_000, agency=True, agency_beneficiary="陈小妹")
    found = figures(fund)
    assert (found.received_fen, found.donations, found.agency_received_fen) == (0, 0, 50_000)
    assert held(fund) == (0, 0, 0, 50_000)
    assert given.entry is not None
    accounts = [one.account_code for one in db.session.get_one(Entry, given.entry_id).postings]
    assert accounts == ["1801", "2601"]
    page = client.get(f"/ledger/{given.entry.entry_no}").get_data(as_text=True)
    assert "受托代理" in page and "陈小妹" not in page
    assert client.get("/api/v1/summary").json["received_fen"] == 0
    with pytest.raises(Invalid):
        gifts.payout(fund, 100)
    gifts.reversed_entry(given.entry)
    assert held(fund) == (0, 0, 0, 0) and sound()


def test_a_pass_through_gift_names_whom_it_is_for(fund: Fund) -> None:
    with pytest.raises(Invalid) as refusal:
        gifts.gift(fund, agency=True)
    assert "agency_beneficiary" in refusal.value.errors


def test_foreign_money_counts_at_the_rate_of_the_day(fund: Fund) -> None:
    terms = {"currency": "HKD", "exchange_rate": "0.92345", "rate_source": "人民银行中间价"}
    given = gifts.posted_gift(fund, 0, channel=Channel.BANK, foreign_amount="1000.01", **terms)
    assert given.amount_fen == round(Decimal("1000.01") * Decimal("0.92345") * 100)
    with pytest.raises(Invalid) as refusal:
        gifts.gift(fund, 0, currency="HKD", foreign_amount="1000")
    assert {"exchange_rate", "rate_source"} <= refusal.value.errors.keys()


def test_a_purpose_is_kept_only_where_money_is_bound_to_one(session: Session, fund: Fund) -> None:
    with pytest.raises(Invalid) as refusal:
        gifts.gift(fund, restriction=Restriction.PURPOSE, restriction_text="给南华西街的老人买菜")
    assert "fund" in refusal.value.errors
    with writing() as writer:
        project = factories.project(writer, organisation_id=fund.organisation_id)
    given = gifts.posted_gift(
        fund, restriction=Restriction.PURPOSE, restriction_text="给南华西街的老人买菜", project=project.code
    )
    accounts = [one.account_code for one in session.get_one(Entry, given.entry_id).postings]
    assert accounts[1] == "410101"


def test_a_limit_in_time_has_an_end(fund: Fund) -> None:
    limit = {"restriction": Restriction.TIME, "restriction_text": "三年内不动用"}
    with pytest.raises(Invalid) as refusal:
        gifts.gift(fund, **limit)
    assert "restricted_until" in refusal.value.errors
    assert gifts.gift(fund, **limit, restricted_until=today() + timedelta(days=1095))


def test_whoever_chose_the_masked_form_is_shown_in_it(fund: Fund, client: FlaskClient) -> None:
    given = gifts.posted_gift(fund, donor_name="欧阳小明", publish_name=True, mask_name=True)
    assert given.entry is not None
    page = client.get(f"/ledger/{given.entry.entry_no}").get_data(as_text=True)
    assert "欧**" in page and "欧阳小明" not in page
    assert client.get("/api/v1/ledger?q=欧阳小明").json["entries"] == []
    with pytest.raises(Invalid) as refusal:
        gifts.gift(fund, donor_name="王小明", mask_name=True)
    assert "mask_name" in refusal.value.errors


@pytest.mark.one_engine
def test_the_form_takes_lines_and_keeps_what_is_wrong_beside_them(
    fund: Fund, log_in: LogIn, client: FlaskClient
) -> None:
    counter = log_in(people.clerk())
    typed = {
        "fund": fund.code,
        "received_on": today().isoformat(),
        "form": "goods",
        "donor_kind": "person",
        "channel": "cash",
        "restriction": "none",
        "currency": "CNY",
        "idempotency_key": "goods-1",
        "items-0-item": "羽绒服",
        "items-0-quantity": "一件",
        "items-0-unit": "件",
        "items-1-item": "",
        "items-2-item": "大米",
        "items-2-quantity": "２．５",
        "items-2-unit": "吨",
        "items-2-value": "12,500",
    }
    more = counter.post("/desk/donations/new", data=typed | {"add_line": "1"})
    assert more.status_code == 200 and 'name="items-3-item"' in more.text and "羽绒服" in more.text
    wrong = counter.post("/desk/donations/new", data=typed)
    assert wrong.status_code == 422 and 'id="items-0-quantity-error"' in wrong.text
    wrong = counter.post("/desk/donations/new", data=typed | {"items-0-quantity": "3"})
    assert wrong.status_code == 422 and 'id="items-2-valuation_basis-error"' in wrong.text
    mended = typed | {"items-0-quantity": "3", "items-2-valuation_basis": "evidence"}
    assert counter.post("/desk/donations/new", data=mended).status_code == 302
    gift = db.session.scalars(select(Donation)).one()
    lines = db.session.scalars(select(DonationItem).order_by(DonationItem.line_no)).all()
    assert [(one.item, one.quantity_thousandths, one.value_fen) for one in lines] == [
        ("羽绒服", 3_000, None),
        ("大米", 2_500, 1_250_000),
    ]
    assert (gift.amount_fen, gift.channel) == (1_250_000, Channel.IN_KIND)
    page = counter.get(f"/desk/donations/{gift.id}").text
    assert "羽绒服" in page and "2.5 吨" in page


@pytest.mark.one_engine
def test_the_log_of_gifts_in_kind_satisfies_the_outside_verifier(
    fund: Fund, settings: Settings, tmp_path: Path, client: FlaskClient
) -> None:
    for form, lines, _worth in IN_KIND.values():
        gifts.in_kind(fund, form, *lines)
    given = gifts.posted_gift(fund, 50_000, agency=True, agency_beneficiary="陈小妹")
    assert given.entry is not None
    gifts.reversed_entry(given.entry)
    publishing.publish(signer_of(settings))
    addresses = {
        "key": "/log/key",
        "head": "/checkpoint",
        "list": "/log/entries.jsonl",
        "verify.py": "/log/verify.py",
    }
    for name, address in addresses.items():
        (tmp_path / name).write_bytes(client.get(address).data)
    words = [sys.executable, *(str(tmp_path / name) for name in ("verify.py", "key", "head", "list"))]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
