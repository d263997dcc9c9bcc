"""Disclosures kept and missed: counted by the day on which they were due, each with its article."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import update

from portal.db import db, writing
from portal.disclosure import bills
from portal.inquiries import service as inquiries
from portal.inquiries.models import Inquiry
from portal.periods import Month, noon
from portal.projects import papers
from portal.projects.paper_models import ClosingReport, ProgressReport
from portal.registry.models import Fund, Project
from portal.reports.sections.duties import duties
from portal.reports.sections.scope import YearScope
from tests import budgets, factories, gifts, people

YEAR = 2026
BILLS, PROGRESS, CLOSING, ANSWERS = range(4)


@pytest.fixture(autouse=True)
def august(app_context: None) -> Iterator[None]:
    """28 August of the year."""
    with time_machine.travel("2026-08-28T04:00:00Z", tick=False):
        yield


@pytest.fixture
def fund() -> Fund:
    """A fund of an organisation."""
    with writing() as session:
        return factories.fund(session)


def project(fund: Fund, starts_on: date, ends_on: date | None = None) -> Project:
    """A project of the fund's organisation."""
    with writing() as session:
        made = factories.project(
            session, organisation_id=fund.organisation_id, starts_on=starts_on, ends_on=ends_on
        )
        made.funds = [session.merge(fund)]
        return made


def published(kind: str, paper: ProgressReport | ClosingReport, day: date) -> None:
    """Approve a paper, as if on a day."""
    papers.approve(kind, paper.id, people.reviewer(), paper.version)
    with writing() as session:
        model = type(paper)
        session.execute(update(model).where(model.id == paper.id).values(published_at=noon(day)))


def counted(duty: int, fund: Fund | None = None) -> tuple[int, int, int]:
    """How often a duty was kept, late and missed in the year."""
    db.session.rollback()
    organisation = db.session.get_one(Fund, fund.id).organisation if fund else None
    found = duties(YearScope(db.session(), YEAR, organisation))[duty]
    assert found.due == found.kept + found.late + found.missed and found.source
    return found.kept, found.late, found.missed


def test_a_bill_is_owed_for_each_month_whose_books_moved(fund: Fund) -> None:
    gifts.posted_gift(fund, 100, date(2026, 5, 3))
    gifts.posted_gift(fund, 100, date(2026, 7, 3))
    gifts.posted_gift(fund, 100)
    assert counted(BILLS) == (0, 0, 2)
    bills.publish(fund.organisation.uscc, Month(2026, 7), "", people.clerk())
    assert counted(BILLS) == counted(BILLS, fund) == (1, 0, 1)


def test_a_long_project_reports_every_three_months_from_its_start(fund: Fund) -> None:
    long = project(fund, date(2026, 1, 10))
    assert counted(PROGRESS) == (0, 0, 2)
    published("progress", budgets.report(long, 5, date(2026, 4, 1)), date(2026, 4, 10))
    assert counted(PROGRESS) == (1, 0, 1)
    published("progress", budgets.report(long, 6, date(2026, 7, 1)), date(2026, 7, 11))
    assert counted(PROGRESS) == counted(PROGRESS, fund) == (1, 1, 0)


def test_what_is_not_due_yet_is_not_counted(fund: Fund) -> None:
    project(fund, date(2026, 6, 1))
    project(fund, date(2026, 2, 1), date(2026, 7, 31))
    assert counted(PROGRESS) == (0, 0, 0)
    assert counted(CLOSING) == (0, 0, 0)


def test_a_closing_report_is_due_three_months_after_the_end(fund: Fund) -> None:
    ended = project(fund, date(2026, 1, 1), date(2026, 5, 20))
    project(fund, date(2026, 1, 1), date(2026, 5, 27))
    assert counted(CLOSING) == (0, 0, 2)
    paper = budgets.closing_report(ended, ended_on=date(2026, 5, 20))
    published("closing", paper, date(2026, 8, 21))
    assert counted(CLOSING) == (0, 1, 1)


def test_a_donors_question_is_answered_within_twenty_days(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 100)
    asked = [inquiries.ask(gift, f"用到哪里了{number}") for number in range(3)]
    with writing() as session:
        for one in asked:
            session.execute(update(Inquiry).where(Inquiry.id == one.id).values(due_on=date(2026, 8, 20)))
    assert counted(ANSWERS) == (0, 0, 3)
    inquiries.answer(asked[0].id, people.clerk(), "用在了助学金。")
    with writing() as session:
        day = noon(date(2026, 8, 20) - timedelta(days=1))
        session.execute(update(Inquiry).where(Inquiry.id == asked[0].id).values(answered_at=day))
    inquiries.answer(asked[1].id, people.clerk(), "用在了助学金。")
    assert counted(ANSWERS, fund) == (1, 1, 1)


def test_a_strangers_duties_are_not_ones_own(fund: Fund) -> None:
    with writing() as writer:
        stranger = factories.fund(writer)
    gifts.posted_gift(fund, 100, date(2026, 5, 3))
    project(fund, date(2026, 1, 10))
    assert counted(BILLS, stranger) == counted(PROGRESS, stranger) == (0, 0, 0)
