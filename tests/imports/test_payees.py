"""Lists of persons to be paid, with the quirks of real ones."""

import time

import pytest

from portal.imports.reading.files import UnreadableFile
from portal.imports.reading.payees import read_payees
from tests.beneficiaries.persons import card, citizen
from tests.imports.sheets import csv_file, workbook

HEADER = ["序号", "姓名", "身份证号码", "学校", "资助金额（元）", "开户行", "银行账号", "联系电话", "备注"]


def line(number: int, amount: object = 1000, **words: str) -> list[object]:
    values = {
        "name": f"学生{'甲乙丙丁'[number % 4]}",
        "document": citizen(number),
        "school": "海珠中学",
        "bank": "工商银行",
        "account": card(number),
        "phone": f"1380000{number:04d}",
        **words,
    }
    return [
        number,
        values["name"],
        values["document"],
        values["school"],
        amount,
        values["bank"],
        values["account"],
        values["phone"],
        "",
    ]


def test_a_list_with_title_and_total_is_read() -> None:
    rows = [
        ["2026 年秋季助学金发放名单"],
        ["填报单位：海珠区慈善会"],
        HEADER,
        line(1),
        line(2, 1500.5),
        ["合计", "", "", "", 2500.5],
    ]
    found = read_payees(workbook(rows), "名单.xlsx")
    assert found.title == "2026 年秋季助学金发放名单"
    assert [(one.words["name"], one.amount_fen, one.row_no) for one in found.rows] == [
        ("学生乙", 100_000, 4),
        ("学生丙", 150_050, 5),
    ]
    assert found.rows[0].words["account"] == card(1) and found.rows[0].words["bank"] == "工商银行"
    assert found.stated_total_fen == 250_050


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
def test_text_tables_of_any_encoding_are_read(encoding: str) -> None:
    found = read_payees(csv_file([HEADER, line(1), line(2)], encoding), "名单.csv")
    assert [one.words["document_no"] for one in found.rows] == [citizen(1), citizen(2)]


def test_a_merged_school_is_everybodys_and_a_merged_amount_is_nobodys() -> None:
    rows = [HEADER, line(1), line(2, "", school=""), line(3, school="")]
    rows[3][4] = ""
    found = read_payees(workbook(rows, merged=[(1, 3, 3, 3), (1, 4, 3, 4)]), "名单.xlsx")
    assert [one.words["school"] for one in found.rows] == ["海珠中学"] * 3
    assert [one.amount_fen for one in found.rows] == [100_000, None, None]


def test_a_number_that_lost_its_digits_is_not_taken_for_a_document() -> None:
    rows = [HEADER, line(1)]
    rows[1][2] = 440105199005170012.0
    (row,) = read_payees(workbook(rows), "名单.xlsx").rows
    assert "E+" in row.words["document_no"]


def test_a_header_of_two_rows_is_joined() -> None:
    rows = [
        ["姓名", "身份证号", "金额", "收款账户", ""],
        ["", "", "", "开户行", "账号"],
        ["学生甲", citizen(1), 800, "建设银行", card(1)],
    ]
    (row,) = read_payees(workbook(rows), "名单.xlsx").rows
    assert (row.words["bank"], row.words["account"], row.amount_fen) == ("建设银行", card(1), 80_000)


def test_sheets_are_joined_and_a_copy_is_not_read_twice() -> None:
    found = read_payees(workbook([HEADER, line(1)], [HEADER, line(2)], [HEADER, line(1)]), "名单.xlsx")
    assert (len(found.rows), found.sheets_repeated) == (2, 1)


def test_other_documents_are_told_by_their_column() -> None:
    rows = [
        ["姓名", "证件类型", "证件号码", "金额"],
        ["甲", "港澳居民来往内地通行证", "H01234567", 1],
        ["乙", "护照", "E12345678", 2],
    ]
    found = read_payees(csv_file(rows), "名单.csv")
    assert [one.words["document_kind"] for one in found.rows] == ["travel_permit", "passport"]


def test_notes_below_are_no_persons() -> None:
    rows = [
        HEADER,
        line(1),
        ["制表人：陈经办", "", "", "审核：林复核"],
        ["说明：以上金额已核对"],
        ["共 1 人"],
    ]
    assert len(read_payees(workbook(rows), "名单.xlsx").rows) == 1


@pytest.mark.parametrize("rows", [[["捐赠人", "金额"], ["某人", 5]], [["年份", "数值"], [2025, 3]]])
def test_another_table_is_refused(app_context: None, rows: list[list[object]]) -> None:
    with pytest.raises(UnreadableFile):
        read_payees(csv_file(rows), "名单.csv")


def test_five_thousand_rows_are_read_in_a_moment() -> None:
    content = workbook([HEADER, *(line(number) for number in range(5_000))])
    began = time.perf_counter()
    assert len(read_payees(content, "名单.xlsx").rows) == 5_000
    assert time.perf_counter() - began < 5
