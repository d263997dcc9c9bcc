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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, index_of_some, words
from portal.donors.models import Donor, DonorKind
from portal.giving.masking import mask
from portal.giving.pledge_models import Pledge
from portal.i18n import gettext as _
from portal.ledger.models import Channel, Entry, Form
from portal.registry.models import Campaign, Fund, Organisation, Project, Station
from portal.staff.documents import Reviewed
from portal.staff.models import StaffMember
from portal.stock.lines import ValuationBasis

ON_HONOUR_ROLL = "publish_name AND NOT anonymous AND entry_id IS NOT NULL"
"""Which gifts the honour roll may name, in the words of its index: a query has to say it in the same words."""


class Restriction(StrEnum):
    """What a donor binds a gift to (慈善法 56)."""

    NONE = "none"
    PURPOSE = "purpose"
    TIME = "time"
    BOTH = "both"


class Donation(Reviewed, Base):
    """One gift. ``donor_name``, ``payer_name`` and ``remark`` are private; only ``public_donor`` leaves the house.

    ``amount_fen`` is what the gift is worth in the books: the money received (foreign money at the rate of the day), or
    the sum of its lines that have a value; 0 when none has. ``agency`` marks what is only passed on to a named
    beneficiary, whose name is private as well.
    """

    __tablename__ = "donation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donation_no: Mapped[str] = mapped_column(String(24), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    donor_id: Mapped[int | None] = mapped_column(ForeignKey("donor.id"))
    donor_name: Mapped[str] = mapped_column(String(200), default="")
    donor_kind: Mapped[DonorKind] = mapped_column(words(DonorKind))
    anonymous: Mapped[bool] = mapped_column(default=False)
    publish_name: Mapped[bool] = mapped_column(default=False)
    mask_name: Mapped[bool] = mapped_column(default=False, server_default=false())
    payer_name: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    restriction: Mapped[Restriction] = mapped_column(
        words(Restriction), default=Restriction.NONE, server_default=Restriction.NONE.value
    )
    restriction_text: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    restricted_until: Mapped[date | None]
    agency: Mapped[bool] = mapped_column(default=False, server_default=false())
    agency_beneficiary: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    currency: Mapped[str] = mapped_column(String(3), default="CNY", server_default="CNY")
    foreign_amount: Mapped[str] = mapped_column(String(24), default="", server_default=text("''"))
    exchange_rate: Mapped[str] = mapped_column(String(24), default="", server_default=text("''"))
    rate_source: Mapped[str] = mapped_column(String(120), default="", server_default=text("''"))
    pledge_id: Mapped[int | None] = mapped_column(ForeignKey("pledge.id"))
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
    goods_salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    seal_lost: Mapped[bool] = mapped_column(default=False, server_default=false())
    erased_at: Mapped[datetime | None] = mapped_column(Instant)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    fund: Mapped[Fund] = relationship(viewonly=True)
    station: Mapped[Station | None] = relationship(viewonly=True)
    campaign: Mapped[Campaign | None] = relationship(viewonly=True)
    project: Mapped[Project | None] = relationship(viewonly=True)
    entry: Mapped[Entry | None] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="Donation.maker_id", viewonly=True)
    pledge: Mapped[Pledge | None] = relationship(viewonly=True)
    donor: Mapped[Donor | None] = relationship(viewonly=True)
    items: Mapped[list["DonationItem"]] = relationship(
        order_by="DonationItem.line_no", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("amount_fen > 0 OR (amount_fen = 0 AND form <> 'money')", name="amount_positive"),
        CheckConstraint("NOT (anonymous AND publish_name)", name="anonymous_is_not_published"),
        CheckConstraint("(state = 'posted') = (entry_id IS NOT NULL)", name="posted_has_entry"),
        UniqueConstraint("organisation_id", "content_key"),
        Index("ix_donation_organisation_state", "organisation_id", "state", "id"),
        *(
            index_of_some(f"ix_donation_{kind}_id", f"{kind}_id")
            for kind in ("station", "campaign", "project", "donor", "pledge")
        ),
        Index("ix_donation_organisation_channel_day", "organisation_id", "channel", "received_on"),
        Index(
            "ix_donation_honour_roll",
            "received_on",
            "id",
            sqlite_where=text(ON_HONOUR_ROLL),
            postgresql_where=text(ON_HONOUR_ROLL),
        ),
    )

    @property
    def donor_part(self) -> dict[str, object]:
        """The private part ``donor`` of its leaf."""
        return donor_part(self.donor_name, self.donor_kind, anonymous=self.anonymous)

    @property
    def goods_part(self) -> list[dict[str, object]]:
        """The part ``goods`` of its leaf: what was given, line by line. It is public; the words stay out of the log."""
        return [one.part for one in self.items]

    @property
    def public_donor(self) -> str:
        """The donor as the public may see it (慈善法 82, PIPL 25: only with separate consent)."""
        return public_donor(
            self.donor_name,
            publish_name=self.publish_name,
            anonymous=self.anonymous,
            masked=self.mask_name,
        )


class DonationItem(Base):
    """One line of a gift that is not money: what, how much of it, and what it is worth, if anything says so.

    ``quantity_thousandths`` is in thousandths of the unit, ``value_fen`` the worth of the whole line. The words are
    public, so they name things and never people.
    """

    __tablename__ = "donation_item"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"))
    line_no: Mapped[int]
    item: Mapped[str] = mapped_column(String(120))
    specification: Mapped[str] = mapped_column(String(120), default="")
    unit: Mapped[str] = mapped_column(String(12))
    quantity_thousandths: Mapped[int] = mapped_column(BigInteger)
    value_fen: Mapped[int | None] = mapped_column(BigInteger)
    valuation_basis: Mapped[ValuationBasis | None] = mapped_column(words(ValuationBasis))
    valuation_document: Mapped[str] = mapped_column(String(120), default="")
    expires_on: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("donation_id", "line_no"),
        CheckConstraint("quantity_thousandths > 0", name="quantity_positive"),
        CheckConstraint("value_fen IS NULL OR value_fen > 0", name="value_positive"),
        CheckConstraint("(value_fen IS NULL) = (valuation_basis IS NULL)", name="value_has_basis"),
    )

    @property
    def part(self) -> dict[str, object]:
        """What is sealed of it."""
        return {
            "item": self.item,
            "specification": self.specification,
            "unit": self.unit,
            "thousandths": self.quantity_thousandths,
            "fen": self.value_fen,
        }


class DonationCounter(Base):
    """The last donation number of a year."""

    __tablename__ = "donation_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


def donor_part(name: str, kind: DonorKind, *, anonymous: bool) -> dict[str, object]:
    """Who gave, as it is sealed in a gift's leaf (docs/adr/0011)."""
    return {"name": name, "kind": kind.value, "anonymous": anonymous}


def public_donor(
    donor_name: str | None,
    *,
    publish_name: bool | None,
    anonymous: bool | None,
    masked: bool | None = False,
) -> str:
    """The name that may be shown: the donor's own with consent, or its masked form if that was chosen.

    Without consent it is 爱心人士, not even masked (PIPL 73: a masked name is still personal).
    """
    named = named_donor(donor_name, publish_name=publish_name, anonymous=anonymous, masked=masked)
    return named if named is not None else _("爱心人士")


def named_donor(
    donor_name: str | None,
    *,
    publish_name: bool | None,
    anonymous: bool | None,
    masked: bool | None = False,
) -> str | None:
    """The donor's own name or its masked form where the donor agreed to be named, else None."""
    if donor_name and publish_name and not anonymous:
        return mask(donor_name) if masked else donor_name
    return None
