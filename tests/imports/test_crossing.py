"""The same gift in the platform's list and in the bank's file is one gift."""

from datetime import date

import pytest

from portal.db import db, writing
from portal.imports import mending, service
from portal.imports.models import ImportBatch, ImportRow, RowState
from portal.imports.target import Target
from portal.ledger.models import Channel
from portal.registry.models import Fund
from tests import factories, gifts, people
from tests.imports import sheets

DAY = date(2026, 10, 5)
HEADER = ["交易日期", "对方户名", "收入金额", "支出金额", "余额", "交易流水号", "附言"]


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session)


def _gift(fund: Fund, yuan: int, channel: Channel, **given: object) -> str:
    return gifts.posted_gift(fund, yuan * 100, DAY, channel=channel, **given).donation_no


def _bank(fund: Fund, *lines: tuple[str, int, str]) -> ImportBatch:
    rows = [
        ["账户明细"],
        HEADER,
        *(["2026-10-06", who, yuan, "", "1", f"B{yuan:07d}", words] for who, yuan, words in lines),
    ]
    return service.create_batch(sheets.csv_file(rows), "bank.csv", Target(fund=fund.code), people.clerk())


def _states() -> list[RowState]:
    db.session.expire_all()
    return [row.state for row in db.session.query(ImportRow).order_by(ImportRow.position)]


def test_the_platforms_order_number_in_the_banks_remark_tells_the_same_gift(fund: Fund) -> None:
    number = _gift(fund, 88, Channel.WECHAT, external_ref="4200001234567890")
    batch = _bank(fund, ("财付通", 88, "微信支付 4200001234567890 结算"), ("王小明", 66, "捐款"))
    assert _states() == [RowState.DUPLICATE, RowState.ACCEPTED]
    assert number in db.session.query(ImportRow).first().problems[0].message  # type: ignore[union-attr]
    service.submit(batch.id, people.clerk(), batch.version)
    assert _states() == [RowState.DUPLICATE, RowState.ACCEPTED], "looking again finds the same"


def test_the_other_way_round_too(fund: Fund) -> None:
    _gift(fund, 88, Channel.BANK, remark="支付宝转入 2026100522001444")
    rows = [["捐赠人", "金额", "日期", "交易单号"], ["王小明", "88", "2026-10-05", "2026100522001444"]]
    name = "支付宝捐款明细.csv"
    service.create_batch(sheets.csv_file(rows), name, Target(fund=fund.code), people.clerk())
    assert _states() == [RowState.DUPLICATE]


def test_a_statement_line_of_the_same_name_amount_and_day_is_to_be_looked_at(fund: Fund) -> None:
    _gift(fund, 88, Channel.ALIPAY, donor_name="王小明")
    _bank(fund, ("王小明", 88, ""), ("王小明", 88, ""), ("李老师", 88, ""))
    states = _states()
    assert states[0] is RowState.NEEDS_REVIEW and RowState.NEEDS_REVIEW not in states[1:]


def test_who_looks_may_say_that_they_are_two(fund: Fund) -> None:
    _gift(fund, 88, Channel.ALIPAY, donor_name="王小明")
    batch = _bank(fund, ("王小明", 88, ""))
    mending.keep_row(batch.id, 1, people.clerk(), batch.version)
    assert _states() == [RowState.ACCEPTED]


def test_the_nameless_and_masked_are_not_suspected(fund: Fund) -> None:
    _gift(fund, 88, Channel.WECHAT)
    _gift(fund, 99, Channel.WECHAT, donor_name="王*明")
    _bank(fund, ("爱心人士", 88, ""), ("王*明", 99, ""))
    assert _states() == [RowState.ACCEPTED, RowState.ACCEPTED]


def test_two_lists_of_two_channels_may_hold_two_gifts_of_one_person(fund: Fund) -> None:
    _gift(fund, 88, Channel.BANK, donor_name="王小明")
    rows = [["捐赠人", "金额", "日期"], ["王小明", "88", "2026-10-05"]]
    service.create_batch(sheets.csv_file(rows), "支付宝捐款明细.csv", Target(fund=fund.code), people.clerk())
    assert _states() == [RowState.ACCEPTED]
