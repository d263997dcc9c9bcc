"""Too much at once: refused early, with a page that says what to do, and nothing changed."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import db, writing
from portal.imports.models import ImportBatch
from portal.staff.access import TABLE
from portal.staff.models import Role, StaffMember
from portal.staff.uploads import most_of
from tests import factories, people
from tests.people import LogIn

pytestmark = pytest.mark.one_engine


def test_a_file_of_300_megabytes_is_refused_before_it_is_read(clerk: StaffMember, log_in: LogIn) -> None:
    answer = log_in(clerk).open(
        "/desk/imports/new",
        method="POST",
        input_stream=BytesIO(),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(300 * 1024 * 1024)},
    )
    assert answer.status_code == 413 and "文件太大了" in answer.text and "账目没有变化" in answer.text
    assert factories.count(db.session(), ImportBatch) == 0


def long_post(browser: FlaskClient, address: str) -> TestResponse:
    """Announce two megabytes, and send none: whoever waits for the body would fail."""
    return browser.open(
        address,
        method="POST",
        input_stream=BytesIO(),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(2 * 1024 * 1024)},
    )


def test_only_who_may_use_an_upload_address_may_send_more_than_a_form(
    app: Flask, client: FlaskClient, log_in: LogIn
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    auditor = log_in(people.member("the.auditor", Role.AUDITOR))
    clerk = log_in(people.clerk())
    for browser, address, status in (
        (client, "/desk/imports/new", 413),
        (client, "/desk/login", 413),
        (client, "/my-gift", 413),
        (auditor, "/desk/imports/new", 413),
        (clerk, "/desk/donations/new", 413),
        (clerk, "/desk/imports/new", 400),
    ):
        assert long_post(browser, address).status_code == status, address


def test_every_form_with_a_file_leads_to_an_address_that_takes_it(app: Flask) -> None:
    taking = {name for name in app.view_functions if most_of(app, name) is not None}
    assert taking == {
        "imports.new",
        "payout_lists.new",
        "payout_lists.again",
        "reconciliation.take_in",
        "fiscal_receipts.take_in",
        "registry_desk.import_register",
        "evidence_desk.attach",
        *(name for name in app.view_functions if name.endswith("attachments_add")),
    }
    assert all(name in TABLE for name in taking)


def test_a_program_named_as_a_workbook_is_refused_beside_its_field(clerk: StaffMember, log_in: LogIn) -> None:
    with writing() as session:
        fund = factories.fund(session)
    program = (BytesIO(b"MZ\x90\x00" + b"\x00" * 500), "名单.xlsx")
    answer = log_in(clerk).post("/desk/imports/new", data={"file": program, "fund": fund.code})
    assert answer.status_code == 422 and "不是表格" in answer.text and 'id="file-error"' in answer.text
    assert factories.count(db.session(), ImportBatch) == 0


def test_a_form_without_its_token_is_refused_in_words(client: FlaskClient, app_context: None) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/desk/login", data={"username": "x", "password": "y"})
    assert answer.status_code == 400 and "刷新后再提交" in answer.text
