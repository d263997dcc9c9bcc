"""A paper list is pasted, looked over and logged at once: all rows, or none."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.giving.details import DonationDetails
from portal.giving.grid import GridRow, read_pasted, record_rows
from portal.giving.models import Donation
from portal.periods import today
from portal.refusals import Invalid
from portal.registry.models import Fund
from tests import factories, people


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


def common(fund: Fund) -> DonationDetails:
    return DonationDetails(fund=fund.code, amount_fen=0, received_on=today())


@pytest.mark.parametrize(
    "pasted",
    [
        "姓名\t金额\t备注\n李小明\t100\t助学\n\t50.5\t\n",
        "序号\t捐款金额（元）\t捐赠人\t附言\n1\t100\t李小明\t助学\n2\t50.5\t\t\n",
        "1\t李小明\t100\t助学\n2\t\t50.5\t\n",
        "李小明\t¥100.00\t助学\n\t50.50\n",
    ],
)
def test_what_a_spreadsheet_put_on_the_clipboard_is_read(pasted: str) -> None:
    assert read_pasted(pasted) == [GridRow("李小明", "100.00", "助学"), GridRow("", "50.50", "")]


def test_all_rows_are_logged_once(fund: Fund) -> None:
    rows = [GridRow("李小明", "100", "助学", publish=True), GridRow("", "50.50")]
    first = record_rows(rows, common(fund), people.clerk(), "list-1", declared_fen=150_50)
    again = record_rows(rows, common(fund), people.clerk(), "list-1")
    assert [one.id for one in first] == [one.id for one in again]
    assert [(one.donor_name, one.amount_fen, one.anonymous, one.public_donor) for one in first] == [
        ("李小明", 100_00, False, "李小明"),
        ("", 50_50, True, "爱心人士"),
    ]


def test_one_bad_row_keeps_all_out_and_is_named(fund: Fund) -> None:
    with pytest.raises(Invalid) as refusal:
        record_rows([GridRow("甲", "100"), GridRow("乙", "一百")], common(fund), people.clerk(), "k")
    assert set(refusal.value.errors) == {"rows-1-amount"}
    with pytest.raises(Invalid) as refusal:
        record_rows([GridRow("甲", "1"), GridRow("乙" * 201, "1")], common(fund), people.clerk(), "k")
    assert set(refusal.value.errors) == {"rows-1-name"}
    assert factories.count(db.session(), Donation) == 0


def test_a_sum_that_is_not_the_lists_is_refused(fund: Fund) -> None:
    with pytest.raises(Invalid) as refusal:
        record_rows([GridRow("甲", "100")], common(fund), people.clerk(), "k", declared_fen=101_00)
    assert set(refusal.value.errors) == {"declared"}


def test_the_desk_fills_the_grid_and_logs_it(app: Flask, fund: Fund) -> None:
    client = people.log_in(app, people.clerk())
    app.config["WTF_CSRF_ENABLED"] = False
    shared = {
        "fund": fund.code,
        "channel": "cash",
        "received_on": today().isoformat(),
        "donor_kind": "person",
    }
    filled = client.post(
        "/desk/donations/grid", data={**shared, "fill": "1", "pasted": "李小明\t100\n陈某\t20"}
    )
    assert 'value="李小明"' in filled.text
    rows = {"rows-0-name": "李小明", "rows-0-amount": "100", "rows-1-name": "陈某", "rows-1-amount": "x"}
    refused = client.post("/desk/donations/grid", data={**shared, **rows, "idempotency_key": "a"})
    assert refused.status_code == 422
    assert "看不懂金额" in refused.text
    logged = client.post(
        "/desk/donations/grid", data={**shared, **rows, "rows-1-amount": "20", "idempotency_key": "a"}
    )
    assert logged.status_code == 302
    assert factories.count(db.session(), Donation) == 2
