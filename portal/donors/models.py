"""Donors, what is known to reach them by, and which of them turned out to be the same."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, words
from portal.registry.models import Organisation
from portal.staff.models import StaffMember


class DonorKind(StrEnum):
    """Who gave."""

    PERSON = "person"
    HOUSEHOLD = "household"
    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    GROUP = "group"
    ANONYMOUS = "anonymous"


class ContactKind(StrEnum):
    """What a donor is reached by."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


class Donor(Base):
    """Somebody who gave to one organisation; organisations do not see each other's donors.

    ``pinyin`` and ``initials`` are search keys made of the name. ``station_id`` is where the donor was first met: a
    station knows its own donors only. A donor that was merged into another stays as it was and points to it, so that
    undoing the merge restores everything.
    """

    __tablename__ = "donor"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    kind: Mapped[DonorKind] = mapped_column(words(DonorKind))
    name: Mapped[str] = mapped_column(String(200))
    pinyin: Mapped[str] = mapped_column(String(1200))
    initials: Mapped[str] = mapped_column(String(200))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("donor.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    maker_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    erased_at: Mapped[datetime | None] = mapped_column(Instant)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    contacts: Mapped[list["DonorContact"]] = relationship(
        order_by="DonorContact.id", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        Index("ix_donor_name", "organisation_id", "name"),
        Index("ix_donor_pinyin", "organisation_id", "pinyin"),
        Index("ix_donor_initials", "organisation_id", "initials"),
    )


class DonorContact(Base):
    """A telephone number, an address: encrypted, and found again by keyed digests of it (``vault.py``).

    ``tail_digest`` is of the last four digits of a number.
    """

    __tablename__ = "donor_contact"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("donor.id"))
    kind: Mapped[ContactKind] = mapped_column(words(ContactKind))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    tail_digest: Mapped[str] = mapped_column(String(64), index=True)

    __table_args__ = (UniqueConstraint("donor_id", "digest"),)


class DonorMerge(Base):
    """That somebody took two donors for the same, and perhaps that it was undone."""

    __tablename__ = "donor_merge"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("donor.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("donor.id"), index=True)
    merged_at: Mapped[datetime] = mapped_column(Instant)
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))

    merged: Mapped[Donor] = relationship(foreign_keys=[merged_id], viewonly=True)
    merged_by: Mapped[StaffMember] = relationship(foreign_keys=[merged_by_id], viewonly=True)
