"""What somebody promised to give, at once or month by month. A promise is nobody's income (财会〔2024〕25号 73)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, words
from portal.registry.models import Fund, Organisation
from portal.staff.models import StaffMember


class PledgeRhythm(StrEnum):
    """In what steps a pledge is paid."""

    INSTALMENTS = "instalments"
    MONTHLY = "monthly"


class PledgeState(StrEnum):
    """Whether gifts are still expected."""

    OPEN = "open"
    CANCELLED = "cancelled"


class Pledge(Base):
    """A promise: so much in all by instalments, or a standing gift of so much each month.

    ``amount_fen`` is the whole sum of instalments, or the sum of one month. A monthly pledge may be
    without an end. The donor's name is private, as on a gift.
    """

    __tablename__ = "pledge"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    pledge_no: Mapped[str] = mapped_column(String(24), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    donor_name: Mapped[str] = mapped_column(String(200))
    rhythm: Mapped[PledgeRhythm] = mapped_column(words(PledgeRhythm))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[PledgeState] = mapped_column(words(PledgeState), default=PledgeState.OPEN)
    maker_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

    fund: Mapped[Fund] = relationship(viewonly=True)
    organisation: Mapped[Organisation] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(viewonly=True)
    instalments: Mapped[list["PledgeInstalment"]] = relationship(
        order_by="PledgeInstalment.due_on", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )


class PledgeInstalment(Base):
    """One step of a pledge: so much by a day."""

    __tablename__ = "pledge_instalment"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"), index=True)
    due_on: Mapped[date]
    amount_fen: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount_positive"),)


class PledgeCounter(Base):
    """The last pledge number of a year."""

    __tablename__ = "pledge_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
