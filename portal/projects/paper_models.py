"""What a project's people write and a second person reviews: changes of the budget, progress, the closing report."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from portal.db import Base, BigId, Instant, words
from portal.registry.models import Project, Status
from portal.staff.documents import Reviewed
from portal.staff.models import StaffMember


class LeftoverUse(StrEnum):
    """What becomes of the rest of a project's money (慈善法 58)."""

    NONE = "none"
    PLAN = "plan"
    PROJECT = "project"


class ProjectPaper(Reviewed):
    """What the three papers share. ``published_at`` is the moment of the approval, from which it is public."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

    @declared_attr
    def project_id(cls) -> Mapped[int]:
        """Whose paper it is."""
        return mapped_column(ForeignKey("project.id"))

    @declared_attr
    def project(cls) -> Mapped[Project]:
        """Whose paper it is."""
        return relationship(Project, foreign_keys=[cls.project_id], viewonly=True)  # type: ignore[list-item]

    @declared_attr
    def maker(cls) -> Mapped[StaffMember]:
        """Who wrote it."""
        return relationship(StaffMember, foreign_keys=[cls.maker_id], viewonly=True)  # type: ignore[list-item]


_PUBLISHED = "(state = 'posted') = (published_at IS NOT NULL)"


class BudgetChange(ProjectPaper, Base):
    """A budget set or changed, with its reason; old and new stay readable for good (民政部令第 81 号 16)."""

    __tablename__ = "project_budget_change"

    reason: Mapped[str] = mapped_column(Text)

    lines: Mapped[list["BudgetChangeLine"]] = relationship(
        order_by="BudgetChangeLine.line_no", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint(_PUBLISHED, name="published_when_approved"),
        Index("ix_project_budget_change_project", "project_id", "state"),
    )


class BudgetChangeLine(Base):
    """One line before and after; a line that is new had no name and nothing in it."""

    __tablename__ = "project_budget_change_line"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("project_budget_change.id"))
    line_no: Mapped[int]
    name_before: Mapped[str] = mapped_column(String(60))
    name_after: Mapped[str] = mapped_column(String(60))
    before_fen: Mapped[int] = mapped_column(BigInteger)
    after_fen: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        UniqueConstraint("change_id", "line_no"),
        CheckConstraint("before_fen >= 0 AND after_fen >= 0", name="amounts_not_negative"),
    )

    @property
    def differs(self) -> bool:
        """Whether anything about the line changes."""
        return (self.name_before, self.before_fen) != (self.name_after, self.after_fen)


class ProgressReport(ProjectPaper, Base):
    """How far a project has come by a day: people reached since its beginning, and what was done (慈善法 79)."""

    __tablename__ = "project_progress"

    through: Mapped[date]
    people_reached: Mapped[int]
    account: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint(_PUBLISHED, name="published_when_approved"),
        CheckConstraint("people_reached >= 0", name="people_not_negative"),
        Index("ix_project_progress_project", "project_id", "state", "through"),
    )


class ClosingReport(ProjectPaper, Base):
    """The report at a project's end, with what the law wants in it (慈善法 58, 79; 民政部令第 81 号 9, 10).

    Its figures are the ledger's when it was handed in. ``status_before`` is what the project goes back to when the
    report is taken back.
    """

    __tablename__ = "project_closing"

    ended_on: Mapped[date]
    account: Mapped[str] = mapped_column(Text)
    people_reached: Mapped[int]
    how_chosen: Mapped[str] = mapped_column(Text)
    entrusted: Mapped[str] = mapped_column(Text)
    campaign_income_fen: Mapped[int] = mapped_column(BigInteger)
    other_income_fen: Mapped[int] = mapped_column(BigInteger)
    spending_fen: Mapped[int] = mapped_column(BigInteger)
    leftover_fen: Mapped[int] = mapped_column(BigInteger)
    leftover_use: Mapped[LeftoverUse] = mapped_column(words(LeftoverUse))
    leftover_project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    leftover_words: Mapped[str] = mapped_column(Text)
    status_before: Mapped[Status] = mapped_column(words(Status))

    leftover_project: Mapped[Project | None] = relationship(
        foreign_keys="ClosingReport.leftover_project_id", viewonly=True
    )

    __table_args__ = (
        CheckConstraint(_PUBLISHED, name="published_when_approved"),
        CheckConstraint("people_reached >= 0", name="people_not_negative"),
        CheckConstraint("leftover_fen >= 0", name="leftover_not_negative"),
        CheckConstraint("(leftover_fen = 0) = (leftover_use = 'none')", name="leftover_decided"),
        CheckConstraint(
            "(leftover_use = 'project') = (leftover_project_id IS NOT NULL)", name="leftover_project_named"
        ),
        CheckConstraint("leftover_use IN ('none', 'plan', 'project')", name="leftover_use_known"),
        Index("ix_project_closing_project", "project_id", "state"),
    )

    @property
    def income_fen(self) -> int:
        """Everything that came in for the project."""
        return self.campaign_income_fen + self.other_income_fen
