"""How one may give to an organisation: its bank accounts, and its campaigns' pages on the designated platforms."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, words
from portal.registry.models import Campaign, Organisation
from portal.staff.documents import DocumentState, Reviewed
from portal.staff.models import StaffMember


class WayKind(StrEnum):
    """Where the money goes: into an account at a bank, or through a page of a designated platform."""

    ACCOUNT = "account"
    PLATFORM = "platform"


class GivingWay(Reviewed, Base):
    """One way to give, entered by one person and compared with the papers by another before anybody sees it.

    Whoever changes an account number steals every gift that follows: so nothing here is ever edited. What is wrong is
    ended, which one person may do at once, and entered anew.
    """

    __tablename__ = "giving_way"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    kind: Mapped[WayKind] = mapped_column(words(WayKind))
    account_name: Mapped[str] = mapped_column(String(120), default="")
    bank: Mapped[str] = mapped_column(String(120), default="")
    account_no: Mapped[str] = mapped_column(String(40), default="")
    platform: Mapped[str] = mapped_column(String(60), default="")
    url: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    campaign: Mapped[Campaign | None] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="GivingWay.maker_id", viewonly=True)

    __table_args__ = (
        CheckConstraint("kind IN ('account', 'platform')", name="kind_known"),
        CheckConstraint(
            "(kind = 'account') = (account_no <> '' AND account_name <> '' AND bank <> '')",
            name="account_is_whole",
        ),
        CheckConstraint("(kind = 'platform') = (url <> '' AND platform <> '')", name="page_is_whole"),
        CheckConstraint("kind = 'account' OR campaign_id IS NOT NULL", name="page_of_campaign"),
        CheckConstraint("(state = 'posted') = (published_at IS NOT NULL)", name="posted_is_published"),
        CheckConstraint("ended_at IS NULL OR published_at IS NOT NULL", name="ended_was_published"),
    )

    @property
    def shown(self) -> bool:
        """Whether the public sees it now."""
        return self.state is DocumentState.POSTED and self.ended_at is None

    @property
    def spaced_account_no(self) -> str:
        """The account number in groups of four, as it is read aloud and typed."""
        return " ".join(self.account_no[at : at + 4] for at in range(0, len(self.account_no), 4))
