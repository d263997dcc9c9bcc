"""Pieces of evidence, their blacked-out versions, and the boxes that were laid over them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, words
from portal.files.boxes import Box
from portal.staff.documents import DocumentState, Reviewed
from portal.staff.models import StaffMember

APPEND_ONLY_TABLES = ("evidence_redaction", "evidence_box")


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    VOUCHER = "voucher"
    RECEIPT = "receipt"
    PHOTO = "photo"
    AGREEMENT = "agreement"
    DECISION = "decision"
    OTHER = "other"


class EvidenceState(StrEnum):
    """How far a piece is on its way to the public."""

    KEPT = "kept"
    PENDING = "pending"
    RETURNED = "returned"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


_SHOWN = {
    DocumentState.DRAFT: EvidenceState.KEPT,
    DocumentState.PENDING: EvidenceState.PENDING,
    DocumentState.RETURNED: EvidenceState.RETURNED,
    DocumentState.POSTED: EvidenceState.PUBLISHED,
    DocumentState.WITHDRAWN: EvidenceState.WITHDRAWN,
}


class Evidence(Reviewed, Base):
    """One paper or picture about a subject. What was handed in is private; only a blacked-out version is published.

    ``version`` rises with each redaction and is its number; the newest is the one under review, or the published one.
    ``sha256`` names the file that is kept, ``source_sha256`` the one that was handed in. ``note`` is for colleagues.
    """

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    subject_no: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(words(EvidenceKind))
    note: Mapped[str] = mapped_column(String(200), default="")
    media_type: Mapped[str] = mapped_column(String(40))
    extension: Mapped[str] = mapped_column(String(8))
    size_bytes: Mapped[int]
    pages: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    source_sha256: Mapped[str] = mapped_column(String(64))
    leaf_index: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    erased_at: Mapped[datetime | None] = mapped_column(Instant)
    erased_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))

    redactions: Mapped[list["Redaction"]] = relationship(order_by="Redaction.number", viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="Evidence.maker_id", viewonly=True)

    __table_args__ = (
        CheckConstraint("length(sha256) = 64 AND length(source_sha256) = 64", name="sha256_length"),
        CheckConstraint("state <> 'posted' OR leaf_index IS NOT NULL", name="published_has_leaf"),
        CheckConstraint(
            "(leaf_index IS NULL) = (published_at IS NULL) AND (leaf_index IS NULL) = (published_by_id IS NULL)",
            name="leaf_has_publisher",
        ),
        CheckConstraint(
            "published_by_id IS NULL OR (published_by_id <> maker_id AND published_by_id <> coalesce(editor_id, 0))",
            name="published_by_another",
        ),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (withdrawn_at IS NULL) = (withdrawn_reason = '')",
            name="withdrawn_says_why",
        ),
        CheckConstraint(
            "erased_at IS NULL OR (state = 'withdrawn' AND erased_by_id <> withdrawn_by_id)",
            name="erased_by_another",
        ),
        Index("ix_evidence_subject", "subject_kind", "subject_id"),
        Index(
            "uq_evidence_once_a_subject",
            "subject_kind",
            "subject_id",
            "source_sha256",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
    )

    @property
    def hands(self) -> set[int]:
        """Everybody who handed it in or blacked anything out: none of them may publish it."""
        return self.makers | {one.made_by_id for one in self.redactions}

    @property
    def redaction(self) -> "Redaction | None":
        """The newest blacked-out version."""
        return self.redactions[-1] if self.redactions else None

    @property
    def standing(self) -> EvidenceState:
        """How far it is, in the words of the desk."""
        return EvidenceState.ERASED if self.erased_at else _SHOWN[self.state]


class Redaction(Base):
    """A version of a piece that may be published: points only. ``caption`` is what the public reads beside it."""

    __tablename__ = "evidence_redaction"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"))
    number: Mapped[int]
    caption: Mapped[str] = mapped_column(String(80), default="")
    media_type: Mapped[str] = mapped_column(String(40))
    extension: Mapped[str] = mapped_column(String(8))
    size_bytes: Mapped[int]
    pages: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    thumbnail_sha256: Mapped[str] = mapped_column(String(64), index=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)

    boxes: Mapped[list["RedactionBox"]] = relationship(order_by="RedactionBox.id")

    __table_args__ = (
        UniqueConstraint("evidence_id", "number"),
        CheckConstraint("length(sha256) = 64 AND length(thumbnail_sha256) = 64", name="sha256_length"),
    )


class RedactionBox(Base):
    """A black box, in ten-thousandths of a page."""

    __tablename__ = "evidence_box"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    redaction_id: Mapped[int] = mapped_column(ForeignKey("evidence_redaction.id"), index=True)
    page: Mapped[int]
    from_left: Mapped[int]
    from_top: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]

    __table_args__ = (
        CheckConstraint("page > 0 AND width > 0 AND height > 0", name="has_a_place"),
        CheckConstraint(
            "from_left >= 0 AND from_top >= 0 AND from_left + width <= 10000 AND from_top + height <= 10000",
            name="within_the_page",
        ),
    )

    @property
    def box(self) -> Box:
        """As the file layer takes it."""
        return (self.page, self.from_left, self.from_top, self.width, self.height)
