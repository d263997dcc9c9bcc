"""A report is published by a second person; then nobody can put another file in its place unseen."""

import json

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure.report_models import MadeReport, PublishedReport
from portal.giving import consent
from portal.jobs import running, starting
from portal.jobs.models import Job, JobState
from portal.periods import today
from portal.refusals import Conflict, Forbidden, Invalid, NotFound
from portal.registry.models import Fund
from portal.reports import job, publishing, shelf
from portal.reports.making import make
from portal.reports.sealing import doubtful_reports
from portal.reports.wanted import Wanted
from portal.staff.documents import DocumentState
from portal.staff.models import Role
from portal.translog import reading
from portal.translog.beginning import signer_of
from portal.watch.recomputing import recompute
from tests import factories, gifts, people
from tests.reports import made
from tests.tampering import behind_the_back

YEAR = str(today().year)
WANTED = Wanted("charity-day", {"year": YEAR})


@pytest.fixture
def fund(app: Flask, session: Session) -> Fund:
    with writing() as writer:
        made_fund = factories.fund(writer)
    gifts.posted_gift(made_fund, 123_456)
    return made_fund


def offered() -> MadeReport:
    report = make(WANTED, by_id=people.clerk().id)
    return publishing.offer(report.id, people.clerk(), report.version)


def published() -> PublishedReport:
    report = offered()
    return publishing.publish(report.id, people.reviewer(), report.version)


def test_its_hash_is_a_leaf_that_names_nobody(fund: Fund) -> None:
    report = published()
    leaf = json.loads(reading.leaf(db.session(), report.leaf_index) or b"")
    assert (leaf["kind"], leaf["no"], leaf["sha256"]) == ("report", report.report_no, report.sha256)
    assert set(leaf) == {"v", "seq", "kind", "date", "report", "no", "sha256", "entries", "pages"}


def test_the_books_still_agree_with_themselves(fund: Fund) -> None:
    published()
    assert recompute(db.session(), signer_of(current_app.config["PORTAL_SETTINGS"])).ok


def test_a_row_or_a_file_that_was_swapped_is_found(fund: Fund) -> None:
    report = published()
    path = shelf.published_file(report)
    assert path is not None
    path.write_bytes(b"another report")
    assert [one[0] for one in doubtful_reports(db.session())] == ["report_file"]
    behind_the_back("UPDATE published_report SET sha256 = 'another'")
    db.session.expire_all()
    assert [one[0] for one in doubtful_reports(db.session())] == ["report"]


def test_the_file_is_served_byte_for_byte_and_listed_with_its_hash(client: FlaskClient, fund: Fund) -> None:
    report = published()
    path = shelf.published_file(report)
    assert path is not None
    answer = client.get(f"/reports/published/{report.report_no}.pdf")
    assert answer.data == path.read_bytes() and "Set-Cookie" not in answer.headers
    page = client.get("/reports").text
    assert report.sha256 in page and report.report_no in page
    assert client.get("/reports/published/R-2026-9999.pdf").status_code == 404


def test_it_stays_the_same_when_the_books_go_on(client: FlaskClient, fund: Fund) -> None:
    report = published()
    before = client.get(f"/reports/published/{report.report_no}.pdf").data
    gifts.posted_gift(fund, 1_000)
    make(WANTED)
    assert client.get(f"/reports/published/{report.report_no}.pdf").data == before


def test_whoever_had_it_made_or_offered_it_does_not_publish_it(fund: Fund) -> None:
    made_by_reviewer = make(WANTED, by_id=people.reviewer().id)
    report = publishing.offer(made_by_reviewer.id, people.clerk(), made_by_reviewer.version)
    with pytest.raises(Forbidden):
        publishing.publish(report.id, people.reviewer(), report.version)
    with pytest.raises(Forbidden):
        publishing.publish(report.id, people.clerk(), report.version)
    assert publishing.publish(report.id, people.second_reviewer(), report.version).report_no


def test_the_second_press_and_an_older_sight_of_it_are_refused(fund: Fund) -> None:
    report = offered()
    with pytest.raises(Conflict):
        publishing.offer(report.id, people.clerk(), report.version)
    with pytest.raises(Conflict):
        publishing.publish(report.id, people.reviewer(), report.version - 1)
    publishing.publish(report.id, people.reviewer(), report.version)
    with pytest.raises(Conflict):
        publishing.publish(report.id, people.second_reviewer(), report.version)
    assert factories.count(db.session(), PublishedReport) == 1


def test_it_is_sent_back_only_with_a_reason_and_may_be_offered_again(fund: Fund) -> None:
    report = offered()
    with pytest.raises(Invalid):
        publishing.return_to_maker(report.id, people.reviewer(), report.version, " ")
    publishing.return_to_maker(report.id, people.reviewer(), report.version, "序言有错字")
    again = publishing.offer(report.id, people.clerk(), report.version)
    assert again.state is DocumentState.PENDING


def test_a_file_that_was_changed_on_the_disk_is_not_published(fund: Fund) -> None:
    report = offered()
    path = shelf.made_file(report)
    assert path is not None
    path.write_bytes(b"x" * report.size_bytes)
    with pytest.raises(Conflict):
        publishing.publish(report.id, people.reviewer(), report.version)
    assert factories.count(db.session(), PublishedReport) == 0


def test_what_is_of_another_organisation_looks_absent(fund: Fund) -> None:
    report = offered()
    stranger = people.member("one.organisation", Role.REVIEWER, fund.organisation_id)
    with pytest.raises(NotFound):
        publishing.publish(report.id, stranger, report.version)


def test_a_name_taken_back_takes_the_file_away_and_leaves_the_hash(client: FlaskClient, fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 99_900, donor_name="王撤回", publish_name=True)
    report = published()
    consent.withdraw_consent(gift.id, people.clerk())
    answer = client.get(f"/reports/published/{report.report_no}.pdf")
    assert answer.status_code == 410 and "王撤回" not in answer.text
    assert publishing.sweep(db.session()) >= 1
    assert shelf.published_file(report) is None
    assert report.sha256 in client.get("/reports").text
    assert reading.leaf(db.session(), report.leaf_index)


def test_a_consent_given_since_takes_nothing_away(client: FlaskClient, fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 99_900, donor_name="李后来")
    report = published()
    consent.give_consent(gift.id, people.clerk())
    assert client.get(f"/reports/published/{report.report_no}.pdf").status_code == 200


def test_the_database_refuses_to_change_what_was_published(fund: Fund) -> None:
    published()
    for statement in ("UPDATE published_report SET sha256 = 'x'", "DELETE FROM published_report"):
        with pytest.raises(DatabaseError):
            db.session.execute(text(statement))
        db.session.rollback()


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Jobs that were begun, not yet done."""
    begun: list[int] = []
    monkeypatch.setattr(starting, "start", lambda job_id, _kind: begun.append(job_id))
    return begun


@pytest.mark.one_engine
def test_from_the_form_to_the_public_page(
    app: Flask, client: FlaskClient, fund: Fund, works: list[int]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    desk, reviewer = people.log_in(app, people.clerk()), people.log_in(app, people.reviewer())
    form = {
        "kind": "charity-day",
        "year": YEAR,
        "language": "zh_Hans_CN",
        "appendix": "y",
        "foreword": "<b>各位街坊",
    }
    first, second = desk.post("/desk/reports/new", data=form), desk.post("/desk/reports/new", data=form)
    assert first.location == second.location and len(works) == 1
    assert first.location in desk.get("/desk/reports").text
    running.run(works[0], {job.KIND: job.work})
    done = db.session.get_one(Job, works[0], populate_existing=True)
    assert done.state is JobState.DONE
    assert "/desk/reports" in desk.get(first.location).text
    report = db.session.scalars(select(MadeReport)).one()
    page = f"/desk/reports/{report.id}"
    assert report.sha256 in desk.get(page).text
    assert desk.get(f"{page}.pdf").data.startswith(b"%PDF")
    assert desk.post(f"{page}/offer", data={"version": report.version}).status_code == 302
    assert page in reviewer.get("/desk/queue").text
    assert reviewer.post(f"{page}/return", data={"version": 2, "reason": ""}).status_code == 422
    assert reviewer.post(f"{page}/approve", data={"version": 2}).status_code == 302
    assert report.sha256 in client.get("/reports").text


@pytest.mark.one_engine
def test_the_form_says_what_is_missing(app: Flask, fund: Fund, works: list[int]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    desk = people.log_in(app, people.clerk())
    for form in (
        {},
        {"kind": "annual", "year": YEAR},
        {"kind": "fund", "year": YEAR},
        {"kind": "charity-day", "year": "1999"},
        {"kind": "donor-statement", "year": YEAR},
        {"kind": "nosuch", "year": "x"},
    ):
        assert desk.post("/desk/reports/new", data={"language": "zh_Hans_CN", **form}).status_code == 422, (
            form
        )
    assert not works


@pytest.mark.one_engine
def test_a_report_that_is_stopped_leaves_nothing(fund: Fund, works: list[int]) -> None:
    begun = job.begin(Wanted("charity-day", {"year": YEAR}, appendix=True), people.clerk())
    with writing() as session:
        session.get_one(Job, begun.id).cancel_wanted = True
    running.run(begun.id, {job.KIND: job.work})
    assert db.session.get_one(Job, begun.id, populate_existing=True).state is JobState.CANCELLED
    assert factories.count(db.session(), MadeReport) == 0


def test_waiting_reports_are_found_by_who_may_publish_them(fund: Fund) -> None:
    mine = made.waiting(fund.organisation_id, people.clerk().id)
    made.waiting(None, people.clerk().id)
    bound = people.member("bound.reviewer", Role.REVIEWER, fund.organisation_id)
    assert [one.id for one in publishing.waiting(db.session(), bound)] == [mine.id]
    assert publishing.count_waiting(db.session(), people.reviewer()) == 2
