"""A donor's consent to be named in public: separate, on record, and withdrawn at any time (PIPL 15, 25; REQ-PRV-02)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, words
from portal.i18n import lazy_gettext as _l
from portal.refusals import Sentence
from portal.staff.models import StaffMember

TEXT_VERSION = "2026-1"
"""The wording that is read out or shown today."""

TEXTS: dict[str, Sentence] = {
    TEXT_VERSION: _l(
        "我同意在慈善账本网站上公开我（单位）的名称和这笔捐赠。不同意不影响捐赠；随时可以撤回，撤回后网站不再显示。"
    ),
}
"""Every wording that consent was ever given to; a changed wording gets a new version and leaves the old one here."""


class ConsentShown(StrEnum):
    """What a donor agreed to have shown."""

    NAME = "name"
    MASKED = "masked"


class ConsentHow(StrEnum):
    """How consent reached us, or was taken back."""

    IN_PERSON = "in_person"
    PAPER = "paper"
    TELEPHONE = "telephone"
    ONLINE = "online"
    LIST = "list"
    CORRECTION = "correction"
    UNRECORDED = "unrecorded"


class NameConsent(Base):
    """That the donor of a gift agreed to be named, to which words, when and how, and until when.

    ``recorded_by`` is empty when the donor said so without us, on ``/my-gift``.
    """

    __tablename__ = "name_consent"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), index=True)
    shown: Mapped[ConsentShown] = mapped_column(words(ConsentShown))
    text_version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(Instant)
    given_how: Mapped[ConsentHow] = mapped_column(words(ConsentHow))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_how: Mapped[ConsentHow | None] = mapped_column(words(ConsentHow))
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))

    recorded_by: Mapped[StaffMember | None] = relationship(foreign_keys=[recorded_by_id], viewonly=True)

    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_how IS NULL)", name="withdrawn_somehow"),
        Index(
            "uq_name_consent_live",
            "donation_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )
