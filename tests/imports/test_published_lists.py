"""The real lists of January and February 2020, figure by figure as ../shared/data/README.md gives them."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from portal.config import PROJECT
from portal.imports.reading import DaySource, Fault, Recognised, UnreadableFile, recognise

pytestmark = pytest.mark.one_engine

FOLDER = PROJECT.parent / "shared" / "data" / "redcross-2020"
TODAY = date(2026, 11, 23)
FOUR_ENCODINGS = ["utf8bom", "gb18030", "gbk", "utf16"]

CODES = "武汉市红十字会接受社会捐赠明细（二维码及pos机）"
CLOUD = "武汉市红十字会云闪付用户捐赠明细（2月7日）.xlsx"
BANK = "武汉市红十字会接收社会捐赠明细（交通银行账户）2019年1月28日.xlsx"
ALIPAY = "武汉市红十字会接收社会捐赠明细（支付宝账户）2020年2月2日.xlsx"
CASH = "武汉市红十字会接收社会捐赠现金公示13-2.xlsx"

LISTS = [
    (CLOUD, 999, 5_925_506, 5_925_506, None, DaySource.TITLE),
    (f"{CODES}2020年1月24日.xlsx", 1_207, 21_078_319, 21_078_319, None, DaySource.REFERENCE),
    (f"{CODES}2020年1月24日的副本.xlsx", 1_207, 21_078_319, None, None, DaySource.REFERENCE),
    (f"{CODES}2020年1月25日.xlsx", 49_691, 476_102_868, 476_102_868, None, DaySource.REFERENCE),
    (f"{CODES}2020年2月11日.xlsx", 1_688, 57_693_642, None, None, DaySource.REFERENCE),
    (f"{CODES}第二期2020年1月27日.xlsx", 18_893, 230_048_190, 230_048_190, None, DaySource.REFERENCE),
    (BANK, 2_855, 31_454_075_569, 31_454_075_569, 2_856, DaySource.NONE),
    (ALIPAY, 502, 16_654_800, 16_654_800, None, DaySource.TITLE),
    (CASH, 82, 6_245_343_478, 6_307_340_000, 792, DaySource.TITLE),
    ("hubei-donate02.xls", 1_633, 3_842_232_224, 3_842_232_224, None, DaySource.COLUMN),
]
"""File, rows, sum in fen, declared sum, declared count, where the days come from."""


def read(name: str, **given: date) -> Recognised:
    if not FOLDER.is_dir():
        pytest.skip("the published lists lie beside the project, in ../shared/data, and are not part of it")
    return recognise((FOLDER / name).read_bytes(), name, today=TODAY, **given)


@pytest.mark.parametrize(("name", "rows", "total", "declared", "count", "source"), LISTS)
def test_a_published_list_is_read_exactly(
    name: str, rows: int, total: int, declared: int | None, count: int | None, source: DaySource
) -> None:
    found = read(name)
    assert (len(found.rows), found.total_fen) == (rows, total)
    assert (found.declared_total_fen, found.declared_count) == (declared, count)
    assert found.day_sources == [source]
    assert len({row.content_key for row in found.rows}) == rows


def test_the_same_list_saved_again_has_the_same_keys() -> None:
    first = read(f"{CODES}2020年1月24日.xlsx")
    second = read(f"{CODES}2020年1月24日的副本.xlsx")
    assert [row.content_key for row in first.rows] == [row.content_key for row in second.rows]


def test_the_banks_count_is_off_by_one_and_its_year_must_be_given() -> None:
    found = read(BANK)
    assert {problem.fault for problem in found.problems} == {Fault.COUNT_DIFFERS, Fault.NAME_DAY_ONLY}
    assert all(row.received_on is None for row in found.rows)
    dated = read(BANK, dated=date(2020, 1, 28))
    assert {row.received_on for row in dated.rows} == {date(2020, 1, 28)}
    assert [problem.row for problem in dated.all_problems] == [2858]


def test_the_day_in_an_order_number_goes_before_the_one_in_the_name() -> None:
    found = read(f"{CODES}第二期2020年1月27日.xlsx")
    days = [row.received_on for row in found.rows]
    assert (days.count(date(2020, 1, 27)), days.count(date(2020, 1, 26))) == (18_892, 1)


def test_two_gifts_without_a_name_are_gifts_and_a_remark_in_a_name_is_a_remark() -> None:
    found = read(ALIPAY)
    assert sorted(row.amount_fen or 0 for row in found.rows if not row.donor_name) == [1_000, 10_000]
    assert found.rows[0].donor_name == "山东宝隆祥健康服务有限公司"
    assert found.rows[0].remark.startswith("本次捐款总人数150 人")


def test_remarks_are_kept_apart_from_names() -> None:
    found = read(f"{CODES}2020年2月11日.xlsx")
    assert sum(1 for row in found.rows if row.remark) > 100
    assert not any(row.donor_name for row in found.rows)


def test_four_encodings_read_alike() -> None:
    kinds = [read(f"hubei_donate01_masked.{encoding}.csv") for encoding in FOUR_ENCODINGS]
    assert {(len(one.rows), one.total_fen, one.declared_total_fen) for one in kinds} == {
        (60, 348_223_211, 348_223_211)
    }
    assert len({one.fingerprint for one in kinds}) == 1


@pytest.mark.parametrize(
    "name", ["武汉市红十字会接收社会捐赠物资公示8-2.xlsx", "武汉市红十字会发放捐赠物资一览表（2.4）.xlsx"]
)
def test_goods_are_no_gifts_of_money(app: Flask, name: str) -> None:
    with app.app_context(), pytest.raises(UnreadableFile, match="物资清单"):
        read(name)


STATEMENTS = [
    ("wechat__example-wechat-records.csv", 5, 2_849),
    ("wechat__example-wechat-records.xlsx", 5, 2_849),
    ("alipay__example-alipay-records.csv", 1, 22_222_850),
    ("icbc__debit-v1__example-icbc-debit-v1-records.csv", 4, 284_070),
    ("boc__debit__example-boc-records.csv", 3, 977_100),
    ("ccb__交易明细_xxxx_2025xxxx_2025xxxx.xls", 0, 0),
]


@pytest.mark.parametrize(("name", "rows", "total"), STATEMENTS)
def test_credits_of_a_statement_are_gifts_debits_and_refunds_are_no_rows(
    name: str, rows: int, total: int
) -> None:
    path: Path = FOLDER.parent / "statements" / name
    if not path.is_file():
        pytest.skip("the statements lie beside the project, in ../shared/data, and are not part of it")
    found = recognise(path.read_bytes(), name, today=TODAY)
    assert (len(found.rows), found.total_fen, found.statement) == (rows, total, True)
    assert all(row.received_on for row in found.rows)
