"""Projects with budgets and reports that went the whole way: written by one person, approved by another."""

import uuid
from datetime import date
from typing import Any

from portal.db import db
from portal.periods import today
from portal.projects import budgeting, budgets, closing, papers, progress
from portal.projects.budgeting import BudgetDetails, LineDetails
from portal.projects.closing import ClosingDetails
from portal.projects.models import BudgetLine
from portal.projects.paper_models import BudgetChange, ClosingReport, ProgressReport
from portal.projects.progress import ProgressDetails
from portal.registry.models import Project
from tests import people


def change(project: Project, *lines: LineDetails, reason: str = "年初编制") -> BudgetChange:
    """A change of a budget that waits for review."""
    return budgeting.propose(project.code, BudgetDetails(lines, reason), people.clerk(), uuid.uuid4().hex)


def budget(project: Project, **amounts: int) -> list[BudgetLine]:
    """A budget in force: names of lines and fen."""
    waiting = change(project, *(LineDetails(name, fen) for name, fen in amounts.items()))
    papers.approve("budget", waiting.id, people.reviewer(), waiting.version)
    return budgets.lines_of(db.session(), project.id)


def line(line_id: int) -> BudgetLine:
    """A line as it is now."""
    db.session.rollback()
    return db.session.get_one(BudgetLine, line_id, populate_existing=True)


def report(project: Project, people_reached: int, day: date | None = None) -> ProgressReport:
    """A report of progress that waits for review."""
    details = ProgressDetails(day or today(), people_reached, "按计划发放")
    return progress.report(project.code, details, people.clerk(), uuid.uuid4().hex)


def closing_report(project: Project, **given: Any) -> ClosingReport:
    """A closing report that waits for review."""
    facts: dict[str, Any] = {
        "ended_on": today(),
        "account": "全部发放完毕",
        "people_reached": 30,
        "how_chosen": "学校推荐，公示七天",
    }
    details = ClosingDetails(**{**facts, **given})
    return closing.report(project.code, details, people.clerk(), uuid.uuid4().hex)
