"""What hangs on a project: its budget and what stands against it, whom it is meant for, and its milestones."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId
from portal.registry.models import Project

APPEND_ONLY_TABLES = ("project_spending",)


class BudgetLine(Base):
    """One line of a project's budget: what was planned, what waits to be paid, what was paid.

    Both figures are kept by conditional updates (``budgets.py``), so that the database itself stops an overdraft. A
    line given up has the amount that was spent on it, and stays.
    """

    __tablename__ = "project_budget_line"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    line_no: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    committed_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    spent_fen: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (
        UniqueConstraint("project_id", "line_no"),
        CheckConstraint("committed_fen >= 0", name="committed_not_negative"),
        CheckConstraint("spent_fen >= 0", name="spent_not_negative"),
        CheckConstraint("committed_fen + spent_fen <= amount_fen", name="within_amount"),
    )

    @property
    def left_fen(self) -> int:
        """What may still be asked for."""
        return self.amount_fen - self.committed_fen - self.spent_fen


class ProjectAccount(Base):
    """What stands against a project as a whole: money and payouts that wait, and people helped (人次) by payouts.

    A project that is being closed is not ``open``: nothing new is set aside, whoever asks at the same moment.
    """

    __tablename__ = "project_account"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True, autoincrement=False)
    open: Mapped[bool] = mapped_column(default=True)
    waiting: Mapped[int] = mapped_column(default=0)
    committed_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    helped: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (
        CheckConstraint("waiting >= 0", name="waiting_not_negative"),
        CheckConstraint("committed_fen >= 0", name="committed_not_negative"),
        CheckConstraint("open OR waiting = 0", name="closed_has_none_waiting"),
    )


class ProjectSpending(Base):
    """What one entry of the ledger spent of a project and of a line of its budget; a reversal takes both back.

    Goods given out have people and no amount: a budget is of money.
    """

    __tablename__ = "project_spending"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("ledger_entry.id"), primary_key=True, autoincrement=False
    )
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("project_budget_line.id"))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    people: Mapped[int]


class TargetGroup(Base):
    """People whom a project is for, in words that name nobody, and how many it means to reach."""

    __tablename__ = "project_target_group"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    line_no: Mapped[int]
    words: Mapped[str] = mapped_column(String(120))
    planned_people: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("project_id", "line_no"),
        CheckConstraint("planned_people IS NULL OR planned_people > 0", name="planned_people_positive"),
    )


class Milestone(Base):
    """A step of a project: when it is planned, when it was reached, and what was done."""

    __tablename__ = "project_milestone"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    title: Mapped[str] = mapped_column(String(120))
    planned_on: Mapped[date]
    reached_on: Mapped[date | None]
    account: Mapped[str] = mapped_column(Text, default="")

    project: Mapped[Project] = relationship(viewonly=True)

    __table_args__ = (Index("ix_project_milestone_project", "project_id", "planned_on"),)
