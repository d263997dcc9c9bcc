"""Papers given out for gifts: acknowledgements (捐赠回执) and certificates (捐赠证书). Neither is a fiscal receipt."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant
from portal.giving.models import Donation
from portal.staff.models import StaffMember


class Acknowledgement(Base):
    """That a gift's acknowledgement was given out; its number is the ``receipt_no`` of the entry, taken with it.

    ``lookup_code`` opens the gift's trail to whoever holds the paper; it stands nowhere else. ``printed`` counts the
    papers. A void number stays in the register (gapless, never given again).
    """

    __tablename__ = "acknowledgement"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), unique=True)
    receipt_no: Mapped[str] = mapped_column(String(40), unique=True)
    lookup_code: Mapped[str] = mapped_column(String(12))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    printed: Mapped[int] = mapped_column(default=1)
    voided_at: Mapped[datetime | None] = mapped_column(Instant)
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    void_reason: Mapped[str] = mapped_column(Text, default="")

    donation: Mapped[Donation] = relationship(viewonly=True)
    issued_by: Mapped[StaffMember] = relationship(foreign_keys=[issued_by_id], viewonly=True)

    __table_args__ = (
        CheckConstraint("printed >= 1", name="printed_at_least_once"),
        CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="void_has_reason"),
    )


class Certificate(Base):
    """A certificate of thanks, one for a gift at most; numbered without a gap in each organisation and year."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), unique=True)
    certificate_no: Mapped[str] = mapped_column(String(24), unique=True)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    printed: Mapped[int] = mapped_column(default=1)

    donation: Mapped[Donation] = relationship(viewonly=True)


class CertificateCounter(Base):
    """The last certificate number of an organisation in a year."""

    __tablename__ = "certificate_counter"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
