"""Whether what stands against projects and their budgets is what payouts ask for and entries of the ledger spent."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, case, func, inspect, or_, select
from sqlalchemy.orm import Session

from portal.ledger.models import Entry, Form
from portal.projects.models import BudgetLine, ProjectAccount, ProjectSpending
from portal.registry.models import Project
from portal.spending.models import WAITING, Disbursement

Finding = tuple[str, str | None, str]


def doubtful_budgets(session: Session) -> Iterator[Finding]:
    """Lines of budgets, accounts of projects and notes of spending that payouts and ledger do not bear out."""
    if not inspect(session.connection()).has_table(ProjectSpending.__tablename__):
        return  # an older copy of the books, before it is migrated
    for code, line_no, *figures in session.execute(_lines()):
        kept, said = figures[:2], figures[2:]
        if kept != said:
            yield "budget_line", None, f"line {line_no} of {code} keeps {kept} fen, its payouts say {said}"
    for code, *figures in session.execute(_accounts()):
        kept, said = figures[:3], figures[3:]
        if kept != said:
            yield "project_account", None, f"{code} keeps {kept}, its payouts say {said}"
    for (entry_no,) in session.execute(_strays()):
        yield "project_spending", entry_no, "what it spent of a project is not what the entry says"


def _lines() -> Select[*tuple[Any, ...]]:
    """Each line with what it keeps as waiting and spent, and what payouts and entries say of the same."""
    waits = (
        select(Disbursement.budget_line_id.label("line_id"), func.sum(Disbursement.reserved_fen).label("fen"))
        .where(Disbursement.state.in_(WAITING), Disbursement.budget_line_id.is_not(None))
        .group_by(Disbursement.budget_line_id)
        .subquery()
    )
    spent = (
        select(ProjectSpending.line_id, func.sum(ProjectSpending.amount_fen).label("fen"))
        .where(ProjectSpending.line_id.is_not(None))
        .group_by(ProjectSpending.line_id)
        .subquery()
    )
    return (
        select(
            Project.code,
            BudgetLine.line_no,
            BudgetLine.committed_fen,
            BudgetLine.spent_fen,
            func.coalesce(waits.c.fen, 0),
            func.coalesce(spent.c.fen, 0),
        )
        .join(Project, Project.id == BudgetLine.project_id)
        .outerjoin(waits, waits.c.line_id == BudgetLine.id)
        .outerjoin(spent, spent.c.line_id == BudgetLine.id)
        .order_by(BudgetLine.id)
    )


def _accounts() -> Select[*tuple[Any, ...]]:
    """Each project with the payouts and money it keeps as waiting and the people helped, and what the rows say."""
    waits = (
        select(
            Disbursement.project_id,
            func.count().label("payouts"),
            func.sum(Disbursement.reserved_fen).label("fen"),
        )
        .where(Disbursement.state.in_(WAITING), Disbursement.project_id.is_not(None))
        .group_by(Disbursement.project_id)
        .subquery()
    )
    helped = (
        select(ProjectSpending.project_id, func.sum(ProjectSpending.people).label("people"))
        .group_by(ProjectSpending.project_id)
        .subquery()
    )
    return (
        select(
            Project.code,
            ProjectAccount.waiting,
            ProjectAccount.committed_fen,
            ProjectAccount.helped,
            func.coalesce(waits.c.payouts, 0),
            func.coalesce(waits.c.fen, 0),
            func.coalesce(helped.c.people, 0),
        )
        .join(Project, Project.id == ProjectAccount.project_id)
        .outerjoin(waits, waits.c.project_id == ProjectAccount.project_id)
        .outerjoin(helped, helped.c.project_id == ProjectAccount.project_id)
        .order_by(ProjectAccount.project_id)
    )


def _strays() -> Select[*tuple[Any, ...]]:
    """Notes of spending of another project than their entry's, or of another amount; goods spend no money."""
    amount = case((Entry.form == Form.MONEY, Entry.amount_fen), else_=0)
    return (
        select(Entry.entry_no)
        .join(ProjectSpending, ProjectSpending.entry_id == Entry.id)
        .where(
            or_(
                Entry.project_id.is_(None),
                Entry.project_id != ProjectSpending.project_id,
                ProjectSpending.amount_fen != amount,
            )
        )
        .order_by(Entry.index)
    )
