"""Open bills (晒账单): what a period brought and took, frozen when it is published; and what was mended after that."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, words
from portal.periods import Period, Run, parse_period
from portal.registry.models import Campaign, Fund, Organisation, Project, Station
from portal.staff.models import Role, StaffMember

APPEND_ONLY_TABLES = ("bill", "bill_note_correction")


class Bill(Base):
    """A published bill of one period. Sums in fen.

    It is of the organisation, unless one of its funds, stations, projects or campaigns is named. ``period`` is
    ``2026-09``, ``2026Q3``, ``2026`` or ``run`` for the whole of a campaign, whose days are then kept. Stations,
    projects and campaigns keep no money of their own: nothing opens or closes their bills. ``figures`` is everything
    else that the bill shows (``bill_freezing.py``); the bills of the portal's first version have none.
    """

    __tablename__ = "bill"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bill_no: Mapped[str] = mapped_column(String(40), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    fund_id: Mapped[int | None] = mapped_column(ForeignKey("fund.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    period: Mapped[str] = mapped_column(String(7), index=True)
    run_first: Mapped[date | None]
    run_last: Mapped[date | None]
    opening_fen: Mapped[int | None] = mapped_column(BigInteger)
    income_fen: Mapped[int] = mapped_column(BigInteger)
    outgo_fen: Mapped[int] = mapped_column(BigInteger)
    moved_in_fen: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    moved_out_fen: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    closing_fen: Mapped[int | None] = mapped_column(BigInteger)
    entries: Mapped[int]
    ledger_size: Mapped[int] = mapped_column(BigInteger)
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    note: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime] = mapped_column(Instant)
    maker_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    fund: Mapped[Fund | None] = relationship(viewonly=True)
    station: Mapped[Station | None] = relationship(viewonly=True)
    project: Mapped[Project | None] = relationship(viewonly=True)
    campaign: Mapped[Campaign | None] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint(
            "closing_fen = opening_fen + income_fen - outgo_fen + moved_in_fen - moved_out_fen",
            name="bill_adds_up",
        ),
        CheckConstraint("(opening_fen IS NULL) = (closing_fen IS NULL)", name="opens_and_closes"),
        CheckConstraint("(period = 'run') = (run_first IS NOT NULL)", name="run_has_days"),
    )

    @property
    def subject(self) -> Organisation | Fund | Station | Project | Campaign:
        """Whose bill it is."""
        return self.fund or self.station or self.project or self.campaign or self.organisation

    @property
    def days(self) -> Period:
        """The period as a value."""
        if self.run_first is not None and self.run_last is not None:
            return Run(self.run_first, self.run_last)
        return parse_period(self.period)


class BillNoteCorrection(Base):
    """The words of a published bill, mended: what they were, what they are now, why, and in which function by whom.

    Written once; the newest of a bill holds. Figures are mended in the ledger alone.
    """

    __tablename__ = "bill_note_correction"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    number: Mapped[int]
    old_note: Mapped[str] = mapped_column(Text)
    new_note: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)
    maker_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    maker_role: Mapped[Role] = mapped_column(words(Role))

    bill: Mapped[Bill] = relationship(viewonly=True)

    __table_args__ = (UniqueConstraint("bill_id", "number"),)


class BillPlatformPage(Base):
    """Where a published bill stands on the national platform; the newest row holds (REQ-POS-01)."""

    __tablename__ = "bill_platform_page"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), index=True)
    url: Mapped[str] = mapped_column(String(300))
    noted_at: Mapped[datetime] = mapped_column(Instant)
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
