"""Counts of the till, each for good: a second count is a row of its own."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant
from portal.staff.models import StaffMember

APPEND_ONLY_TABLES = ("till_count",)


class TillCount(Base):
    """The cash that one clerk found at the end of a day, and what the books said of it at that moment."""

    __tablename__ = "till_count"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    day: Mapped[date]
    maker_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    counted_fen: Mapped[int] = mapped_column(BigInteger)
    logged_fen: Mapped[int] = mapped_column(BigInteger)
    posted_fen: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)

    maker: Mapped[StaffMember] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint("counted_fen >= 0", name="counted_not_negative"),
        CheckConstraint("counted_fen = logged_fen OR note <> ''", name="difference_is_explained"),
        Index("ix_till_count_maker_day", "maker_id", "day"),
    )

    @property
    def difference_fen(self) -> int:
        """What was found above (or, below zero, short of) what was logged."""
        return self.counted_fen - self.logged_fen
