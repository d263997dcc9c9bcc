"""A list that nobody could read: a person says once what its columns hold, and the next one is recognised."""

import io
from collections.abc import Sequence
from datetime import date

import pytest
from flask.testing import FlaskClient

from portal.db import db, writing
from portal.imports import layouts, service
from portal.imports.layout_models import ImportLayout
from portal.imports.models import ImportBatch
from portal.imports.reading import recognise
from portal.imports.reading.columns import Role
from portal.imports.reading.files import UnrecognisedList
from portal.imports.reading.layouts import Layout, guess_header, guess_layout, key_of, labels_at
from portal.imports.target import Target
from portal.periods import today
from portal.refusals import Invalid
from portal.registry.models import Fund
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember
from tests import factories, people
from tests.imports import sheets
from tests.people import LogIn

ROWS = [
    ["某平台对账单"],
    ["导出时间 2026-03-05"],
    [],
    ["甲", "乙", "丙", "丁"],
    ["2026-03-01", "王小明", "12.50", "T001"],
    ["2026-03-02", "李老师", "100", "T002"],
    ["2026-03-02", "爱心企业", "3,000.00", "T003"],
]
ROLES = (Role.DAY, Role.DONOR, Role.AMOUNT, Role.REFERENCE)


@pytest.fixture
def fund(app_context: None) -> Fund:
    with writing() as session:
        return factories.fund(session)


def _file(rows: Sequence[Sequence[object]] = ROWS) -> bytes:
    return sheets.workbook(rows)


def test_it_is_not_recognised_before_and_is_after() -> None:
    with pytest.raises(UnrecognisedList):
        recognise(_file(), "对账单.xlsx", today=today())
    layout = Layout(("甲", "乙", "丙", "丁"), ROLES)
    found = recognise(_file(), "对账单.xlsx", today=today(), layouts={layout.key: layout})
    assert [(row.donor_name, row.amount_fen, row.external_ref) for row in found.rows] == [
        ("王小明", 12_50, "T001"),
        ("李老师", 100_00, "T002"),
        ("爱心企业", 3_000_00, "T003"),
    ]
    assert found.rows[0].received_on == date(2026, 3, 1)


def test_the_same_header_elsewhere_is_the_same_layout() -> None:
    assert key_of(("甲", " 乙", "丙", "")) == key_of(("甲", "乙 ", "丙"))
    assert key_of(("甲", "乙")) != key_of(("乙", "甲"))


def test_a_header_of_two_rows_with_merged_cells_is_joined() -> None:
    rows = [["捐赠", "", "到账", ""], ["单位", "个人", "日子", "数目"], ["甲公司", "", "2026-03-01", 5]]
    assert labels_at(rows, 0, 2) == ("捐赠 单位", "捐赠 个人", "到账 日子", "到账 数目")


def test_of_several_columns_of_donors_the_one_that_is_filled_in_counts() -> None:
    rows = [
        ["捐助", "", "入账", ""],
        ["单位", "个人", "日子", "数目"],
        ["甲公司", "", "2026-03-01", 5],
        ["", "王小明", "2026-03-02", 6],
    ]
    guessed = guess_layout(rows, 0, 2)
    assert guessed.roles == (Role.DONOR, Role.DONOR, Role.DAY, Role.AMOUNT)
    found = recognise(_file(rows), "a.xlsx", today=today(), layouts={guessed.key: guessed})
    assert [row.donor_name for row in found.rows] == ["甲公司", "王小明"]


def test_a_csv_in_gb18030_with_a_preamble(fund: Fund) -> None:
    content = sheets.csv_file(ROWS, "gb18030")
    layout = Layout(("甲", "乙", "丙", "丁"), ROLES)
    layouts.save(layout, "平台", fund.organisation_id, people.clerk())
    batch = service.create_batch(content, "对账单.csv", Target(fund=fund.code), people.clerk())
    assert (batch.rows, batch.total_fen, batch.encoding) == (3, 3_112_50, "gb18030")


def test_the_first_guess_finds_header_and_amounts() -> None:
    rows = [["标题"], [], ["日子", "姓名", "数目"], ["2026-03-01", "王", 5], ["2026-03-01", "李", 6]]
    assert guess_header(rows) == 2
    assert guess_layout(rows, 2, 1).roles == (Role.DAY, Role.DONOR, Role.AMOUNT)


def test_what_cannot_be_a_list_is_refused(fund: Fund) -> None:
    with pytest.raises(Invalid):
        layouts.save(Layout(("甲", "乙"), (Role.DONOR, None)), "x", fund.organisation_id, people.clerk())


def test_a_layout_belongs_to_its_organisation(fund: Fund) -> None:
    with writing() as session:
        other = factories.fund(session)
    layouts.save(Layout(("甲", "乙", "丙", "丁"), ROLES), "x", fund.organisation_id, people.clerk())
    with pytest.raises(UnrecognisedList):
        service.create_batch(_file(), "a.xlsx", Target(fund=other.code), people.clerk())


def _upload(desk: FlaskClient, fund: Fund, content: bytes, name: str = "对账单.xlsx") -> str:
    form = {"fund": fund.code, "file": (io.BytesIO(content), name)}
    answer = desk.post("/desk/imports/new", data=form)
    assert answer.status_code == 302, answer.text
    return answer.location


def _choices(chosen: str, *roles: Role | None) -> dict[str, str]:
    sheet, header, height = chosen.split("-")
    stated = {f"role-{place}": role.value if role else "" for place, role in enumerate(roles)}
    return {"sheet": sheet, "header": header, "height": height, "chosen": chosen, **stated}


def test_at_the_desk_it_is_explained_once_and_then_recognised(
    fund: Fund, clerk: StaffMember, log_in: LogIn
) -> None:
    desk = log_in(clerk)
    where = _upload(desk, fund, _file())
    assert "/desk/imports/layout?" in where
    page = desk.get(where)
    assert page.status_code == 200 and "王小明" in page.text and "请至少指出" in page.text
    wrong = desk.post(where, data={**_choices("0-3-1", Role.DONOR), "action": "save"})
    assert wrong.status_code == 422 and factories.count(db.session, ImportLayout) == 0
    seen = desk.post(where, data={**_choices("0-3-1", *ROLES), "action": "preview"})
    assert "共 3 笔，合计 3,112.50 元" in seen.text and factories.count(db.session, ImportLayout) == 0
    saved = desk.post(where, data={**_choices("0-3-1", *ROLES), "action": "save"})
    assert saved.status_code == 302 and "/desk/imports/1" in saved.location
    again = [*ROWS[:4], ["2026-03-03", "赵", "8", "T004"]]
    assert "/desk/imports/2" in _upload(desk, fund, _file([["别的标题"], *again]))
    assert "/layout" not in _upload(desk, fund, _file([*again[:4], ["2026-03-04", "钱", "9", "T005"]]))


def test_another_header_is_guessed_anew(fund: Fund, clerk: StaffMember, log_in: LogIn) -> None:
    desk = log_in(clerk)
    where = _upload(desk, fund, _file())
    moved = desk.post(where, data={**_choices("0-3-1", *ROLES), "header": "4", "action": "preview"})
    assert moved.status_code == 200 and 'name="chosen" value="0-4-1"' in moved.text


def test_a_list_whose_columns_were_taken_wrongly_is_explained_and_the_first_withdrawn(
    fund: Fund, clerk: StaffMember, log_in: LogIn
) -> None:
    desk = log_in(clerk)
    rows = [["姓名", "金额", "实捐"], ["王小明", "1", "500"], ["李老师", "2", "600"]]
    shown = _upload(desk, fund, _file(rows), "捐款 2026-03-01.xlsx")
    page = desk.get(shown).text
    where = page.split('href="/desk/imports/layout?')[1].split('"')[0].replace("&amp;", "&")
    roles = (Role.DONOR, None, Role.AMOUNT)
    saved = desk.post(f"/desk/imports/layout?{where}", data={**_choices("0-0-1", *roles), "action": "save"})
    assert saved.status_code == 302
    first, second = db.session.query(ImportBatch).order_by(ImportBatch.id).all()
    assert first.state is DocumentState.WITHDRAWN and second.total_fen == 1_100_00


def test_a_file_that_is_no_table_is_refused_and_an_unknown_one_not_found(
    fund: Fund, clerk: StaffMember, log_in: LogIn
) -> None:
    desk = log_in(clerk)
    form = {"fund": fund.code, "file": (io.BytesIO(b"%PDF-1.4"), "a.xlsx")}
    assert desk.post("/desk/imports/new", data=form).status_code == 422
    for address in ("/desk/imports/layout", f"/desk/imports/layout?file={'0' * 64}&name=a.csv"):
        assert desk.get(address).location == "/desk/imports/new"
