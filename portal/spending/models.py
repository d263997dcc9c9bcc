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
    text,
)
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.committees.models import CommitteeDecision
from portal.db import Base, BigId, index_of_some, words
from portal.ledger import accounts
from portal.ledger.models import Channel, Delivery, Entry, Form, LedgerArrival
from portal.projects.choosing import code_of
from portal.projects.models import BudgetLine
from portal.registry.models import Campaign, Fund, Organisation, Project, Station
from portal.registry.purposes import CharitablePurpose
from portal.staff.documents import Made, moved_on
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


class DisbursementKind(StrEnum):
    """What a payout is for; which facts it needs, and what becomes of it, follows from this (``kinds.py``)."""

    AID = "aid"
    GRANT = "grant"
    PURCHASE = "purchase"
    GOODS = "goods"
    PROGRAMME = "programme"
    MANAGEMENT = "management"
    FUNDRAISING = "fundraising"


class DisbursementState(StrEnum):
    """The life of a payout: draft → pending (→ second pending) → approved → posted, which is paid or handed out.

    What waits has its money set aside. Refused, withdrawn and expired are ends; what is returned can be mended.
    """

    DRAFT = "draft"
    PENDING = "pending"
    SECOND_PENDING = "second_pending"
    APPROVED = "approved"
    POSTED = "posted"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


UNDER_REVIEW = (DisbursementState.PENDING, DisbursementState.SECOND_PENDING)
"""A reviewer has to decide."""

WAITING = (*UNDER_REVIEW, DisbursementState.APPROVED)
"""Money is set aside."""

ENDED = (DisbursementState.REFUSED, DisbursementState.WITHDRAWN, DisbursementState.EXPIRED)
"""Nothing will come of it any more."""

_WAITS = "state IN ('pending', 'second_pending', 'approved')"


COST_OF_KIND = {
    DisbursementKind.MANAGEMENT: CostKind.MANAGEMENT,
    DisbursementKind.FUNDRAISING: CostKind.FUNDRAISING,
}
"""What is neither management nor fundraising is charitable activity (慈善法 61)."""


class Disbursement(Made, Base):
    """One payout. ``recipient`` and ``purpose`` are public words: a group or an organisation, never a person.

    ``paid_on``, ``channel`` and ``payment_ref`` say how it was paid; before that they hold what is known already.
    """

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
    kind: Mapped[DisbursementKind] = mapped_column(
        words(DisbursementKind), server_default=DisbursementKind.PROGRAMME.value
    )
    state: Mapped[DisbursementState] = mapped_column(
        words(DisbursementState), default=DisbursementState.DRAFT, index=True
    )
    recipient: Mapped[str] = mapped_column(String(200))
    recipient_uscc: Mapped[str | None] = mapped_column(String(18))
    purpose: Mapped[str] = mapped_column(String(200))
    purpose_kind: Mapped[CharitablePurpose | None] = mapped_column(words(CharitablePurpose))
    committee_decision_id: Mapped[int | None] = mapped_column(ForeignKey("committee_decision.id"))
    beneficiary_count: Mapped[int | None]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    paid_on: Mapped[date | None]
    channel: Mapped[Channel | None] = mapped_column(words(Channel))
    payment_ref: Mapped[str] = mapped_column(String(120), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    late_reason: Mapped[str] = mapped_column(Text, default="")
    reserved_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    second_approver_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    use_salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    seal_lost: Mapped[bool] = mapped_column(default=False, server_default=false())

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    fund: Mapped[Fund] = relationship(viewonly=True)
    project: Mapped[Project | None] = relationship(viewonly=True)
    budget_line: Mapped[BudgetLine | None] = relationship(viewonly=True)
    committee_decision: Mapped[CommitteeDecision | None] = relationship(viewonly=True)
    campaign: Mapped[Campaign | None] = relationship(viewonly=True)
    entry: Mapped[Entry | None] = relationship(viewonly=True)
    station: Mapped[Station | None] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="Disbursement.maker_id", viewonly=True)
    delivery: Mapped[Delivery | None] = relationship(
        primaryjoin=lambda: Disbursement.entry_id == foreign(Delivery.entry_id), viewonly=True
    )
    items: Mapped[list["DisbursementItem"]] = relationship(
        order_by="DisbursementItem.line_no", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("amount_fen > 0 OR (amount_fen = 0 AND form = 'goods')", name="amount_positive"),
        CheckConstraint("beneficiary_count IS NULL OR beneficiary_count > 0", name="beneficiaries_positive"),
        CheckConstraint("(state = 'posted') = (entry_id IS NOT NULL)", name="posted_has_entry"),
        CheckConstraint(
            f"reserved_fen = CASE WHEN {_WAITS} AND form = 'money' THEN amount_fen ELSE 0 END",
            name="pending_is_reserved",
        ),
        CheckConstraint("(kind = 'goods') = (form = 'goods')", name="goods_are_goods"),
        CheckConstraint("kind <> 'aid' OR beneficiary_count IS NOT NULL", name="aid_says_how_many"),
        CheckConstraint(
            "state <> 'posted' OR (paid_on IS NOT NULL AND channel IS NOT NULL)", name="paid_some_day"
        ),
        # A comparison with nobody is neither true nor false, and lets the row pass.
        CheckConstraint("approver_id <> maker_id AND approver_id <> editor_id", name="approver_is_another"),
        CheckConstraint(
            "second_approver_id <> maker_id AND second_approver_id <> editor_id "
            "AND second_approver_id <> approver_id",
            name="second_approver_is_a_third",
        ),
        index_of_some("ix_disbursement_budget_line_id", "budget_line_id"),
        Index("ix_disbursement_organisation_state", "organisation_id", "state", "id"),
        Index(
            "ix_disbursement_waiting",
            "organisation_id",
            "submitted_at",
            sqlite_where=text(_WAITS),
            postgresql_where=text(_WAITS),
        ),
    )

    @property
    def budget_line_code(self) -> str | None:
        """The name of its line among those of all projects."""
        if self.project is None or self.budget_line is None:
            return None
        return code_of(self.project, self.budget_line)

    @property
    def can_be_edited(self) -> bool:
        """Whether it is still in its maker's hands."""
        return self.state in (DisbursementState.DRAFT, DisbursementState.RETURNED)

    @property
    def cost_kind(self) -> CostKind:
        """What kind of cost it is."""
        return COST_OF_KIND.get(self.kind, CostKind.PROGRAMME)

    def require_state(self, *states: DisbursementState) -> None:
        """Refuse when somebody else has moved the payout on.

        Raises:
            Conflict: it is in another state.
        """
        if self.state not in states:
            raise moved_on()

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


class DisbursementArrival(Base):
    """Who reported an arrival at the desk, and what they wrote about it (never public)."""

    __tablename__ = "disbursement_arrival"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    disbursement_id: Mapped[int] = mapped_column(ForeignKey("disbursement.id"), index=True)
    arrival_id: Mapped[int] = mapped_column(ForeignKey("ledger_arrival.id"), unique=True)
    note: Mapped[str] = mapped_column(String(500))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))

    arrival: Mapped[LedgerArrival] = relationship(viewonly=True)
    made_by: Mapped[StaffMember] = relationship(viewonly=True)


class DisbursementCounter(Base):
    """The last disbursement number of a year."""

    __tablename__ = "disbursement_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
