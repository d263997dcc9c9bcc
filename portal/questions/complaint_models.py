"""Complaints to the civil affairs bureau (慈善法 108), and what the bureau found."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant
from portal.db import words as words_of
from portal.questions.models import AboutKind, Question
from portal.registry.models import Organisation
from portal.staff.models import StaffMember

APPEND_ONLY_TABLES = ("complaint", "complaint_outcome")


class Finding(StrEnum):
    """What the bureau found."""

    JUSTIFIED = "justified"
    PARTLY = "partly"
    UNFOUNDED = "unfounded"
    PASSED_ON = "passed_on"


class Complaint(Base):
    """One complaint. Its words are for the bureau only."""

    __tablename__ = "complaint"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_no: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    about_kind: Mapped[AboutKind] = mapped_column(words_of(AboutKind))
    about_no: Mapped[str] = mapped_column(String(60))
    about_name: Mapped[str] = mapped_column(String(200))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date]
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    question: Mapped[Question | None] = relationship(viewonly=True)
    outcome: Mapped["ComplaintOutcome | None"] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint("words <> ''", name="says_something"),
        Index("ix_complaint_due", "due_on"),
    )


class ComplaintOutcome(Base):
    """What the bureau found, in words for everybody; said once."""

    __tablename__ = "complaint_outcome"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), unique=True)
    finding: Mapped[Finding] = mapped_column(words_of(Finding))
    words: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(Instant)
    decided_on: Mapped[date]
    working_days_taken: Mapped[int]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))

    decided_by: Mapped[StaffMember] = relationship(viewonly=True)

    __table_args__ = (CheckConstraint("words <> ''", name="says_something"),)


class ComplaintCounter(Base):
    """The last case number that was given out in a year."""

    __tablename__ = "complaint_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
