"""What per-capita giving is worked out from: targets, resident population, giving outside the portal, the rule.

Figures that staff enter are never overwritten: a later row supersedes an earlier one, a ``withdrawn`` row ends it.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, Instant, words

APPEND_ONLY_TABLES = ("resident_population", "outside_giving")


class PopulationKind(StrEnum):
    """Where a figure of resident population comes from."""

    CENSUS = "census"
    YEAR_END = "year_end"
    SECONDARY = "secondary"


class TargetBasis(StrEnum):
    """Whether a year's target stands in the plan or was worked out between two years of the plan."""

    PLAN = "plan"
    INTERPOLATED = "interpolated"


class PerCapitaTarget(Base):
    """The giving per resident that the plan aims at in a year, in fen."""

    __tablename__ = "per_capita_target"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    target_fen: Mapped[int] = mapped_column(BigInteger)
    basis: Mapped[TargetBasis] = mapped_column(words(TargetBasis), default=TargetBasis.PLAN)
    source: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("target_fen > 0", name="target_positive"),
        CheckConstraint("basis = 'plan'", name="only_plan_is_stored"),
        CheckConstraint("source <> ''", name="source_given"),
    )


class CountingRule(Base):
    """Which gifts count for per-capita giving: a named rule with its source. ``forms`` are divided by commas."""

    __tablename__ = "per_capita_counting_rule"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(60))
    forms: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    def counts(self, form: str) -> bool:
        """Whether gifts of a form are counted."""
        return form in self.forms.split(",")


class ResidentPopulation(Base):
    """How many people lived in the district, as somebody published it. One row a statement, the newest in force."""

    __tablename__ = "resident_population"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    year: Mapped[int]
    population: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[PopulationKind] = mapped_column(words(PopulationKind))
    as_of: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("resident_population.id"), unique=True)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"), index=True)
    entered_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("withdrawn OR (population > 0 AND as_of IS NOT NULL)", name="figure_or_withdrawn"),
        CheckConstraint("source <> ''", name="source_given"),
        CheckConstraint("NOT withdrawn OR supersedes_id IS NOT NULL", name="withdrawn_names_a_row"),
        Index("ix_resident_population_year_kind", "year", "kind", "id"),
    )


class OutsideGiving(Base):
    """Giving of a year that is not in the portal's own ledger, as a total in fen. ``scope`` says what it covers."""

    __tablename__ = "outside_giving"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    year: Mapped[int]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    scope: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(Text)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("outside_giving.id"), unique=True)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"), index=True)
    entered_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
        CheckConstraint("source <> ''", name="source_given"),
        CheckConstraint("scope <> ''", name="scope_given"),
        CheckConstraint("NOT withdrawn OR supersedes_id IS NOT NULL", name="withdrawn_names_a_row"),
        Index("ix_outside_giving_year", "year", "id"),
    )
