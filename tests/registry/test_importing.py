"""Importing the registry: told by its columns, all or nothing, every fault with its row."""

import io
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.config import Settings
from portal.db import db, writing
from portal.refusals import Invalid
from portal.registry.geography import load_district
from portal.registry.importing import import_registry
from portal.registry.models import Fund, Organisation, Station, Status, Street, SubjectKind
from portal.registry.purposes import CharitablePurpose
from portal.staff.models import StaffMember
from tests import factories
from tests.people import LogIn

A, B = factories.uscc(700001), factories.uscc(700002)


@pytest.fixture(autouse=True)
def _district(app_context: None) -> None:
    with writing() as session:
        load_district(session, Settings().district_dir)


def _csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "名单.csv"
    path.write_bytes(text.encode(encoding))
    return path


def _workbook(folder: Path, sheets: dict[str, list[list[str]]]) -> Path:
    path = folder / "登记.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def _street() -> str:
    return db.session.scalars(select(Street.code).order_by(Street.code)).first() or ""


def _refused(path: Path) -> dict[str, str]:
    there = [factories.count(db.session, model) for model in (Organisation, Fund)]
    with pytest.raises(Invalid) as refused:
        import_registry(path, None)
    assert [factories.count(db.session, model) for model in (Organisation, Fund)] == there
    return {place: str(message) for place, message in refused.value.errors.items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_organisations_by_chinese_labels_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = _csv(
        tmp_path,
        f"统一社会信用代码,名称,类型,成立日期\n{A},暖阳会,慈善会,2015年3月1日\n\n{B},助学会,service,\n",
        encoding,
    )
    assert import_registry(path, None) == {SubjectKind.ORGANISATION: 2}
    assert factories.count(db.session, Organisation) == 2


def test_a_workbook_holds_all_three_in_any_order(tmp_path: Path) -> None:
    path = _workbook(
        tmp_path,
        {
            "站点": [
                ["编号", "名称", "慈善组织", "街道", "地址"],
                ["ST9001", "站", A, "440105001", "路 1 号"],
            ],
            "基金": [
                ["code", "name", "kind", "organisation", "opened_on", "street", "purpose", "restricted"],
                ["HZ9001", "社区基金", "社区慈善基金", A, "2024-01-01", "440105001", "济困", "否"],
            ],
            "组织": [["uscc", "name", "kind"], [A, "暖阳会", "federation"]],
            "空表": [],
        },
    )
    assert sum(import_registry(path, None).values()) == 3
    assert (factories.count(db.session, Fund), factories.count(db.session, Station)) == (1, 1)


def test_a_restricted_fund_comes_with_what_it_allows(tmp_path: Path) -> None:
    import_registry(_csv(tmp_path, f"uscc,name,kind\n{A},暖阳会,慈善会\n"), None)
    columns = "编号,名称,类型,慈善组织,设立日期,宗旨或用途,限定用途,限定内容,允许的用途"
    row = f"HZ9002,助学基金,special,{A},2024-01-01,助学,是,只用于助学,"
    errors = _refused(_csv(tmp_path, f"{columns}\n{row}\n"))
    assert "允许的用途" in next(iter(errors))
    import_registry(_csv(tmp_path, f"{columns}\n{row}扶贫、济困；culture\n"), None)
    fund = db.session.scalars(select(Fund)).one()
    assert fund.purposes == (CharitablePurpose.POVERTY, CharitablePurpose.CULTURE)


def test_one_wrong_row_and_nothing_goes_in(tmp_path: Path) -> None:
    errors = _refused(_csv(tmp_path, f"uscc,name,kind\n{A},暖阳会,慈善会\n{B[:-1]}0,,工会\n"))
    assert set(errors) == {"名单 第 3 行 · 名称", "名单 第 3 行 · 类型"}
    errors = _refused(_csv(tmp_path, f"uscc,name,kind\n{A},暖阳会,慈善会\n{A},又一个,慈善会\n"))
    assert "暖阳会" in errors["名单 第 3 行 · 统一社会信用代码"]


@pytest.mark.parametrize("text", ["姓名,金额\n张三,100\n", "uscc,name\n", "", "\n\n"])
def test_a_strange_table_is_refused_with_its_header(tmp_path: Path, text: str) -> None:
    assert set(_refused(_csv(tmp_path, text))) == {"file"}


def test_a_false_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "程序.xlsx"
    path.write_bytes(b"MZ\x90\x00 not a workbook")
    assert set(_refused(path)) == {"file"}
    path = tmp_path / "程序.exe"
    path.write_bytes(b"MZ")
    assert set(_refused(path)) == {"file"}


def test_projects_campaigns_and_landmarks_come_in_with_what_they_belong_to(tmp_path: Path) -> None:
    path = _workbook(
        tmp_path,
        {
            "公开募捐活动": [
                [
                    "编号",
                    "名称",
                    "慈善组织",
                    "开始日期",
                    "结束日期",
                    "募捐方案备案编号",
                    "备案日期",
                    "宗旨或用途",
                ],
                ["CP901", "助学募捐", A, "2026-03-01", "2026-09-01", f"{A}A26001", "2026-02-01", "助学"],
            ],
            "慈善空间": [
                ["编号", "名称", "类型", "慈善组织", "街道", "地址"],
                ["LM901", "滨江慈善广场", "慈善广场", A, _street(), "滨江路 1 号"],
            ],
            "慈善项目": [
                ["编号", "名称", "慈善组织", "开始日期", "结束日期", "项目目标"],
                ["PJ901", "爱心助学", A, "2026-01-01", "2026-12-31", "帮助学生"],
            ],
            "慈善组织": [
                ["统一社会信用代码", "名称", "类型", "成立日期", "取得公开募捐资格日期"],
                [A, "暖阳会", "慈善会", "2010-01-01", "2018-01-01"],
            ],
        },
    )
    counts = import_registry(path, None)
    assert counts == dict.fromkeys(
        (SubjectKind.ORGANISATION, SubjectKind.PROJECT, SubjectKind.CAMPAIGN, SubjectKind.LANDMARK), 1
    )


def test_the_empty_workbook_filled_in_comes_in_from_the_browser_and_waits(
    tmp_path: Path, clerk: StaffMember, log_in: LogIn
) -> None:
    desk = log_in(clerk)
    empty = desk.get("/desk/registry/template.xlsx")
    names = CalamineWorkbook.from_filelike(io.BytesIO(empty.data)).sheet_names
    assert names == ["慈善组织", "基金", "捐赠站点", "慈善项目", "公开募捐活动", "慈善空间"]
    path = _workbook(tmp_path, {"慈善组织": [["统一社会信用代码", "名称", "类型"], [A, "暖阳会", "慈善会"]]})
    answer = desk.post("/desk/registry/import", data={"file": (io.BytesIO(path.read_bytes()), "登记.xlsx")})
    assert answer.status_code == 302
    assert db.session.scalars(select(Organisation.status)).all() == [Status.APPLIED]
    again = desk.post("/desk/registry/import", data={"file": (io.BytesIO(path.read_bytes()), "登记.xlsx")})
    assert again.status_code == 422 and "第 2 行" in again.text and "已经登记给" in again.text
    for content, name in ((empty.data, "空.xlsx"), (b"PK", "坏.xlsx"), (b"", "x.doc")):
        assert (
            desk.post("/desk/registry/import", data={"file": (io.BytesIO(content), name)}).status_code == 422
        )
