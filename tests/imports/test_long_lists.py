"""A list too long for the memory: read and posted by a worker part by part, by the rules of any other list."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.config import PROJECT, Settings
from portal.db import db, writing
from portal.giving.models import Donation
from portal.imports import listing, mending, row_posting, service, stages, taking
from portal.imports.models import ImportBatch, RowState, Stage
from portal.imports.reading import UnreadableFile, long_lists, recognise
from portal.imports.target import Target
from portal.jobs import running, starting
from portal.jobs.models import Job, JobState
from portal.ledger.models import Entry
from portal.ledger.verification import verify
from portal.periods import now, today
from portal.refusals import Conflict, NotFound
from portal.registry.models import Fund
from portal.staff.documents import DocumentState
from tests import factories, people
from tests.imports import sheets
from tests.people import LogIn

DAY = today().isoformat()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes a list of a few rows for a long one."""
    monkeypatch.setattr(long_lists, "LONG", 10)
    monkeypatch.setattr(long_lists, "PART", 7)
    monkeypatch.setattr(row_posting, "AT_ONCE", 5)
    monkeypatch.setattr(row_posting, "PART", 4)


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Jobs that were begun; their workers do not run."""
    begun: list[int] = []
    monkeypatch.setattr(starting, "start", lambda job_id, _kind: begun.append(job_id))
    return begun


def rows_of(number: int) -> list[list[object]]:
    return [[f"捐赠人{place}", 10 + place, DAY, f"4200{place:012d}"] for place in range(number)]


HEADER: list[object] = ["捐赠人", "金额", "日期", "交易单号"]


def taken_in(fund: Fund, rows: sheets.Table, **target: object) -> ImportBatch:
    content = io.BytesIO(sheets.csv_file(rows))
    return taking.take_in(content, "名单.csv", Target(fund.code, **target), people.clerk())  # type: ignore[arg-type]


def read(batch: ImportBatch) -> ImportBatch:
    stages.run(batch.id, lambda _done: None)
    return again(batch)


def again(batch: ImportBatch) -> ImportBatch:
    db.session.rollback()
    found: ImportBatch = db.session.get_one(ImportBatch, batch.id, populate_existing=True)
    return found


def posted(batch: ImportBatch) -> ImportBatch:
    sent = service.submit(batch.id, people.clerk(), again(batch).version)
    service.approve(sent.id, people.reviewer(), sent.version)
    return read(batch)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    "table",
    [
        [["捐款公示"], HEADER, *rows_of(40), ["合计", sum(10 + place for place in range(40)), "", ""]],
        [HEADER[:3], *(row[:3] for row in rows_of(23) * 2), [], ["注：以上名单如有出入请联系我们", "", ""]],
        [
            ["捐赠人", "金额"],
            ["2026年3月1日", ""],
            *(row[:2] for row in rows_of(12)),
            ["2026年3月2日", ""],
            *(row[:2] for row in rows_of(12)),
            ["制表：陈", ""],
        ],
        [HEADER, *rows_of(15), ["", sum(10 + place for place in range(15)), "", ""]],
        [["捐赠人", "金额"], *(row[:2] for row in rows_of(20)), ["", ""], ["某某公司", ""], ["甲", "1"]],
        [
            HEADER,
            *(
                [row[0], row[1], row[2] if place % 5 == 0 else "", row[3]]
                for place, row in enumerate(rows_of(22))
            ),
        ],
    ],
    ids=[
        "total row",
        "equal gifts and a note",
        "days as headings",
        "unlabelled total",
        "no amount",
        "sparse days",
    ],
)
def test_a_list_read_part_by_part_says_what_it_says_at_once(table: sheets.Table, tmp_path: Path) -> None:
    content = sheets.csv_file(table)
    file = tmp_path / "名单.csv"
    file.write_bytes(content)
    whole = recognise(content, file.name, today=today())
    with long_lists.opened(file, file.name, today=today()) as found:
        parts = list(found.parts())
        summary = found.summary()
    assert len(parts) > 1
    assert [row for part in parts for row in part] == whole.rows
    whole.rows = []
    assert summary == whole


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_long_list_may_come_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    file.write_bytes(sheets.csv_file([HEADER, *rows_of(6_000)], encoding))
    with long_lists.opened(file, file.name, today=today()) as found:
        assert sum(len(part) for part in found.parts()) == 6_000


def test_a_text_that_changes_its_encoding_half_way_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    file.write_bytes(sheets.csv_file([HEADER, *rows_of(6_000)]) + b"\xff\xff\x80,1,,\n")
    with pytest.raises(UnreadableFile, match="编码"), long_lists.opened(file, file.name, today=today()):
        pass


@pytest.mark.usefixtures("short", "started")
def test_a_long_list_comes_into_the_ledger_row_by_row(fund: Fund) -> None:
    batch = taken_in(fund, [HEADER, *rows_of(30), ["合计", sum(10 + place for place in range(30))]])
    assert (batch.stage, batch.rows) == (Stage.READING, 0)
    ready = read(batch)
    assert (ready.stage, ready.rows, ready.accepted) == (Stage.READY, 30, 30)
    assert ready.accepted_fen == ready.declared_total_fen == sum(10 + place for place in range(30)) * 100
    done = posted(batch)
    assert (done.state, done.stage) == (DocumentState.POSTED, Stage.READY)
    names = db.session.scalars(select(Donation.donor_name).order_by(Donation.id)).all()
    assert names == [f"捐赠人{place}" for place in range(30)]
    receipts = db.session.scalars(select(Entry.receipt_no).order_by(Entry.id)).all()
    assert [one.rpartition("-")[2] for one in receipts if one] == [f"{number:06d}" for number in range(1, 31)]
    assert verify(db.session()).ok


@pytest.mark.usefixtures("short", "started")
def test_a_long_list_that_comes_again_adds_nothing(fund: Fund) -> None:
    table = [HEADER, *rows_of(20)]
    posted(read(taken_in(fund, table)))
    second = read(taken_in(fund, [*table, ["捐赠人新", 5, DAY, "420099999999999"]]))
    assert (second.duplicates, second.accepted) == (20, 1)
    twice = read(
        taken_in(
            fund, [HEADER, *([["某", 1, DAY, f"77{n:09d}"] for n in range(9)]), *rows_of(3), *rows_of(3)]
        )
    )
    assert (twice.duplicates, twice.accepted) == (6, 9)


@pytest.mark.usefixtures("short", "started")
def test_rows_that_came_meanwhile_are_passed_over(fund: Fund) -> None:
    first, second = (read(taken_in(fund, [HEADER, *rows_of(16)])) for _ in range(2))
    with writing() as session:
        # The second was read before the first: what a slow reviewer approves last.
        for row in listing.rows(session, second):
            row.state = RowState.ACCEPTED
        second = session.get_one(ImportBatch, second.id)
        second.accepted, second.duplicates = 16, 0
    posted(first)
    done = posted(second)
    assert (done.state, done.accepted, done.duplicates) == (DocumentState.POSTED, 0, 16)
    assert factories.count(db.session(), Donation) == 16


@pytest.mark.usefixtures("short", "started")
def test_while_a_worker_has_it_nobody_else_changes_a_list(fund: Fund) -> None:
    batch = taken_in(fund, [HEADER, *rows_of(20)])
    with pytest.raises(Conflict, match="还在读取"):
        service.submit(batch.id, people.clerk(), batch.version)
    ready = read(batch)
    sent = service.submit(ready.id, people.clerk(), ready.version)
    approved = service.approve(sent.id, people.reviewer(), sent.version)
    assert approved.stage is Stage.POSTING
    for refused in (service.withdraw, service.approve):
        with pytest.raises(Conflict, match="正在入账"):
            refused(sent.id, people.reviewer(), approved.version)


@pytest.mark.usefixtures("short", "started")
def test_a_list_that_is_withdrawn_while_it_is_read_stays_out(fund: Fund) -> None:
    batch = taken_in(fund, [HEADER, *rows_of(20)])

    def withdraw(_done: int) -> None:
        if again(batch).state is DocumentState.DRAFT:
            service.withdraw(batch.id, people.clerk(), again(batch).version)

    with pytest.raises(running.Cancelled):
        stages.run(batch.id, withdraw)
    assert again(batch).state is DocumentState.WITHDRAWN
    assert read(taken_in(fund, [HEADER, *rows_of(20)])).accepted == 20


@pytest.mark.usefixtures("short", "started")
def test_posting_that_was_stopped_goes_on_where_it_stood(fund: Fund) -> None:
    batch = read(taken_in(fund, [HEADER, *rows_of(20)]))
    sent = service.submit(batch.id, people.clerk(), batch.version)
    service.approve(sent.id, people.reviewer(), sent.version)

    def stop(_done: int) -> None:
        raise running.Cancelled

    with pytest.raises(running.Cancelled):
        stages.run(batch.id, stop)
    half = again(batch)
    assert (half.stage, half.posted_through, factories.count(db.session(), Donation)) == (Stage.POSTING, 4, 4)
    done = read(batch)
    assert (done.state, factories.count(db.session(), Donation)) == (DocumentState.POSTED, 20)
    assert verify(db.session()).ok


@pytest.mark.usefixtures("short")
def test_a_worker_that_died_is_replaced_and_one_at_work_is_not(fund: Fund, started: list[int]) -> None:
    by = people.clerk()
    batch = stages.start(taken_in(fund, [HEADER, *rows_of(20)]), by)
    assert len(started) == 1
    with pytest.raises(Conflict, match="已经有任务"):
        stages.start(again(batch), by)
    with writing() as session:
        job = session.get_one(Job, started[0])
        job.state, job.beat_at = JobState.RUNNING, now() - timedelta(minutes=2)
    assert stages.progress_of(again(batch)) is not None
    assert started == [started[0]] * 2
    running.run(started[0], {stages.KIND: stages.work})
    assert (again(batch).stage, again(batch).rows) == (Stage.READY, 20)
    assert stages.progress_of(again(batch)) is None


@pytest.mark.usefixtures("short", "started")
def test_a_list_that_breaks_off_says_so_and_is_withdrawn(fund: Fund, app: Flask, log_in: LogIn) -> None:
    by = people.clerk()
    content = sheets.csv_file([HEADER, *rows_of(20)]) + b'"' + b"x" * 200_000
    batch = stages.start(taking.take_in(io.BytesIO(content), "名单.csv", Target(fund.code), by), by)
    running.run(batch.job_id or 0, {stages.KIND: stages.work})
    assert again(batch).state is DocumentState.WITHDRAWN
    page = log_in(by).get(f"/desk/imports/{batch.id}").text
    assert "引号或分隔符不完整" in page


@pytest.mark.usefixtures("short", "started")
def test_a_row_of_a_long_list_can_be_mended_but_its_day_must_come_with_the_upload(fund: Fund) -> None:
    batch = read(taken_in(fund, [HEADER[:2], *(row[:2] for row in rows_of(20)), ["甲", "一百"]]))
    assert batch.needs_review == 21
    with pytest.raises(Conflict, match="重新上传"):
        mending.revise(batch.id, Target(fund.code, dated=today()), people.clerk(), batch.version)
    details = mending.RowDetails("甲", 10_000, today())
    mended = mending.mend_row(batch.id, 21, details, people.clerk(), batch.version)
    assert mended.state is RowState.ACCEPTED
    dated = read(taken_in(fund, [HEADER[:2], *(row[:2] for row in rows_of(20))], dated=today()))
    assert dated.accepted == 20


@pytest.mark.usefixtures("short", "started")
def test_the_pages_of_a_long_list_show_how_far_it_is(fund: Fund, log_in: LogIn, started: list[int]) -> None:
    by = people.clerk()
    browser = log_in(by)
    file = (io.BytesIO(sheets.csv_file([HEADER, *rows_of(20)])), "名单.csv")
    answer = browser.post("/desk/imports/new", data={"file": file, "fund": fund.code}, follow_redirects=True)
    assert "正在后台读取" in answer.text
    batch_id = db.session.scalars(select(ImportBatch.id)).one()
    state = browser.get(f"/desk/imports/{batch_id}/progress").json
    assert state is not None
    assert (state["live"], state["done"], state["words"]) == (True, 0, "已完成 0 / 18")
    running.run(started[0], {stages.KIND: stages.work})
    assert browser.get(f"/desk/imports/{batch_id}/progress").json == {"live": False}
    assert "提交复核" in browser.get(f"/desk/imports/{batch_id}").text


def test_a_strange_long_list_can_be_explained(
    fund: Fund, log_in: LogIn, short: None, started: list[int]
) -> None:
    table = [
        ["某平台对账单"],
        ["", "捐助", "", "入账", ""],
        ["流水", "单位", "个人", "日子", "数目"],
        *(
            [row[3], "某某公司", "", row[2], row[1]] if place % 2 else [row[3], "", row[0], row[2], row[1]]
            for place, row in enumerate(rows_of(30))
        ),
    ]
    browser = log_in(people.clerk())
    file = (io.BytesIO(sheets.csv_file(table)), "名单.csv")
    answer = browser.post("/desk/imports/new", data={"file": file, "fund": fund.code})
    assert "/desk/imports/layout" in answer.location
    data = {"action": "save", "sheet": "0", "header": "1", "height": "2", "chosen": "0-1-2"}
    roles = {"role-0": "reference", "role-1": "donor", "role-2": "donor", "role-3": "day", "role-4": "amount"}
    browser.post(answer.location, data=data | roles)
    running.run(started[0], {stages.KIND: stages.work})
    db.session.rollback()
    assert db.session.scalars(select(ImportBatch.accepted)).one() == 30


def test_another_organisation_sees_nothing_of_it(
    fund: Fund, short: None, started: list[int], clerk_of: people.ClerkOf
) -> None:
    batch = taken_in(fund, [HEADER, *rows_of(20)])
    with writing() as session:
        other = factories.organisation(session)
    with pytest.raises(NotFound):
        service.find(db.session(), batch.id, clerk_of(other.id))


PROGRAM = """
import sys
from portal import create_app
from portal.imports import row_posting, stages
from portal.imports.reading import long_lists

long_lists.PART, row_posting.PART = 150, 100
with create_app().app_context():
    stages.run(int(sys.argv[1]), lambda _done: None)
"""


def killed_again_and_again(
    settings: Settings, batch: ImportBatch, how_far: Callable[[], int], number: int
) -> None:
    """Let workers do what a list waits for; kill each as soon as it has done something for good."""
    environment = {**os.environ, **starting.environment_of(settings)}
    command = [sys.executable, "-c", PROGRAM, str(batch.id)]
    for stop_at in (1, number // 3, number // 2):
        with subprocess.Popen(command, cwd=PROJECT, env=environment) as worker:
            while how_far() < stop_at:
                assert worker.poll() is None
                time.sleep(0.01)
            worker.send_signal(signal.SIGKILL)
        assert how_far() < number
    subprocess.run(command, check=True, cwd=PROJECT, env=environment)


def test_killed_over_and_over_nothing_is_lost_or_doubled(
    fund: Fund, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_lists, "LONG", 10)
    monkeypatch.setattr(row_posting, "AT_ONCE", 5)
    number = 6_000
    batch = taken_in(fund, [HEADER, *rows_of(number)])
    killed_again_and_again(settings, batch, lambda: again(batch).rows, number)
    ready = again(batch)
    assert (ready.stage, ready.rows, ready.accepted) == (Stage.READY, number, number)
    sent = service.submit(batch.id, people.clerk(), ready.version)
    service.approve(sent.id, people.reviewer(), sent.version)
    killed_again_and_again(settings, batch, lambda: again(batch).posted_through, number)
    done = again(batch)
    assert (done.state, done.accepted) == (DocumentState.POSTED, number)
    total = sum(10 + place for place in range(number)) * 100
    found = select(func.count(), func.count(Donation.content_key.distinct()), func.sum(Donation.amount_fen))
    assert tuple(db.session.execute(found).one()) == (number, number, total)
    assert verify(db.session()).ok


def test_a_long_list_may_be_longer_than_any_other_upload(
    app: Flask, fund: Fund, log_in: LogIn, short: None, started: list[int]
) -> None:
    settings: Settings = app.config["PORTAL_SETTINGS"]
    app.config["PORTAL_SETTINGS"] = settings.model_copy(update={"max_upload_megabytes": 0})
    content = sheets.csv_file([HEADER, *rows_of(200)])

    def send(browser: FlaskClient, address: str) -> int:
        file = (io.BytesIO(content), "名单.csv")
        return browser.post(address, data={"file": file, "fund": fund.code}).status_code

    desk = log_in(people.clerk())
    assert send(desk, "/desk/imports/new") == 302
    assert send(desk, "/desk/reconciliation/new") == 413
    assert send(app.test_client(), "/desk/imports/new") in {401, 413}
