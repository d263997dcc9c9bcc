"""Certificates for many gifts in one PDF: each once, numbered without a gap, printed again as a copy."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.jobs import service as jobs
from portal.jobs import starting
from portal.jobs.models import Job, JobState
from portal.jobs.running import run
from portal.periods import today
from portal.receipts import batch, certificate_batch
from portal.receipts import service as receipts
from portal.receipts.batch import BatchQuery
from portal.receipts.models import Acknowledgement, Certificate
from portal.registry.models import Fund
from portal.reports.paper_batch import KIND
from portal.workers.working import WORKS
from tests import factories, gifts, people

COUNT = 6


@pytest.fixture
def funds(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[Fund]:
    """Two organisations with gifts; workers do not begin by themselves."""
    monkeypatch.setattr(starting, "start", lambda _job_id, _kind: None)
    with writing() as writer:
        made = [factories.fund(writer), factories.fund(writer)]
    for number in range(COUNT):
        gifts.posted_gift(made[number % 2], 1_000 + number, donor_name="李<b>小明")
    return made


def wanted(*, again: bool = False) -> list[int]:
    """The gifts that get a certificate today."""
    query = BatchQuery(today(), today(), again=again, certificates=True)
    return batch.wanted(db.session(), query, people.clerk())


def done(ids: list[int]) -> Job:
    """A batch that was made."""
    job = jobs.begin(KIND, {"donation_ids": ids, "certificates": True}, len(ids), people.clerk())
    run(job.id, WORKS)
    db.session.rollback()
    return db.session.get_one(Job, job.id, populate_existing=True)


def numbers() -> list[str]:
    """The numbers of all certificates, in the order in which they were given out."""
    return list(db.session.scalars(select(Certificate.certificate_no).order_by(Certificate.id)))


def test_each_gift_gets_one_and_each_organisation_counts_without_a_gap(funds: list[Fund]) -> None:
    job = done(wanted())
    assert job.state is JobState.DONE and job.done == COUNT
    ends = sorted(number[-6:] for number in numbers())
    assert ends == ["000001", "000001", "000002", "000002", "000003", "000003"]
    assert wanted() == [] and len(wanted(again=True)) == COUNT
    assert not db.session.scalars(select(Acknowledgement)).all()


def test_one_given_out_at_the_counter_is_left_out_or_printed_again(funds: list[Fund]) -> None:
    first = wanted()[0]
    receipts.certify(first, people.clerk())
    assert first not in wanted()
    before = numbers()
    done(wanted(again=True))
    assert numbers()[0] == before[0] and len(set(numbers())) == COUNT
    again = db.session.scalars(select(Certificate).where(Certificate.donation_id == first)).one()
    assert again.printed == 2
    assert [one.copy for one in certificate_batch.papers(db.session(), [first])] == [2]


def test_a_reversed_gift_gets_none(funds: list[Fund]) -> None:
    wrong = gifts.posted_gift(funds[0], 5_000).entry
    assert wrong is not None
    gifts.reversed_entry(wrong)
    assert len(wanted()) == COUNT


def test_the_desk_asks_for_them_on_the_same_page(app: Flask, funds: list[Fund]) -> None:
    client = people.log_in(app, people.clerk())
    form = {"first_day": today().isoformat(), "last_day": today().isoformat(), "certificates": "y"}
    assert client.post("/desk/acknowledgements/batch", data=form).status_code == 302
    db.session.rollback()
    job = db.session.scalars(select(Job)).one()
    assert job.parameters["certificates"] is True and len(job.parameters["donation_ids"]) == COUNT
