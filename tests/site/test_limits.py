"""Too much at once: refused early, with a page that says what to do, and nothing changed."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient

from portal.db import db, writing
from portal.imports.models import ImportBatch
from portal.staff.models import StaffMember
from tests import factories
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
