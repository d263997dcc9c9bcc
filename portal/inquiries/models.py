"""What donors ask about their gifts; the organisation answers within 20 days (慈善法 42, 广州市慈善促进条例 23)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant
from portal.giving.models import Donation
from portal.registry.models import Organisation
from portal.staff.models import StaffMember


class Inquiry(Base):
    """One question about one gift and its answer. Only the donor and the staff of the organisation read it."""

    __tablename__ = "inquiry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    question: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))

    donation: Mapped[Donation] = relationship(viewonly=True)
    organisation: Mapped[Organisation] = relationship(viewonly=True)
    answered_by: Mapped[StaffMember | None] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answer_has_a_time"),
        Index(
            "ix_inquiry_open",
            "organisation_id",
            "due_on",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )
