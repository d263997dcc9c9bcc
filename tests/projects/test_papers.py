"""Budgets and reports of a project: written by one person, approved by another, and public with old and new."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.periods import today
from portal.projects import budgets, closing, deadlines, milestones, papers
from portal.projects.budgeting import LineDetails
from portal.projects.milestones import MilestoneDetails
from portal.projects.paper_models import LeftoverUse
from portal.refusals import Conflict, Forbidden, Invalid
from portal.registry.models import Fund, Project, Status
from portal.registry.services.projects import PROJECTS
from portal.spending import service
from portal.staff.documents import DocumentState
from tests import budgets as making
from tests import factories, gifts, people


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a thousand yuan."""
    with writing() as writer:
        made = factories.fund(writer)
    gifts.posted_gift(made, 100_000)
    return made


@pytest.fixture
def project(fund: Fund) -> Project:
    """A project under way, of the fund's organisation."""
    with writing() as writer:
        made: Project = factories.project(writer, organisation_id=fund.organisation_id)
    return made


def status(project: Project) -> Status:
    db.session.rollback()
    return db.session.get_one(Project, project.id, populate_existing=True).status


def test_a_budget_is_in_force_only_when_a_second_person_approved_it(project: Project) -> None:
    waiting = making.change(project, LineDetails("助学金", 50_000))
    assert budgets.lines_of(db.session(), project.id) == []
    with pytest.raises(Forbidden):
        papers.approve("budget", waiting.id, people.clerk(), waiting.version)
    papers.approve("budget", waiting.id, people.reviewer(), waiting.version)
    assert [(one.name, one.amount_fen) for one in budgets.lines_of(db.session(), project.id)] == [
        ("助学金", 50_000)
    ]


def test_a_change_keeps_old_and_new_and_its_reason(project: Project) -> None:
    making.budget(project, 助学金=50_000)
    making.change(
        project, LineDetails("奖学金", 60_000, 1), LineDetails("走访", 5_000), reason="多了十名学生"
    )
    (change, _first) = papers.of_project(db.session(), "budget", project.id, public_only=False)
    papers.approve("budget", change.id, people.reviewer(), change.version)
    told = [(one.name_before, one.before_fen, one.name_after, one.after_fen) for one in change.lines]
    assert told == [("助学金", 50_000, "奖学金", 60_000), ("", 0, "走访", 5_000)]
    assert change.reason == "多了十名学生" and change.published_at is not None


def test_a_change_wants_a_reason_and_a_difference(project: Project) -> None:
    making.budget(project, 助学金=50_000)
    with pytest.raises(Invalid) as refused:
        making.change(project, LineDetails("助学金", 60_000, 1), reason=" ")
    assert set(refused.value.errors) == {"reason"}
    with pytest.raises(Invalid) as refused:
        making.change(project, LineDetails("助学金", 50_000, 1))
    assert set(refused.value.errors) == {"items"}
    with pytest.raises(Invalid) as refused:
        making.change(project, LineDetails("助学金", 1, 1), LineDetails("助学金", 0))
    assert set(refused.value.errors) == {"items-1-name", "items-1-amount"}


def test_a_line_never_gets_less_than_was_asked_for_meanwhile(fund: Fund, project: Project) -> None:
    making.budget(project, 助学金=50_000)
    change = making.change(project, LineDetails("助学金", 10_000, 1))
    gifts.payout(fund, 20_000, project=project.code, budget_line="助学金")
    with pytest.raises(Conflict, match=r"共 200\.00 元"):
        papers.approve("budget", change.id, people.reviewer(), change.version)
    db.session.rollback()
    assert papers.find(db.session(), "budget", change.id, people.clerk()).state is DocumentState.PENDING


def test_one_change_waits_at_a_time(project: Project) -> None:
    making.change(project, LineDetails("助学金", 50_000))
    with pytest.raises(Conflict):
        making.change(project, LineDetails("助学金", 60_000))


def test_people_reached_never_fall(project: Project) -> None:
    first = making.report(project, 40, today() - timedelta(days=2))
    papers.approve("progress", first.id, people.reviewer(), first.version)
    with pytest.raises(Invalid) as refused:
        making.report(project, 39, today() - timedelta(days=2))
    assert set(refused.value.errors) == {"through", "people_reached"}


def test_a_project_of_more_than_six_months_reports_every_three(project: Project) -> None:
    project.starts_on, project.ends_on = date(2026, 1, 31), date(2026, 7, 30)
    assert deadlines.progress_due(project, None) is None
    project.ends_on = date(2026, 7, 31)
    assert deadlines.progress_due(project, None) == date(2026, 4, 30)
    assert deadlines.progress_due(project, date(2026, 4, 2)) == date(2026, 7, 2)
    assert deadlines.closing_due(project) == date(2026, 10, 31)
    db.session.rollback()


def test_a_project_closes_with_an_approved_report(project: Project) -> None:
    report = making.closing_report(project)
    assert status(project) is Status.CLOSING
    with pytest.raises(Forbidden):
        papers.approve("closing", report.id, people.clerk(), report.version)
    papers.approve("closing", report.id, people.reviewer(), report.version)
    assert status(project) is Status.CLOSED


def test_a_project_that_was_active_closes_in_no_other_way(project: Project) -> None:
    with pytest.raises(Conflict, match="结项报告"):
        PROJECTS.close(None, project.code, "做完了")
    making.closing_report(project)
    with pytest.raises(Conflict):
        PROJECTS.close(None, project.code, "做完了")


def test_a_project_does_not_close_while_payouts_wait(fund: Fund, project: Project) -> None:
    waiting = gifts.payout(fund, 1_000, project=project.code)
    with pytest.raises(Conflict, match="1 笔"):
        making.closing_report(project)
    assert status(project) is Status.ACTIVE
    service.withdraw(waiting.id, people.clerk(), waiting.version)
    making.closing_report(project)


def test_a_closing_project_takes_no_payouts_until_its_report_is_taken_back(
    fund: Fund, project: Project
) -> None:
    report = making.closing_report(project)
    with pytest.raises(Invalid) as refused:
        gifts.payout(fund, 1_000, project=project.code)
    assert set(refused.value.errors) == {"project"}
    papers.withdraw("closing", report.id, people.clerk(), report.version)
    assert status(project) is Status.ACTIVE
    gifts.payout(fund, 1_000, project=project.code)


def test_a_report_that_was_sent_back_is_handed_in_anew(project: Project) -> None:
    first = making.closing_report(project)
    papers.return_to_maker("closing", first.id, people.reviewer(), first.version, "人数不对")
    assert status(project) is Status.CLOSING
    second = making.closing_report(project, people_reached=31)
    papers.approve("closing", second.id, people.reviewer(), second.version)
    assert status(project) is Status.CLOSED
    assert papers.find(db.session(), "closing", first.id, people.clerk()).state is DocumentState.WITHDRAWN


def test_what_is_left_goes_to_a_project_of_the_same_or_a_near_purpose(fund: Fund, project: Project) -> None:
    gifts.posted_gift(fund, 30_000, project=project.code)
    gifts.posted_payout(fund, 10_000, project=project.code)
    with pytest.raises(Invalid) as refused:
        making.closing_report(project)
    assert set(refused.value.errors) == {"leftover_use"}
    with writing() as writer:
        heir = factories.project(writer, organisation_id=fund.organisation_id)
        foreign = factories.project(writer)
    decision = {"leftover_use": LeftoverUse.PROJECT, "leftover_words": "同为助学"}
    with pytest.raises(Invalid) as refused:
        making.closing_report(project, leftover_project=foreign.code, **decision)
    assert set(refused.value.errors) == {"leftover_project"}
    report = making.closing_report(project, leftover_project=heir.code, **decision)
    assert (report.other_income_fen, report.spending_fen, report.leftover_fen) == (30_000, 10_000, 20_000)
    assert report.leftover_project_id == heir.id


def test_a_report_holds_only_while_the_ledger_has_its_figures(fund: Fund, project: Project) -> None:
    gift = gifts.posted_gift(fund, 30_000, project=project.code)
    decided = {"leftover_use": LeftoverUse.PLAN, "leftover_words": "按募捐方案第五条"}
    report = making.closing_report(project, **decided)
    assert gift.entry is not None
    gifts.reversed_entry(gift.entry)
    with pytest.raises(Conflict, match="又有变化"):
        papers.approve("closing", report.id, people.reviewer(), report.version)
    assert closing.outcome_of(db.session(), project.id).leftover_fen == 0


def test_a_milestone_that_was_reached_tells_what_was_done(project: Project) -> None:
    planned = milestones.add(project.code, MilestoneDetails("第一批", today()), people.clerk())
    with pytest.raises(Invalid) as refused:
        milestones.edit(planned.id, MilestoneDetails("第一批", today(), today()), people.clerk())
    assert set(refused.value.errors) == {"account"}
    milestones.edit(planned.id, MilestoneDetails("第一批", today(), today(), "发给十二人"), people.clerk())
    (shown,) = milestones.of_project(db.session(), project.id)
    assert shown.reached_on == today()
