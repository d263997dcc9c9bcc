"""Open bills (晒账单): what a month brought and took, frozen when it is published."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant
from portal.registry.models import Fund, Organisation

APPEND_ONLY_TABLES = ("bill",)


class Bill(Base):
    """A published bill of one month, of an organisation or of one of its funds. Sums in fen."""

    __tablename__ = "bill"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bill_no: Mapped[str] = mapped_column(String(40), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    fund_id: Mapped[int | None] = mapped_column(ForeignKey("fund.id"), index=True)
    month: Mapped[str] = mapped_column(String(7), index=True)
    opening_fen: Mapped[int] = mapped_column(BigInteger)
    income_fen: Mapped[int] = mapped_column(BigInteger)
    outgo_fen: Mapped[int] = mapped_column(BigInteger)
    moved_in_fen: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    moved_out_fen: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    closing_fen: Mapped[int] = mapped_column(BigInteger)
    entries: Mapped[int]
    ledger_size: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime] = mapped_column(Instant)
    maker_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    fund: Mapped[Fund | None] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint(
            "closing_fen = opening_fen + income_fen - outgo_fen + moved_in_fen - moved_out_fen",
            name="bill_adds_up",
        ),
    )


class BillPlatformPage(Base):
    """Where a published bill stands on the national platform; the newest row holds (REQ-POS-01)."""

    __tablename__ = "bill_platform_page"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), index=True)
    url: Mapped[str] = mapped_column(String(300))
    noted_at: Mapped[datetime] = mapped_column(Instant)
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
