"""The rules as rows, the audited figures that the books do not hold, and what is said in public when a limit is missed.

A rule is never a constant in code: who it binds, what it divides by what, its limit, its article and how sure we are
of its text are data (``rules/*.csv``), with the fiscal years in which it is in force.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, words
from portal.registry.models import Organisation
from portal.staff.documents import Reviewed
from portal.staff.models import StaffMember


class RatioKind(StrEnum):
    """What is tested; ``tax_…`` is the second test, for the tax-deductible receipt (公告2020年第27号)."""

    SPENDING = "spending"
    MANAGEMENT = "management"
    FUNDRAISING = "fundraising"
    TAX_SPENDING = "tax_spending"
    TAX_MANAGEMENT = "tax_management"


class RatioBase(StrEnum):
    """What a figure is divided by.

    ``income`` and ``net_assets`` are those of the year before, ``expense`` that of the year itself, ``donations`` the
    mean donation income of the three years before.
    """

    INCOME = "income"
    NET_ASSETS = "net_assets"
    EXPENSE = "expense"
    DONATIONS = "donations"


class RuledGroup(StrEnum):
    """The legal forms that the rules tell apart; a charity federation is a social group."""

    FOUNDATION = "foundation"
    GROUP = "group"


class RuleConfidence(StrEnum):
    """How sure we are of the words of a rule."""

    FULL_TEXT = "full_text"
    SINGLE_COPY = "single_copy"
    SECONDARY = "secondary"
    MEMORY = "memory"


class RatioInstrument(Base):
    """A legal instrument, and the articles of it that hold for all its rules; an empty article: it has no such rule.

    In force for the fiscal years that end between ``effective_from`` and ``effective_to``.
    """

    __tablename__ = "ratio_instrument"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    number: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    income_article: Mapped[str] = mapped_column(String(12), default="")
    average_article: Mapped[str] = mapped_column(String(12), default="")
    exempt_below_fen: Mapped[int | None] = mapped_column(BigInteger)
    exempt_article: Mapped[str] = mapped_column(String(12), default="")
    reached_article: Mapped[str] = mapped_column(String(12), default="")
    excuse_article: Mapped[str] = mapped_column(String(12), default="")

    __table_args__ = (
        CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="days_in_order"),
        CheckConstraint("(exempt_below_fen IS NULL) = (exempt_article = '')", name="exemption_has_article"),
    )

    @property
    def only_what_arrived(self) -> bool:
        """Whether spending counts only from the day it reached the final beneficiary (民发〔2026〕12号 12)."""
        return bool(self.reached_article)


class RatioRule(Base):
    """One limit. ``organisations`` or ``qualified`` NULL: for all; a band of net assets has no or one open end.

    ``limit_basis_points`` are hundredths of a per cent: a floor for spending, a ceiling for cost.
    """

    __tablename__ = "ratio_rule"

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    instrument_code: Mapped[str] = mapped_column(ForeignKey("ratio_instrument.code"), index=True)
    article: Mapped[str] = mapped_column(String(12))
    test: Mapped[RatioKind] = mapped_column(words(RatioKind))
    organisations: Mapped[RuledGroup | None] = mapped_column(words(RuledGroup))
    qualified: Mapped[bool | None]
    net_assets_from_fen: Mapped[int | None] = mapped_column(BigInteger)
    net_assets_below_fen: Mapped[int | None] = mapped_column(BigInteger)
    base: Mapped[RatioBase] = mapped_column(words(RatioBase))
    limit_basis_points: Mapped[int]
    warn_basis_points: Mapped[int | None]
    confidence: Mapped[RuleConfidence] = mapped_column(words(RuleConfidence))

    instrument: Mapped[RatioInstrument] = relationship(viewonly=True, lazy="joined", innerjoin=True)

    __table_args__ = (
        CheckConstraint("limit_basis_points BETWEEN 1 AND 10000", name="limit_is_a_share"),
        CheckConstraint("article <> ''", name="article_given"),
    )

    @property
    def is_floor(self) -> bool:
        """Whether at least so much must be spent, rather than at most."""
        return self.test in (RatioKind.SPENDING, RatioKind.TAX_SPENDING)

    @property
    def has_band(self) -> bool:
        """Whether the rule holds only for some net assets."""
        return self.net_assets_from_fen is not None or self.net_assets_below_fen is not None

    def binds(self, net_assets_fen: int) -> bool:
        """Whether net assets lie in the rule's band; its lower end belongs to it (含本数), its upper does not."""
        above = self.net_assets_from_fen is None or net_assets_fen >= self.net_assets_from_fen
        return above and (self.net_assets_below_fen is None or net_assets_fen < self.net_assets_below_fen)


class BaseFigure(Reviewed, Base):
    """Figures of a year as an auditor's report or the final accounts state them, each with the same source.

    A figure left empty is not stated; what is stated goes before what the books say. Nothing is overwritten: the row
    approved last is in force, the others are its history.
    """

    __tablename__ = "ratio_base_figure"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    donations_fen: Mapped[int | None] = mapped_column(BigInteger)
    income_fen: Mapped[int | None] = mapped_column(BigInteger)
    unusable_fen: Mapped[int | None] = mapped_column(BigInteger)
    released_fen: Mapped[int | None] = mapped_column(BigInteger)
    net_assets_fen: Mapped[int | None] = mapped_column(BigInteger)
    spending_fen: Mapped[int | None] = mapped_column(BigInteger)
    management_fen: Mapped[int | None] = mapped_column(BigInteger)
    fundraising_fen: Mapped[int | None] = mapped_column(BigInteger)
    expense_fen: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(300))
    sourced_on: Mapped[date]
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="BaseFigure.maker_id", viewonly=True)

    __table_args__ = (
        CheckConstraint("source <> ''", name="source_given"),
        CheckConstraint("(state = 'posted') = (approved_at IS NOT NULL)", name="in_force_when_approved"),
        Index("ix_ratio_base_figure_organisation_year", "organisation_id", "year", "id"),
    )


class ExcuseGround(StrEnum):
    """Why management cost may be over its limit, if it is reported and explained in public."""

    FIRST_YEAR = "first_year"
    DEPRECIATION = "depreciation"
    PROVISIONS = "provisions"


class RatioExcuse(Reviewed, Base):
    """Why an organisation's management cost of a year is over its limit (民发〔2026〕12号 14), public once approved."""

    __tablename__ = "ratio_excuse"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    ground: Mapped[ExcuseGround] = mapped_column(words(ExcuseGround))
    explanation: Mapped[str] = mapped_column(Text)
    reported_on: Mapped[date]
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="RatioExcuse.maker_id", viewonly=True)

    __table_args__ = (
        CheckConstraint("explanation <> ''", name="explanation_given"),
        CheckConstraint("(state = 'posted') = (approved_at IS NOT NULL)", name="in_force_when_approved"),
        Index("ix_ratio_excuse_organisation_year", "organisation_id", "year", "id"),
    )
