"""Gifts as staff log them, before and after they stand in the ledger."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, words
from portal.i18n import gettext as _
from portal.ledger.models import Channel, Entry, Form
from portal.registry.models import Campaign, Fund, Organisation, Project, Station
from portal.staff.documents import Reviewed
from portal.staff.models import StaffMember


class DonorKind(StrEnum):
    """Who gave."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    GROUP = "group"
    ANONYMOUS = "anonymous"


class Donation(Reviewed, Base):
    """One gift. ``donor_name`` and ``remark`` are private; only ``public_donor`` leaves the house."""

    __tablename__ = "donation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donation_no: Mapped[str] = mapped_column(String(24), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    donor_name: Mapped[str] = mapped_column(String(200), default="")
    donor_kind: Mapped[DonorKind] = mapped_column(words(DonorKind))
    anonymous: Mapped[bool] = mapped_column(default=False)
    publish_name: Mapped[bool] = mapped_column(default=False)
    form: Mapped[Form] = mapped_column(words(Form), default=Form.MONEY)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    received_on: Mapped[date]
    channel: Mapped[Channel] = mapped_column(words(Channel))
    external_ref: Mapped[str] = mapped_column(String(120), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    late_reason: Mapped[str] = mapped_column(Text, default="")
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    content_key: Mapped[str | None] = mapped_column(String(64))
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    donor_salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    seal_lost: Mapped[bool] = mapped_column(default=False, server_default=false())
    erased_at: Mapped[datetime | None] = mapped_column(Instant)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    fund: Mapped[Fund] = relationship(viewonly=True)
    station: Mapped[Station | None] = relationship(viewonly=True)
    campaign: Mapped[Campaign | None] = relationship(viewonly=True)
    project: Mapped[Project | None] = relationship(viewonly=True)
    entry: Mapped[Entry | None] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="Donation.maker_id", viewonly=True)

    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("NOT (anonymous AND publish_name)", name="anonymous_is_not_published"),
        CheckConstraint("(state = 'posted') = (entry_id IS NOT NULL)", name="posted_has_entry"),
        UniqueConstraint("organisation_id", "content_key"),
        Index("ix_donation_organisation_state", "organisation_id", "state", "id"),
    )

    @property
    def donor_part(self) -> dict[str, object]:
        """The private part ``donor`` of its leaf."""
        return donor_part(self.donor_name, self.donor_kind, anonymous=self.anonymous)

    @property
    def public_donor(self) -> str:
        """The donor as the public may see it (慈善法 82, PIPL 25: only with separate consent)."""
        return public_donor(self.donor_name, publish_name=self.publish_name, anonymous=self.anonymous)


class DonationCounter(Base):
    """The last donation number of a year."""

    __tablename__ = "donation_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


def donor_part(name: str, kind: DonorKind, *, anonymous: bool) -> dict[str, object]:
    """Who gave, as it is sealed in a gift's leaf (docs/adr/0011)."""
    return {"name": name, "kind": kind.value, "anonymous": anonymous}


def public_donor(donor_name: str | None, *, publish_name: bool | None, anonymous: bool | None) -> str:
    """The name that may be shown: the donor's own with consent, else 爱心人士, not even masked."""
    if donor_name and publish_name and not anonymous:
        return donor_name
    return _("爱心人士")
