"""Fiscal receipts come from the platform; the portal asks for them, registers them, and lists what lacks one (E26)."""

import io
from datetime import date, timedelta

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.giving.models import Donation
from portal.periods import today
from portal.receipts import fiscal
from portal.receipts.fiscal_models import FiscalReceipt, FiscalState
from portal.receipts.fiscal_platform import ANSWER_HEADER, REQUEST_HEADER, FilePlatform
from portal.refusals import Conflict, Invalid
from portal.registry.models import Fund
from tests import factories, gifts, goods, people

PLATFORM = FilePlatform()


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


def answer(*rows: tuple[str, ...]) -> bytes:
    lines = [",".join(ANSWER_HEADER), *(",".join(row) for row in rows)]
    return "\n".join(lines).encode("gb18030")


def issued(gift: Donation, yuan: str, number: str = "0000000001") -> tuple[str, ...]:
    return (gift.donation_no, "44060124", number, "a1b2c3", yuan, today().isoformat(), "正常", "")


def red(gift: Donation, yuan: str, number: str, cancels: str) -> tuple[str, ...]:
    return (gift.donation_no, "44060124", number, "d4e5f6", yuan, today().isoformat(), "红冲", cancels)


def take_in(*rows: tuple[str, ...]) -> fiscal.TakenIn:
    return fiscal.take_in(answer(*rows), people.clerk(), PLATFORM)


def state(gift: Donation) -> FiscalState:
    db.session.rollback()
    return fiscal.state_of(db.session(), db.session.get_one(Donation, gift.id))


def lacking() -> list[tuple[str, int]]:
    return [(one.donation.donation_no, one.open_fen) for one in fiscal.lacking(db.session(), people.clerk())]


def test_a_named_gift_lacks_a_receipt_until_the_platform_answers(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 100_00, donor_name="李小明")
    assert state(gift) is FiscalState.OPEN
    assert lacking() == [(gift.donation_no, 100_00)]
    assert take_in(issued(gift, "100.00")) == fiscal.TakenIn(1, 0, 0)
    assert state(gift) is FiscalState.ISSUED
    assert lacking() == []


def test_the_batch_names_what_is_still_open(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 100_00, donor_name="=李小明")
    take_in(issued(gift, "40.00"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(fiscal.export(db.session(), people.clerk(), PLATFORM)))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0] == list(REQUEST_HEADER)
    assert rows[1][:2] == [gift.donation_no, "=李小明"]
    assert rows[1][5] == "60.00"


def test_who_gave_no_name_or_wants_none_needs_none(fund: Fund) -> None:
    anonymous = gifts.posted_gift(fund)
    waived = gifts.posted_gift(fund, donor_name="李小明")
    fiscal.waive(waived.id, people.clerk(), "当面说不用")
    assert state(anonymous) is FiscalState.ANONYMOUS
    assert state(waived) is FiscalState.WAIVED
    assert lacking() == []
    with pytest.raises(Conflict):
        fiscal.waive(waived.id, people.clerk(), "当面说不用")


def test_goods_without_a_value_wait_for_one(fund: Fund) -> None:
    gift = goods.gift(fund, goods.line("旧衣", 3, "件"), donor_name="李小明")
    assert state(gift) is FiscalState.VALUE_PENDING
    assert lacking() == []


def test_receipts_never_exceed_the_gift(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 100_00, donor_name="李小明")
    with pytest.raises(Invalid) as refusal:
        take_in(issued(gift, "60.00"), issued(gift, "60.00", "0000000002"))
    assert set(refusal.value.errors) == {"row-3"}
    assert factories.count(db.session(), FiscalReceipt) == 0


def test_a_red_receipt_cancels_and_the_gift_is_open_again(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 100_00, donor_name="李小明")
    take_in(issued(gift, "100.00"))
    assert take_in(red(gift, "-100.00", "0000000002", "0000000001")) == fiscal.TakenIn(0, 1, 0)
    assert state(gift) is FiscalState.RED_REVERSED
    take_in(issued(gift, "100.00", "0000000003"))
    assert state(gift) is FiscalState.ISSUED


def test_the_same_answer_again_changes_nothing(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 100_00, donor_name="李小明")
    take_in(issued(gift, "100.00"))
    assert take_in(issued(gift, "100.00")) == fiscal.TakenIn(0, 0, 1)


def test_a_reversed_gift_asks_for_a_red_receipt(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 100_00, donor_name="李小明")
    take_in(issued(gift, "100.00"))
    assert gift.entry is not None
    gifts.reversed_entry(gift.entry)
    assert [one.donation_id for one in fiscal.to_be_reversed(db.session(), people.clerk())] == [gift.id]


@pytest.mark.parametrize(
    ("place", "text"), [(1, "123"), (2, "12"), (3, "!"), (4, "一百"), (5, "昨天"), (0, "D-2020-1")]
)
def test_a_row_that_cannot_be_read_is_named(fund: Fund, place: int, text: str) -> None:
    gift = gifts.posted_gift(fund, 100_00, donor_name="李小明")
    row = list(issued(gift, "100.00"))
    row[place] = text
    with pytest.raises(Invalid) as refusal:
        take_in(tuple(row))
    assert set(refusal.value.errors) == {"row-2"}


def test_an_answer_without_its_columns_is_refused() -> None:
    with pytest.raises(Invalid):
        PLATFORM.read_answer("业务单号,金额\nD-2026-1,1\n".encode())
    with pytest.raises(Invalid):
        PLATFORM.read_answer(b"PK\x03\x04 no workbook")


def test_the_check_code_is_not_kept(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 100_00, donor_name="李小明")
    take_in(issued(gift, "100.00"))
    kept = db.session.scalars(select(FiscalReceipt)).one()
    assert "a1b2c3" not in str(vars(kept))


def test_only_working_days_count() -> None:
    friday = date(2026, 11, 20)
    assert fiscal.working_days_between(friday, friday + timedelta(days=3)) == 1
    assert fiscal.working_days_between(friday, friday + timedelta(days=7)) == 5


def test_the_desk_exports_and_takes_in(app: Flask, fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 100_00, donor_name="李小明")
    client = people.log_in(app, people.clerk())
    app.config["WTF_CSRF_ENABLED"] = False
    assert gift.donation_no in client.get("/desk/fiscal-receipts").text
    assert client.get("/desk/fiscal-receipts/batch.xlsx").data[:2] == b"PK"
    bad = client.post(
        "/desk/fiscal-receipts/answer", data={"file": (io.BytesIO(answer(issued(gift, "200.00"))), "a.csv")}
    )
    assert (bad.status_code, "第 2 行" in bad.text) == (422, True)
    good = client.post(
        "/desk/fiscal-receipts/answer", data={"file": (io.BytesIO(answer(issued(gift, "100.00"))), "a.csv")}
    )
    assert good.status_code == 302
    assert "已开票" in client.get(f"/desk/donations/{gift.id}").text
