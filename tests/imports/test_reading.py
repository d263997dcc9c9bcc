"""Lists of the family, made up: every quirk in a small file of its own."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from flask import Flask

from portal.imports.reading import DaySource, Fault, Recognised, UnreadableFile, recognise
from portal.ledger.models import Channel
from tests.imports.sheets import csv_file, workbook

pytestmark = pytest.mark.one_engine

TODAY = date(2026, 9, 30)
HEADER = ["捐赠人", "捐赠金额（元）", "捐赠日期"]
DAY = "2026-09-05"


def read(rows: Any, name: str = "名单.csv", **given: Any) -> Recognised:
    content = rows if isinstance(rows, bytes) else csv_file(rows)
    return recognise(content, name, today=TODAY, **given)


def amounts(found: Recognised) -> list[int | None]:
    return [row.amount_fen for row in found.rows]


def faults(found: Recognised) -> list[tuple[Fault, int | None]]:
    return [(problem.fault, problem.row) for problem in found.all_problems]


def test_title_preamble_total_and_footer_are_no_gifts() -> None:
    found = read(
        [
            ["爱心慈善会接收捐赠明细公示", "", ""],
            ["（2026年9月5日）", "", ""],
            ["", "", ""],
            ["捐赠单位（个人）", "捐赠金额", ""],
            ["张*", "100", ""],
            ["某某有限公司", "1,000.50", ""],
            ["合计", "1100.5", ""],
            ["注：以上为大额捐赠明细。", "", ""],
            ["爱心慈善会", "", ""],
            ["2026年9月6日", "", ""],
        ]
    )
    assert amounts(found) == [10_000, 100_050]
    assert {row.received_on for row in found.rows} == {date(2026, 9, 5)}
    assert (found.declared_total_fen, found.all_problems) == (110_050, [])
    assert [row.row_no for row in found.rows] == [5, 6]


@pytest.mark.parametrize(
    "label", ["合计", "总计：", "共 计", "合计（元）", "捐款合计", "人民币合计", "共计2人次"]
)
def test_a_labelled_total_is_no_gift(label: str) -> None:
    found = read([HEADER, ["甲", "10", DAY], ["乙", "20", DAY], [label, "30", ""]])
    assert (amounts(found), found.declared_total_fen, found.problems) == ([1_000, 2_000], 3_000, [])


def test_a_firm_called_total_is_a_donor() -> None:
    found = read([HEADER, ["总计科技有限公司", "10", DAY], ["合计划教育基金会", "20", DAY]])
    assert amounts(found) == [1_000, 2_000]


def test_an_unlabelled_last_row_that_is_the_sum_is_a_total() -> None:
    found = read([HEADER, ["甲", "10", DAY], ["", "20", DAY], ["丙", "5.5", DAY], ["", "35.5", ""]])
    assert (amounts(found), found.declared_total_fen) == ([1_000, 2_000, 550], 3_550)


def test_an_unlabelled_last_row_of_another_size_is_an_anonymous_gift() -> None:
    found = read([HEADER, ["甲", "10", DAY], ["乙", "20", DAY], ["", "5", DAY]])
    assert amounts(found) == [1_000, 2_000, 500]


@pytest.mark.parametrize("beside", [0, 2])
def test_a_total_beside_the_first_or_the_last_row_is_found_without_its_noise(beside: int) -> None:
    rows: list[list[Any]] = [["交易单号", "", "交易金额", ""]]
    rows += [[f"01022026090512300{number:02d}0081753152      ", "", 0.1 + number, ""] for number in range(3)]
    rows[1 + beside][3] = 3.3000000000000003
    found = read(workbook(rows), "名单.xlsx")
    assert (amounts(found), found.declared_total_fen, found.problems) == ([10, 110, 210], 330, [])
    assert {row.received_on for row in found.rows} == {date(2026, 9, 5)}
    assert found.rows[0].external_ref == "010220260905123000" + "00081753152"


def test_a_total_or_count_that_differs_is_said_and_not_corrected(app: Flask) -> None:
    found = read([HEADER, ["甲", "10", DAY], ["乙", "20", DAY], ["共计3人次", "总金额31", ""]])
    assert [problem.fault for problem in found.problems] == [Fault.TOTAL_DIFFERS, Fault.COUNT_DIFFERS]
    assert (found.total_fen, found.declared_total_fen, found.declared_count) == (3_000, 3_100, 3)
    with app.app_context():
        assert "1.00" in found.problems[0].message and found.problems[0].row == 4


def test_a_subtotal_is_not_the_total() -> None:
    found = read(
        [
            HEADER,
            ["甲", "10", DAY],
            ["小计", "10", ""],
            ["乙", "20", DAY],
            ["小计", "20", ""],
            ["合计", "30", ""],
        ]
    )
    assert (len(found.rows), found.declared_total_fen, found.problems) == (2, 3_000, [])


def test_sums_in_prose_are_declared_and_sums_of_a_longer_time_are_not() -> None:
    found = read(
        [
            ["9月5日共收到捐款3笔、共计0.01万元。截至9月5日累计接收98.4万元。", ""],
            ["（2026年9月5日）", ""],
            ["姓名", "金额"],
            ["甲", "60"],
            ["乙", "40"],
        ]
    )
    assert (found.declared_total_fen, found.declared_count) == (10_000, 3)
    assert [problem.fault for problem in found.problems] == [Fault.COUNT_DIFFERS]


def test_merged_donor_cells_speak_for_all_their_rows() -> None:
    rows = [["捐赠人", "金额", "日期"], ["甲公司", 10, DAY], ["", 20, DAY], ["", 30, DAY], ["", 5, DAY]]
    found = read(workbook(rows, merged=[(1, 0, 3, 0)]), "名单.xlsx")
    assert [row.donor_name for row in found.rows] == ["甲公司", "甲公司", "甲公司", ""]


def test_invisible_characters_and_tabs_are_taken_out_of_names() -> None:
    found = read([HEADER, ["\u200b张*\t", "￥1,000.00 ", DAY], ["李\xa0**\u3000", " 20 元", DAY]])
    assert [row.donor_name for row in found.rows] == ["张*", "李 **"]
    assert amounts(found) == [100_000, 2_000]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026.09.05", date(2026, 9, 5)),
        ("2026/9/5", date(2026, 9, 5)),
        ("2026年9月5日", date(2026, 9, 5)),
        ("20260905", date(2026, 9, 5)),
        ("2026-09-05 12:45:27", date(2026, 9, 5)),
        ("46270", date(2026, 9, 5)),
        ("２０２６－０９－０５", date(2026, 9, 5)),
    ],
)
def test_days_are_read_however_they_are_written(cell: str, day: date) -> None:
    assert [row.received_on for row in read([HEADER, ["甲", "1", cell]]).rows] == [day]


def test_workbook_days_serials_and_moments_are_read() -> None:
    rows = [
        HEADER,
        ["甲", 1, date(2026, 9, 5)],
        ["乙", 1, 46270],
        ["丙", 1, datetime.combine(date(2026, 9, 5), time(8, 30))],
        ["丁", 1, 20260905],
    ]
    found = read(workbook(rows), "名单.xlsx")
    assert {row.received_on for row in found.rows} == {date(2026, 9, 5)}
    assert found.rows[2].clock == "08:30:00"


def test_a_day_without_a_year_takes_it_from_the_title() -> None:
    found = read([["2026年捐赠公示", "", ""], HEADER, ["甲", "1", "9月5日"]])
    assert found.rows[0].received_on == date(2026, 9, 5)


def test_a_time_alone_leans_on_the_day_of_the_title() -> None:
    found = read(
        [["用户捐赠明细（2026年9月5日）", "", ""], ["姓名", "金额(元）", "时间"], ["*红", "1", "15:35:21"]]
    )
    assert (found.rows[0].received_on, found.rows[0].clock) == (date(2026, 9, 5), "15:35:21")
    assert found.day_sources == [DaySource.TITLE]


def test_headings_with_a_day_date_the_rows_below_them() -> None:
    found = read([["姓名", "金额"], ["2026年9月4日", ""], ["甲", "1"], ["2026年9月5日", ""], ["乙", "2"]])
    assert [row.received_on for row in found.rows] == [date(2026, 9, 4), date(2026, 9, 5)]


def test_the_name_gives_the_day_of_a_recent_list() -> None:
    found = read([["姓名", "金额"], ["甲", "1"]], "捐赠明细（2026年9月5日）.csv")
    assert (found.rows[0].received_on, found.day_sources) == (date(2026, 9, 5), [DaySource.FILE_NAME])


def test_an_old_year_in_the_name_alone_is_not_believed() -> None:
    found = read([["姓名", "金额"], ["甲", "1"]], "捐赠明细2019年1月28日.csv")
    assert found.rows[0].received_on is None
    assert faults(found) == [(Fault.NAME_DAY_ONLY, None)]
    dated = read([["姓名", "金额"], ["甲", "1"]], "捐赠明细2019年1月28日.csv", dated=date(2026, 9, 5))
    assert (dated.rows[0].received_on, dated.all_problems) == (date(2026, 9, 5), [])


def test_the_title_wins_over_the_name() -> None:
    found = read([["公示（2026年9月5日）", ""], ["姓名", "金额"], ["甲", "1"]], "明细2025年9月5日.csv")
    assert found.rows[0].received_on == date(2026, 9, 5)
    assert faults(found) == [(Fault.NAME_DAY_DIFFERS, None)]


def test_a_period_is_no_day() -> None:
    found = read([["2026年9月1日至9月5日捐赠公示", ""], ["姓名", "金额"], ["甲", "1"]])
    assert faults(found) == [(Fault.DAY_UNKNOWN, None)]


@pytest.mark.parametrize(
    ("amount", "day", "fault"),
    [
        ("", DAY, Fault.NO_AMOUNT),
        ("1e3", DAY, Fault.BAD_AMOUNT),
        ("1,2,3", DAY, Fault.BAD_AMOUNT),
        ("0.005", DAY, Fault.TOO_FINE),
        ("-5", DAY, Fault.NOT_POSITIVE),
        ("0", DAY, Fault.NOT_POSITIVE),
        ("1000000000000000", DAY, Fault.TOO_LARGE),
        ("100美元", DAY, Fault.BAD_AMOUNT),
        ("5", "2027-01-01", Fault.FUTURE_DAY),
        ("5", "1889-01-01", Fault.EARLY_DAY),
        ("5", "昨天", Fault.BAD_DAY),
        ("5", "2026-02-30", Fault.BAD_DAY),
        ("5", "", Fault.NO_DAY),
    ],
)
def test_a_row_that_cannot_be_booked_is_named_with_its_row(amount: str, day: str, fault: Fault) -> None:
    found = read([HEADER, ["甲", "1", DAY], ["乙", amount, day], ["丙", "2", DAY]])
    assert len(found.rows) == 3
    assert faults(found) == [(fault, 3)]


def test_full_width_figures_and_ten_thousands_are_read() -> None:
    assert amounts(read([HEADER, ["甲", "１，２３４．５６", DAY], ["乙", "1.5万元", DAY]])) == [
        123_456,
        1_500_000,
    ]
    assert amounts(read([["捐赠人", "金额（万元）", "日期"], ["甲", "0.35", DAY]])) == [350_000]


def test_a_long_remark_inside_a_name_becomes_a_remark() -> None:
    found = read([HEADER, ["某公司（本次捐款总人数150人，张三100元）", "1", DAY], ["甲" * 201, "1", DAY]])
    assert (found.rows[0].donor_name, found.rows[0].remark) == ("某公司", "本次捐款总人数150人，张三100元")
    assert faults(found) == [(Fault.LONG_NAME, 3)]


def test_three_equal_gifts_are_three_and_the_list_again_is_all_the_same() -> None:
    rows = [HEADER, *[["爱心人士", "100", DAY]] * 3]
    first, again = read(rows), read(workbook(rows), "另存.xlsx")
    assert len({row.content_key for row in first.rows}) == 3
    assert [row.content_key for row in first.rows] == [row.content_key for row in again.rows]


def test_columns_side_by_side_are_one_list() -> None:
    found = read(
        [
            ["2026年9月5日", "", "", ""],
            ["姓名", "金额", "姓名", "金额"],
            ["甲", "1", "乙", "2"],
            ["丙", "3", "", ""],
        ]
    )
    assert [(row.donor_name, row.amount_fen) for row in found.rows] == [("甲", 100), ("乙", 200), ("丙", 300)]
    assert [row.position for row in found.rows] == [1, 2, 3]


def test_a_header_printed_on_every_page_is_skipped() -> None:
    found = read([HEADER, ["甲", "1", DAY], HEADER, ["乙", "2", DAY]])
    assert amounts(found) == [100, 200]


def test_several_sheets_are_read_and_a_copy_of_a_sheet_is_not() -> None:
    first, second = [HEADER, ["甲", 1, DAY]], [HEADER, ["乙", 2, DAY]]
    found = read(workbook(first, second, first), "名单.xlsx")
    assert amounts(found) == [100, 200]
    assert [problem.fault for problem in found.problems] == [Fault.SAME_SHEET]


def test_a_list_without_a_header_is_guessed_and_said_so() -> None:
    found = read([["甲一", "10.5", DAY], ["乙二", "20", DAY], ["丙三", "30", DAY]])
    assert amounts(found) == [1_050, 2_000, 3_000]
    assert [problem.fault for problem in found.problems] == [Fault.NO_HEADER]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_every_encoding_reads_alike(encoding: str) -> None:
    rows = [["捐赠人", "金额", "日期"], ["王*", "100", DAY], ["爱心企业", "20", DAY]]
    assert [row.donor_name for row in read(csv_file(rows, encoding)).rows] == ["王*", "爱心企业"]


def test_a_wallets_statement_counts_what_came_in_and_stayed() -> None:
    header = ["交易时间", "交易类型", "交易对方", "收/支", "金额(元)", "当前状态", "交易单号", "备注"]
    found = read(
        [
            ["微信支付账单明细"],
            ["收入：2笔 30.00元"],
            ["支出：1笔 5.00元"],
            [],
            header,
            ["2026-09-05 10:00:00", "转账", "甲", "收入", "¥10.00", "已收钱", "100000001\t", "/"],
            ["2026-09-05 10:01:00", "转账", "乙", "收入", "¥20.00", "已收钱", "100000002\t", "助学"],
            ["2026-09-05 10:02:00", "商户消费", "店", "支出", "¥5.00", "支付成功", "100000003\t", "/"],
            ["2026-09-05 10:03:00", "转账-退款", "丙", "收入", "¥7.00", "已全额退款", "100000004\t", "/"],
            ["2026-09-05 10:04:00", "零钱提现", "银行", "/", "¥7.00", "提现已到账", "100000005\t", "/"],
        ]
    )
    assert [(row.donor_name, row.amount_fen, row.remark) for row in found.rows] == [
        ("甲", 1_000, ""),
        ("乙", 2_000, "助学"),
    ]
    assert (found.declared_total_fen, found.declared_count, found.problems) == (3_000, 2, [])
    assert (found.channel, found.not_gifts, found.rows[0].clock) == (Channel.WECHAT, 3, "10:00:00")


def package(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


FAR_CELL = (
    b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ\x90\x00" + b"\x00" * 200, "名单.xlsx", "程序"),
        (b"", "名单.csv", "空的"),
        (b"  \r\n", "名单.csv", "空的"),
        (b"PK\x03\x04 broken", "名单.xlsx", "打不开"),
        (package({"word/document.xml": b"<x/>"}), "名单.xlsx", "不是 Excel"),
        (
            package({"xl/workbook.xml": b"<x/>", "xl/big.xml": b"0" * 450_000_000}),
            "名单.xlsx",
            "大得不合常理",
        ),
        (
            package({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": FAR_CELL}),
            "名单.xlsx",
            "大得不合常理",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512,
            "名单.xlsx",
            "密码",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "名单.xls", "打不开"),
        (b"%PDF-1.7", "名单.csv", "PDF"),
        (b"<html><table></table></html>", "名单.xls", "网页"),
        (b"a,b\n1,2\n", "名单.docx", "只能导入"),
        ("标题\n没有表格\n".encode(), "名单.csv", "没有认出"),
        ("捐赠单位,品名,计量单位,数量\n甲,口罩,箱,3\n".encode(), "物资.csv", "物资清单"),
        (bytes(range(1, 32)) * 20, "名单.csv", "编码"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_reason(
    app: Flask, content: bytes, name: str, words: str
) -> None:
    with app.app_context(), pytest.raises(UnreadableFile) as refusal:
        recognise(content, name, today=TODAY)
    assert words in str(refusal.value)


def test_a_header_of_two_rows_is_joined() -> None:
    header = [["序号", "捐赠人", "捐赠", ""], ["", "", "金额(元)", "日期"]]
    found = read(workbook([*header, [1, "甲", 10, DAY], [2, "乙", 20, DAY]]), "名单.xlsx")
    assert [(row.donor_name, row.amount_fen) for row in found.rows] == [("甲", 1_000), ("乙", 2_000)]
    assert found.problems == []


def test_a_total_counts_in_the_unit_of_its_column() -> None:
    rows = [["单位：万元", "", ""], ["捐赠单位", "捐赠金额", "日期"], ["甲", "100", DAY], ["乙", "0.5", DAY]]
    found = read([*rows, ["合计", "100.5", ""]])
    assert (found.total_fen, found.declared_total_fen) == (100_500_000, 100_500_000)
