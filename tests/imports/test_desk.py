"""The import pages, as a clerk and a reviewer use them."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.imports.models import ImportBatch, RowState
from portal.periods import today
from portal.registry.models import Fund
from portal.staff.documents import DocumentState
from portal.staff.models import Role, StaffMember
from tests import factories, people
from tests.imports import sheets
from tests.people import LogIn

pytestmark = pytest.mark.one_engine

DAY = today().isoformat()
BAD = [
    ["捐赠人", "金额", "日期"],
    ["=1+1", "十块", DAY],
    ["乙", "5", DAY],
    ["丙", "-3", DAY],
    ["合计", "25", ""],
]


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        made: Fund = factories.fund(writer)
    return made


@pytest.fixture
def browser(log_in: LogIn, clerk: StaffMember) -> FlaskClient:
    return log_in(clerk)


def upload(browser: FlaskClient, into: Fund, content: bytes, name: str = "名单.csv", **more: Any) -> Any:
    data = {"file": (io.BytesIO(content), name), "fund": into.code, **more}
    return browser.post("/desk/imports/new", data=data, content_type="multipart/form-data")


def only_batch() -> ImportBatch:
    db.session.rollback()
    return db.session.scalars(select(ImportBatch)).one()


def test_upload_preview_confirm_review(
    browser: FlaskClient, fund: Fund, reviewer: StaffMember, log_in: LogIn
) -> None:
    assert upload(browser, fund, sheets.csv_file(sheets.small_list())).status_code == 302
    batch = only_batch()
    page = browser.get(f"/desk/imports/{batch.id}")
    assert page.status_code == 200 and "捐赠人2" in page.text and "33.00" in page.text
    assert (
        browser.post(f"/desk/imports/{batch.id}/submit", data={"version": batch.version}).status_code == 302
    )
    assert (
        browser.post(f"/desk/imports/{batch.id}/approve", data={"version": batch.version}).status_code == 403
    )
    checker = log_in(reviewer)
    assert "同意入账" in checker.get(f"/desk/imports/{batch.id}").text
    assert (
        checker.post(f"/desk/imports/{batch.id}/approve", data={"version": batch.version}).status_code == 302
    )
    assert (
        checker.post(f"/desk/imports/{batch.id}/approve", data={"version": batch.version}).status_code == 409
    )
    assert only_batch().state is DocumentState.POSTED
    assert "名单.csv" in browser.get("/desk/imports").text


@pytest.mark.parametrize(
    ("content", "name", "more", "field"),
    [
        (b"MZ\x90" + b"\0" * 99, "名单.xlsx", {}, "file"),
        (b"", "名单.csv", {}, "file"),
        (b"a,b\n", "", {}, "file"),
        (sheets.csv_file(sheets.small_list()), "名单.csv", {"fund": "NOSUCH"}, "fund"),
        (sheets.csv_file(sheets.small_list()), "名单.csv", {"dated": "2999-01-01"}, "dated"),
        (sheets.csv_file(sheets.small_list()), "名单.csv", {"dated": "昨天"}, "dated"),
    ],
)
def test_a_wrong_upload_is_named_beside_its_field(
    browser: FlaskClient, fund: Fund, content: bytes, name: str, more: dict[str, str], field: str
) -> None:
    answer = upload(browser, fund, content, name, **more)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    db.session.rollback()
    assert factories.count(db.session(), ImportBatch) == 0


def test_a_row_is_mended_in_place_and_the_next_bad_one_opens(browser: FlaskClient, fund: Fund) -> None:
    upload(browser, fund, sheets.csv_file(BAD))
    batch = only_batch()
    assert (batch.accepted, batch.needs_review) == (1, 2)
    address = f"/desk/imports/{batch.id}/rows/1"
    page = browser.get(address)
    assert "十块" in page.text and page.status_code == 200
    wrong = browser.post(address, data={"amount": "1e3", "received_on": DAY, "version": batch.version})
    assert wrong.status_code == 422 and 'id="amount-error"' in wrong.text and "1e3" in wrong.text
    typed = {"donor_name": "甲", "amount": "１０．５", "received_on": DAY, "version": batch.version}
    mended = browser.post(address, data=typed)
    assert mended.status_code == 302 and mended.location.endswith(f"/desk/imports/{batch.id}/rows/3")
    assert browser.post(address, data=typed).status_code == 409
    version = only_batch().version
    left = browser.post(f"/desk/imports/{batch.id}/rows/3/leave-out", data={"version": version})
    assert left.status_code == 302
    batch = only_batch()
    assert (batch.accepted, batch.rejected, batch.accepted_fen) == (2, 1, 1_550)
    shown = browser.get(f"/desk/imports/{batch.id}?state={RowState.REJECTED.value}").text
    assert "丙" in shown and "乙" not in shown


def test_bad_rows_come_as_a_workbook_in_which_nothing_is_a_formula(browser: FlaskClient, fund: Fund) -> None:
    upload(browser, fund, sheets.csv_file(BAD))
    answer = browser.get(f"/desk/imports/{only_batch().id}/bad-rows.xlsx")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["捐赠人", "=1+1", "丙"]
    assert "十块" in str(rows[1][7]) and "-3" in str(rows[2][7])


def test_the_day_of_a_list_is_given_afterwards(browser: FlaskClient, fund: Fund) -> None:
    upload(browser, fund, sheets.csv_file([["姓名", "金额"], ["甲", "1"], ["乙", "2"]]))
    batch = only_batch()
    assert "没有写明日期" in browser.get(f"/desk/imports/{batch.id}").text
    assert browser.get(f"/desk/imports/{batch.id}/edit").status_code == 200
    saved = browser.post(f"/desk/imports/{batch.id}/edit", data={"dated": DAY, "version": batch.version})
    assert saved.status_code == 302 and only_batch().accepted == 2


def test_a_list_is_returned_with_a_reason(
    browser: FlaskClient, fund: Fund, log_in: LogIn, reviewer: StaffMember
) -> None:
    waiting = sheets.waiting_batch(fund)
    checker = log_in(reviewer)
    address = f"/desk/imports/{waiting.id}/return"
    assert checker.post(address, data={"version": waiting.version, "reason": ""}).status_code == 422
    assert checker.post(address, data={"version": waiting.version, "reason": "漏了一页"}).status_code == 302
    page = browser.get(f"/desk/imports/{waiting.id}").text
    assert "漏了一页" in page and "提交复核" in page
    assert (
        browser.post(f"/desk/imports/{waiting.id}/withdraw", data={"version": waiting.version}).status_code
        == 302
    )


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.STATION_CLERK, 403), (Role.AUDITOR, 200), (Role.REVIEWER, 200), (Role.ADMINISTRATOR, 403)],
)
def test_who_sees_lists(fund: Fund, log_in: LogIn, role: Role, status: int) -> None:
    batch = sheets.batch(fund)
    with writing() as session:
        station = factories.station(session, organisation_id=fund.organisation_id)
    who = people.station_clerk(station) if role is Role.STATION_CLERK else people.member("somebody", role)
    assert log_in(who).get(f"/desk/imports/{batch.id}").status_code == status


def test_no_name_of_the_list_breaks_the_page(browser: FlaskClient, fund: Fund) -> None:
    rows = [["捐赠人", "金额", "日期"], ["<script>alert(1)</script>", "5", DAY], ["𬭎𠮷", "6", DAY]]
    upload(browser, fund, sheets.csv_file(rows), "<b>名单</b>.csv")
    page = browser.get(f"/desk/imports/{only_batch().id}").text
    assert "<script>alert" not in page and "𬭎𠮷" in page and "<b>名单" not in page
