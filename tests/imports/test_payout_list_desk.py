"""A list of persons in the browser: brought in, put right, brought again, and handed to one payout."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.beneficiaries.models import Beneficiary, BeneficiaryList
from portal.db import db, writing
from portal.imports.reading.payees import read_payees
from portal.registry.models import Fund
from portal.staff.models import AuditEvent
from tests import factories, people
from tests.beneficiaries.persons import card, citizen
from tests.imports.sheets import Table, workbook
from tests.people import LogIn

pytestmark = pytest.mark.one_engine

HEADER = ["姓名", "身份证号", "学校", "金额", "开户行", "账号", "电话", "备注"]


def line(number: int, amount: Any = 1000, **given: str) -> list[Any]:
    facts = {
        "name": f"金丝雀{'甲乙丙丁'[number % 4]}",
        "document": citizen(number),
        "account": card(number),
        **given,
    }
    return [
        facts["name"],
        facts["document"],
        "金丝雀中学",
        amount,
        "建设银行",
        facts["account"],
        f"1390000{number:04d}",
        "金丝雀备注",
    ]


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


@pytest.fixture
def desk(fund: Fund, log_in: LogIn) -> FlaskClient:
    return log_in(people.clerk())


def upload(desk: FlaskClient, fund: Fund, rows: Table, name: str = "名单.xlsx") -> Any:
    given = {
        "organisation": fund.organisation.uscc,
        "group": "困难家庭学生",
        "file": (io.BytesIO(workbook(rows)), name),
    }
    return desk.post("/desk/payout-lists/new", data=given, follow_redirects=True)


def the_list() -> BeneficiaryList:
    db.session.rollback()
    return db.session.scalars(select(BeneficiaryList).order_by(BeneficiaryList.id.desc())).first()


def test_a_file_is_previewed_masked_with_its_problems_named(desk: FlaskClient, fund: Fund) -> None:
    bad = citizen(2)[:17] + ("0" if citizen(2)[17] != "0" else "1")
    page = upload(
        desk, fund, [HEADER, line(1), line(2, document=bad), line(3, "三千"), ["合计", "", "", 5000]]
    )
    assert page.status_code == 200
    assert "校验位不对" in page.text and "三千" in page.text and "5,000.00" in page.text
    for word in ("金丝雀甲", citizen(1), card(1), "13900000001", "金丝雀中学", "金丝雀备注"):
        assert word not in page.text
    made = the_list()
    assert (made.rows, made.fine, made.to_mend) == (3, 1, 2)


def test_whoever_did_not_bring_a_list_sees_no_value_of_its_problems(
    desk: FlaskClient, fund: Fund, log_in: LogIn
) -> None:
    bad = citizen(2)[:16]
    assert bad in upload(desk, fund, [HEADER, line(1), line(2, document=bad)]).text
    page = log_in(people.reviewer()).get(f"/desk/payout-lists/{the_list().id}").text
    assert bad not in page and "应是 18 位" in page


def test_rows_are_mended_in_the_browser_and_the_next_one_opens(desk: FlaskClient, fund: Fund) -> None:
    upload(desk, fund, [HEADER, line(1), line(2, ""), line(3, "三千")])
    made = the_list()
    opened = desk.get(f"/desk/payout-lists/{made.id}/rows/2")
    assert "没有金额" in opened.text and citizen(2) in opened.text
    form = {
        "name": "金丝雀丙",
        "document_kind": "citizen",
        "document_no": citizen(2),
        "amount": "800",
        "version": made.version,
    }
    answer = desk.post(f"/desk/payout-lists/{made.id}/rows/2", data=form)
    assert answer.location.endswith(f"/desk/payout-lists/{made.id}/rows/3")
    answer = desk.post(f"/desk/payout-lists/{made.id}/rows/3/leave-out", data={"version": the_list().version})
    assert answer.location.endswith(f"/desk/payout-lists/{made.id}")
    assert the_list().mended and the_list().total_fen == 180_000
    page = desk.get(f"/desk/payout-lists/{made.id}").text
    assert f"list={made.id}" in page


def test_a_downloaded_workbook_is_brought_again(desk: FlaskClient, fund: Fund) -> None:
    upload(desk, fund, [HEADER, line(1), line(2, ""), line(3, document=citizen(3)[:16])])
    made = the_list()
    content = desk.get(f"/desk/payout-lists/{made.id}/to-mend.xlsx").data
    rows = read_payees(content, "改.xlsx").rows
    assert [one.place for one in rows] == [2, 3]
    header = ["名单行", "姓名", "证件号码", "金额", "账号", "问题"]
    again = [
        header,
        *([one.place, one.words["name"], citizen(one.place), 700, one.words["account"], ""] for one in rows),
    ]
    given = {"version": made.version, "file": (io.BytesIO(workbook(again)), "改.xlsx")}
    page = desk.post(f"/desk/payout-lists/{made.id}/again", data=given, follow_redirects=True)
    assert "已收下改好的 2 行" in page.text
    assert the_list().mended and the_list().total_fen == 240_000


def test_the_same_file_twice_opens_the_first(desk: FlaskClient, fund: Fund) -> None:
    upload(desk, fund, [HEADER, line(1)])
    page = upload(desk, fund, [["附件"], HEADER, line(1)], "另一个名字.xlsx")
    assert "已经上传过" in page.text
    assert factories.count(db.session(), BeneficiaryList) == 1


def test_a_total_that_differs_is_said(desk: FlaskClient, fund: Fund) -> None:
    page = upload(desk, fund, [HEADER, line(1), line(2), ["合计", "", "", 2500]])
    assert "名单写明合计 2,500.00 元，逐人相加是 2,000.00 元" in page.text


def test_what_is_no_list_says_what_is_missing(desk: FlaskClient, fund: Fund) -> None:
    page = upload(desk, fund, [["捐赠人", "金额"], ["某人", 5]])
    assert page.status_code == 422 and "没有认出名单" in page.text


def test_an_opened_row_is_on_record_and_counts_for_others_as_a_full_view(
    desk: FlaskClient, fund: Fund, log_in: LogIn, session: Session
) -> None:
    upload(desk, fund, [HEADER, line(1)])
    made = the_list()
    desk.get(f"/desk/payout-lists/{made.id}/rows/1")
    other = people.member("second.clerk", people.clerk().role)
    log_in(other).get(f"/desk/payout-lists/{made.id}/rows/1")
    subject = session.scalar(select(Beneficiary.id))
    found = session.scalars(
        select(AuditEvent).where(AuditEvent.subject_kind == "beneficiary").order_by(AuditEvent.id)
    )
    assert [(one.action, one.subject_id) for one in found] == [
        ("beneficiary_list.row_opened", subject),
        ("beneficiary.revealed", subject),
    ]


@pytest.mark.parametrize("path", ["", "/new"])
def test_who_has_no_right_sees_no_list(app_context: None, log_in: LogIn, path: str) -> None:
    with writing() as writer:
        station = factories.station(writer)
    assert log_in(people.station_clerk(station)).get(f"/desk/payout-lists{path}").status_code == 403
