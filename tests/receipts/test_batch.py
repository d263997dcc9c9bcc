"""Many acknowledgements in one PDF, by a worker in the background: progress, cancel, one at a time, no doubles."""

import time
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.jobs import service as jobs
from portal.jobs import starting
from portal.jobs.models import Job, JobState
from portal.jobs.running import run
from portal.periods import now, today
from portal.receipts import batch
from portal.receipts import service as receipts
from portal.receipts.batch import BatchQuery
from portal.receipts.models import Acknowledgement
from portal.registry.models import Fund
from portal.reports.paper_batch import KIND
from portal.workers.working import WORKS
from tests import factories, gifts, people

COUNT = 25


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        fund = factories.fund(writer)
    for _ in range(COUNT):
        gifts.posted_gift(fund, 1_000, donor_name="李小明")
    return fund


@pytest.fixture
def waiting(fund: Fund, monkeypatch: pytest.MonkeyPatch) -> Job:
    """A batch whose worker has not begun yet."""
    monkeypatch.setattr(starting, "start", lambda _job_id, _kind: None)
    return begin()


def ids(*, again: bool = False) -> list[int]:
    return batch.wanted(db.session(), BatchQuery(today(), today(), again=again), people.clerk())


def begin() -> Job:
    wanted = ids()
    return jobs.begin(KIND, {"donation_ids": wanted}, len(wanted), people.clerk())


def fresh(job: Job) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job.id, populate_existing=True)


def printed() -> tuple[int, int]:
    row = db.session.execute(
        select(func.count(Acknowledgement.id), func.coalesce(func.sum(Acknowledgement.printed), 0))
    ).one()
    return int(row[0]), int(row[1])


def test_a_worker_makes_one_pdf_with_all_of_them(app: Flask, fund: Fund) -> None:
    client = people.log_in(app, people.clerk())
    app.config["WTF_CSRF_ENABLED"] = False
    form = {"first_day": today().isoformat(), "last_day": today().isoformat()}
    first = client.post("/desk/acknowledgements/batch", data=form)
    second = client.post("/desk/acknowledgements/batch", data=form)
    assert first.status_code == 302
    assert second.location == first.location or factories.count(db.session(), Job) == 1
    for _ in range(600):
        state = client.get(f"{first.location}/state").json
        if not state["live"]:
            break
        time.sleep(0.1)
    assert state == {
        "state": "done",
        "done": COUNT,
        "total": COUNT,
        "live": False,
        "words": f"已完成 {COUNT} / {COUNT}",
    }
    answer = client.get(f"{first.location}/result")
    assert answer.data.startswith(b"%PDF")
    with pikepdf.open(BytesIO(answer.data)) as made:
        assert len(made.pages) == COUNT
    assert printed() == (COUNT, COUNT)
    assert ids() == []
    assert len(ids(again=True)) == COUNT


def test_a_second_press_starts_no_second_job(waiting: Job) -> None:
    assert begin().id == waiting.id
    assert factories.count(db.session(), Job) == 1


def test_a_cancelled_job_stops(waiting: Job) -> None:
    jobs.cancel(waiting.id, people.clerk())
    run(waiting.id, WORKS)
    assert fresh(waiting).state is JobState.CANCELLED
    assert printed() == (0, 0)


def test_a_job_that_runs_stops_at_the_next_word_of_progress(waiting: Job) -> None:
    with writing() as session:
        session.get_one(Job, waiting.id).cancel_wanted = True
    run(waiting.id, WORKS)
    job = fresh(waiting)
    assert (job.state, job.result_name) == (JobState.CANCELLED, "")


def test_a_job_whose_worker_died_is_taken_up_again_and_gives_nothing_out_twice(waiting: Job) -> None:
    with writing() as session:
        job = session.get_one(Job, waiting.id)
        batch.issue(session, job.parameters["donation_ids"], people.clerk())
        job.state, job.step, job.beat_at = JobState.RUNNING, "issued", now() - timedelta(minutes=5)
    assert jobs.look_after(fresh(waiting)).state is JobState.WAITING
    run(waiting.id, WORKS)
    assert fresh(waiting).state is JobState.DONE
    assert printed() == (COUNT, COUNT)


def test_a_job_that_dies_again_and_again_is_given_up(waiting: Job) -> None:
    for _ in range(jobs.MOST_ATTEMPTS):
        with writing() as session:
            session.get_one(Job, waiting.id).beat_at = now() - timedelta(minutes=5)
        jobs.look_after(fresh(waiting))
    assert fresh(waiting).state is JobState.FAILED


def test_two_workers_of_one_job_do_it_once(waiting: Job) -> None:
    run(waiting.id, WORKS)
    run(waiting.id, WORKS)
    assert printed() == (COUNT, COUNT)


def test_a_void_number_and_a_reversed_gift_get_no_paper(fund: Fund) -> None:
    first, second = ids()[:2]
    receipts.acknowledge(first, people.clerk())
    receipts.void(first, people.clerk(), "写错了")
    gift = gifts.posted_gift(fund, 1_000)
    assert gift.entry is not None
    gifts.reversed_entry(gift.entry)
    left = ids(again=True)
    assert first not in left
    assert gift.id not in left
    assert second in left
