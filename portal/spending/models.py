"""Payouts as staff request them, before and after they stand in the ledger."""

from datetime import date
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
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, index_of_some, words
from portal.ledger import accounts
from portal.ledger.models import Channel, Entry, Form
from portal.projects.models import BudgetLine
from portal.registry.models import Campaign, Fund, Organisation, Project, Station
from portal.staff.documents import Reviewed
from portal.staff.models import StaffMember
from portal.stock.models import StockItem


class CostKind(StrEnum):
    """What kind of cost a payout is (慈善法 61: programme, management and fundraising are told apart)."""

    PROGRAMME = "programme"
    MANAGEMENT = "management"
    FUNDRAISING = "fundraising"
    OTHER = "other"


COST_OF_ACCOUNT = {
    accounts.PROGRAMME: CostKind.PROGRAMME,
    accounts.MANAGEMENT: CostKind.MANAGEMENT,
    accounts.FUNDRAISING: CostKind.FUNDRAISING,
    accounts.OTHER_COST: CostKind.OTHER,
}
"""What a cost account is called on bills; ``other`` is what spoilt or was sold below its value, never a payout."""


class Disbursement(Reviewed, Base):
    """One payout. ``recipient`` and ``purpose`` are public words: a group or an organisation, never a person."""

    __tablename__ = "disbursement"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    disbursement_no: Mapped[str] = mapped_column(String(24), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    budget_line_id: Mapped[int | None] = mapped_column(ForeignKey("project_budget_line.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    form: Mapped[Form] = mapped_column(words(Form), default=Form.MONEY, server_default=Form.MONEY.value)
    recipient: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(200))
    cost_kind: Mapped[CostKind] = mapped_column(words(CostKind))
    beneficiary_count: Mapped[int | None]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    paid_on: Mapped[date]
    channel: Mapped[Channel] = mapped_column(words(Channel))
    payment_ref: Mapped[str] = mapped_column(String(120), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    late_reason: Mapped[str] = mapped_column(Text, default="")
    reserved_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    use_salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    seal_lost: Mapped[bool] = mapped_column(default=False, server_default=false())

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    fund: Mapped[Fund] = relationship(viewonly=True)
    project: Mapped[Project | None] = relationship(viewonly=True)
    budget_line: Mapped[BudgetLine | None] = relationship(viewonly=True)
    campaign: Mapped[Campaign | None] = relationship(viewonly=True)
    entry: Mapped[Entry | None] = relationship(viewonly=True)
    station: Mapped[Station | None] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="Disbursement.maker_id", viewonly=True)
    items: Mapped[list["DisbursementItem"]] = relationship(
        order_by="DisbursementItem.line_no", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("amount_fen > 0 OR (amount_fen = 0 AND form = 'goods')", name="amount_positive"),
        CheckConstraint("beneficiary_count IS NULL OR beneficiary_count > 0", name="beneficiaries_positive"),
        CheckConstraint("(state = 'posted') = (entry_id IS NOT NULL)", name="posted_has_entry"),
        CheckConstraint(
            "reserved_fen = CASE WHEN state = 'pending' AND form = 'money' THEN amount_fen ELSE 0 END",
            name="pending_is_reserved",
        ),
        index_of_some("ix_disbursement_budget_line_id", "budget_line_id"),
        Index("ix_disbursement_organisation_state", "organisation_id", "state", "id"),
    )

    @property
    def use_part(self) -> dict[str, object]:
        """The private part ``use`` of its leaf (docs/adr/0011)."""
        part: dict[str, object] = {
            "recipient": self.recipient,
            "purpose": self.purpose,
            "beneficiary_count": self.beneficiary_count,
        }
        if self.items:
            part["goods"] = [
                [one.item, one.specification, one.unit, one.quantity_thousandths] for one in self.items
            ]
        return part


class DisbursementItem(Base):
    """One line of goods given out."""

    __tablename__ = "disbursement_item"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    disbursement_id: Mapped[int] = mapped_column(ForeignKey("disbursement.id"))
    line_no: Mapped[int]
    item_id: Mapped[int] = mapped_column(ForeignKey("stock_item.id"))
    quantity_thousandths: Mapped[int] = mapped_column(BigInteger)

    thing: Mapped[StockItem] = relationship(viewonly=True, lazy="joined")
    item: AssociationProxy[str] = association_proxy("thing", "item")
    specification: AssociationProxy[str] = association_proxy("thing", "specification")
    unit: AssociationProxy[str] = association_proxy("thing", "unit")

    __table_args__ = (
        UniqueConstraint("disbursement_id", "line_no"),
        CheckConstraint("quantity_thousandths > 0", name="quantity_positive"),
    )


class DisbursementCounter(Base):
    """The last disbursement number of a year."""

    __tablename__ = "disbursement_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
