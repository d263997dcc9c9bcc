"""What hangs on a thing of the registry: the people in charge of it, and the papers about it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, Instant, words
from portal.registry.models import SubjectKind


class Body(StrEnum):
    """In which capacity somebody answers for a thing (慈善法 13: the bodies that decide, execute and supervise)."""

    IN_CHARGE = "in_charge"
    DECIDING = "deciding"
    EXECUTING = "executing"
    SUPERVISING = "supervising"


class AttachmentKind(StrEnum):
    """What a paper is."""

    CHARTER = "charter"
    CERTIFICATE = "certificate"
    QUALIFICATION = "qualification"
    PLAN = "plan"
    AGREEMENT = "agreement"
    MINUTES = "minutes"
    PHOTO = "photo"
    OTHER = "other"


class Officer(Base):
    """A person in charge. Name and position are public (慈善法 78); nothing else about the person is kept."""

    __tablename__ = "officer"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_kind: Mapped[SubjectKind] = mapped_column(words(SubjectKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[str] = mapped_column(String(60))
    body: Mapped[Body] = mapped_column(words(Body))
    since: Mapped[date]
    until: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="until_after_since"),
        CheckConstraint("body IN ('in_charge', 'deciding', 'executing', 'supervising')", name="body_known"),
        Index("ix_officer_subject", "subject_kind", "subject_id"),
    )


class Attachment(Base):
    """A paper or picture about a thing, kept under its hash. A withdrawn one is no longer shown, but stays kept."""

    __tablename__ = "registry_attachment"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_kind: Mapped[SubjectKind] = mapped_column(words(SubjectKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[AttachmentKind] = mapped_column(words(AttachmentKind))
    title: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(40))
    extension: Mapped[str] = mapped_column(String(8))
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    public: Mapped[bool] = mapped_column(default=False)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        Index("ix_registry_attachment_subject", "subject_kind", "subject_id"),
    )
