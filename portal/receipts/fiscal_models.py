"""Fiscal receipts (公益事业捐赠统一票据) of the fiscal platform; the portal registers and never prints them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant
from portal.giving.models import Donation


class FiscalState(StrEnum):
    """How a gift stands with its fiscal receipt (慈善法 38; E26)."""

    OPEN = "open"
    ISSUED = "issued"
    RED_REVERSED = "red_reversed"
    WAIVED = "waived"
    ANONYMOUS = "anonymous"
    VALUE_PENDING = "value_pending"


class FiscalReceipt(Base):
    """One receipt of the platform, by code and number; ``red_number`` is the receipt that cancelled it, if one did.

    Of the check code only a keyed digest is kept: enough to compare, not enough to look anybody's receipt up.
    """

    __tablename__ = "fiscal_receipt"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), index=True)
    code: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(20))
    check_digest: Mapped[str] = mapped_column(String(64))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    issued_on: Mapped[date]
    red_number: Mapped[str] = mapped_column(String(20), default="")
    red_on: Mapped[date | None]
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))

    donation: Mapped[Donation] = relationship(viewonly=True)

    __table_args__ = (
        UniqueConstraint("code", "number"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("(red_number = '') = (red_on IS NULL)", name="red_has_day"),
    )


class FiscalWaiver(Base):
    """That a donor wants no receipt (慈善法 38); recorded as such."""

    __tablename__ = "fiscal_waiver"

    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
