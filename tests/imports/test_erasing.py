"""Erasing a donor takes away every copy of the words and every hash that could be guessed, and no gift counts twice."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.giving.models import Donation
from portal.imports.erasing import erase_donor
from portal.imports.models import ImportBatch, ImportGoodsRow, ImportRow, RowState
from portal.jobs import running, starting
from portal.jobs import service as jobs
from portal.jobs.models import Job, JobState
from portal.jobs.results import result_of
from portal.jobs.running import run
from portal.ledger.verification import verify
from portal.refusals import Conflict
from portal.registry.models import Fund
from portal.reports.paper_batch import KIND
from portal.workers.working import WORKS
from tests import factories, gifts, people
from tests.imports import sheets
from tests.imports.test_goods import RECEIVED, approve, bring


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


def imported(batch: ImportBatch) -> list[Donation]:
    db.session.rollback()
    return list(
        db.session.scalars(select(Donation).where(Donation.batch_id == batch.id).order_by(Donation.id))
    )


def erase(gift: Donation) -> None:
    erase_donor(gift.id, people.clerk(), gift.donation_no)
    db.session.rollback()


def paper_job(gifts_: list[Donation], *, certificates: bool = False) -> Job:
    asked: dict[str, object] = {"donation_ids": [one.id for one in gifts_]}
    asked |= {"certificates": True} if certificates else {}
    return jobs.begin(KIND, asked, len(gifts_), people.clerk())


def fresh(job: Job) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job.id, populate_existing=True)


@pytest.fixture
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are done by the test itself."""
    monkeypatch.setattr(starting, "start", lambda _job_id, _kind: None)


@pytest.mark.parametrize("certificates", [False, True])
def test_files_that_name_an_erased_donor_are_gone_and_others_stay(
    app: Flask, fund: Fund, settings: Settings, no_worker: None, certificates: bool
) -> None:
    first, second = (gifts.posted_gift(fund, 1_000, donor_name=name) for name in ("李小明", "陈大文"))
    both, other = (paper_job(one, certificates=certificates) for one in ([first, second], [second]))
    for job in (both, other):
        run(job.id, WORKS)
        assert result_of(fresh(job)).startswith(b"%PDF")
    erase(first)
    with pytest.raises(Conflict):
        result_of(fresh(both))
    assert result_of(fresh(other)).startswith(b"%PDF")
    assert sorted(one.name for one in (Path(settings.storage_dir) / "jobs").iterdir()) == [
        f"{other.id}.result"
    ]
    page = people.log_in(app, people.clerk()).get(f"/desk/jobs/{both.id}").text
    assert "这份文件已经清除" in page and "/result" not in page


def test_a_job_under_way_lays_down_no_file_with_an_erased_donor(
    fund: Fund, settings: Settings, no_worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    gift = gifts.posted_gift(fund, 1_000, donor_name="李小明")
    job = paper_job([gift])

    def lay_down_late(done: Job, content: bytes) -> None:
        erase(gift)
        write(done, content)

    write = running.lay_down
    monkeypatch.setattr(running, "lay_down", lay_down_late)
    run(job.id, WORKS)
    assert fresh(job).state is JobState.CANCELLED
    assert not list((Path(settings.storage_dir) / "jobs").iterdir())


def test_a_paper_of_an_erased_donor_is_left_out_when_the_rest_is_made_again(
    fund: Fund, no_worker: None
) -> None:
    first, second = (gifts.posted_gift(fund, 1_000, donor_name=name) for name in ("李小明", "陈大文"))
    erase(first)
    job = paper_job([first, second])
    run(job.id, WORKS)
    assert "回执1份" in fresh(job).result_name


def test_no_hash_of_an_erased_donors_words_is_left(fund: Fund) -> None:
    batch, again = sheets.posted_batch(fund), sheets.batch(fund)
    gift, *others = imported(batch)
    key, fingerprint, kept = gift.content_key, batch.fingerprint, [one.content_key for one in others]
    assert key and again.fingerprint == fingerprint
    erase(gift)
    for table in ("donation", "import_row", "import_batch"):
        for row in db.session.execute(text(f"SELECT * FROM {table}")):  # noqa: S608
            assert not {key, fingerprint, "捐赠人0"} & {str(one) for one in row}, table
    rows = db.session.scalars(select(ImportRow).where(ImportRow.donor_name == "")).all()
    assert {row.batch_id for row in rows} == {batch.id, again.id}, (
        "also of the list that brought it once more"
    )
    assert [one.content_key for one in imported(batch)][1:] == kept, "keys of others stay"
    parts = f"row\x1f捐赠人0\x1f1000\x1f{gift.received_on.isoformat()}\x1f\x1f\x1f\x1f1"
    assert hashlib.sha256(parts.encode()).hexdigest() not in {one.content_key for one in imported(batch)}
    assert verify(db.session()).ok


def test_a_list_with_erased_donors_adds_nothing_when_it_comes_again(fund: Fund) -> None:
    first = sheets.posted_batch(fund)
    for gift in imported(first)[:2]:
        erase(gift)
    again = sheets.batch(fund)
    assert (again.accepted, again.duplicates) == (0, 3)
    assert not again.problems, "it is no list of another date"
    states = db.session.scalars(select(ImportRow.state).where(ImportRow.batch_id == again.id)).all()
    assert set(states) == {RowState.DUPLICATE}


def test_a_list_of_goods_is_known_again_after_a_donor_was_erased(fund: Fund) -> None:
    with writing() as writer:
        station = factories.station(writer, organisation_id=fund.organisation_id)
    first = approve(bring(RECEIVED.encode(), "收.csv", fund, station))
    erase(imported(first)[0])
    assert not db.session.scalars(select(ImportGoodsRow).where(ImportGoodsRow.party == "珠江实业")).all()
    again = bring(RECEIVED.encode(), "再收.csv", fund, station)
    assert (again.accepted, again.duplicates) == (0, 4)
