"""Money that moves from one fund to another, and changes of purpose with what they rest on."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.committees.models import CommitteeDecision
from portal.db import Base, BigId, Instant, words
from portal.ledger.models import Channel, Entry
from portal.periods import today
from portal.registry.models import Fund, Organisation
from portal.registry.purposes import CharitablePurpose
from portal.staff.documents import DocumentState, Reviewed
from portal.staff.models import StaffMember


class TransferKind(StrEnum):
    """Between funds of one organisation, to another organisation, or from one purpose to another."""

    TRANSFER = "transfer"
    GRANT = "grant"
    PURPOSE_CHANGE = "purpose_change"


class ChangeBasis(StrEnum):
    """What a change of purpose rests on (慈善法 56, 广州市慈善促进条例 24)."""

    CONSENT = "consent"
    NOTICE = "notice"
    PLAN = "plan"


class NoticeState(StrEnum):
    """How far a public notice is."""

    RUNNING = "running"
    OVER = "over"
    CHANGED = "changed"
    DROPPED = "dropped"


class FundTransfer(Reviewed, Base):
    """One transfer. ``reason`` is public; the amount is set aside in the fund it leaves while it waits."""

    __tablename__ = "fund_transfer"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    transfer_no: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[TransferKind] = mapped_column(words(TransferKind))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    to_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    from_fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    to_fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    channel: Mapped[Channel] = mapped_column(words(Channel))
    moved_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    late_reason: Mapped[str] = mapped_column(Text, default="")
    reserved_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    committee_decision_id: Mapped[int | None] = mapped_column(ForeignKey("committee_decision.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id], viewonly=True)
    to_organisation: Mapped[Organisation] = relationship(foreign_keys=[to_organisation_id], viewonly=True)
    from_fund: Mapped[Fund] = relationship(foreign_keys=[from_fund_id], viewonly=True)
    to_fund: Mapped[Fund] = relationship(foreign_keys=[to_fund_id], viewonly=True)
    committee_decision: Mapped[CommitteeDecision | None] = relationship(viewonly=True)
    entry: Mapped[Entry | None] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="FundTransfer.maker_id", viewonly=True)
    change: Mapped["PurposeChange | None"] = relationship(cascade="all, delete-orphan")
    objections: Mapped[list["PurposeObjection"]] = relationship(order_by="PurposeObjection.id", viewonly=True)

    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("(state = 'posted') = (entry_id IS NOT NULL)", name="posted_has_entry"),
        CheckConstraint(
            "reserved_fen = CASE WHEN state = 'pending' THEN amount_fen ELSE 0 END",
            name="pending_is_reserved",
        ),
        CheckConstraint("kind = 'purpose_change' OR from_fund_id <> to_fund_id", name="two_funds"),
        CheckConstraint(
            "(kind = 'grant') = (organisation_id <> to_organisation_id)", name="grant_leaves_the_organisation"
        ),
        Index("ix_fund_transfer_organisation_state", "organisation_id", "state", "id"),
    )

    @property
    def open_objections(self) -> list["PurposeObjection"]:
        """Objections that nobody has answered yet."""
        return [one for one in self.objections if one.settled_at is None]

    @property
    def notice_state(self) -> NoticeState:
        """How far its public notice is."""
        change = self.change
        if self.state is DocumentState.POSTED:
            return NoticeState.CHANGED
        if self.state is not DocumentState.PENDING:
            return NoticeState.DROPPED
        running = (
            change is not None and change.notice_last_day is not None and today() <= change.notice_last_day
        )
        return NoticeState.RUNNING if running else NoticeState.OVER

    @property
    def waits_for_notice(self) -> bool:
        """Whether its public notice has still to be opened."""
        change = self.change
        return (
            self.state is DocumentState.PENDING
            and change is not None
            and change.basis is ChangeBasis.NOTICE
            and change.notice_first_day is None
        )


class PurposeChange(Base):
    """What becomes of the purpose of the money that a transfer moves, who decided it, and what that rests on."""

    __tablename__ = "purpose_change"

    transfer_id: Mapped[int] = mapped_column(
        ForeignKey("fund_transfer.id"), primary_key=True, autoincrement=False
    )
    old_purpose: Mapped[str] = mapped_column(Text)
    new_purpose: Mapped[str] = mapped_column(Text)
    new_kind: Mapped[CharitablePurpose] = mapped_column(words(CharitablePurpose))
    basis: Mapped[ChangeBasis] = mapped_column(words(ChangeBasis))
    decided_on: Mapped[date]
    decided_by: Mapped[str] = mapped_column(String(120))
    consent: Mapped[str] = mapped_column(Text, default="")
    notice_text: Mapped[str] = mapped_column(Text, default="")
    objections_to: Mapped[str] = mapped_column(String(300), default="")
    notice_first_day: Mapped[date | None]
    notice_last_day: Mapped[date | None]
    filing_no: Mapped[str] = mapped_column(String(40), default="")
    filed_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("basis IN ('consent', 'notice', 'plan')", name="basis_known"),
        CheckConstraint("basis <> 'consent' OR consent <> ''", name="consent_in_words"),
        CheckConstraint("basis <> 'notice' OR notice_text <> ''", name="notice_has_a_text"),
        CheckConstraint("(basis = 'plan') = (filed_on IS NOT NULL)", name="plan_is_filed"),
        CheckConstraint(
            "(notice_first_day IS NULL) = (notice_last_day IS NULL) "
            "AND (basis = 'notice' OR notice_first_day IS NULL)",
            name="notice_has_both_days",
        ),
    )


class PurposeObjection(Base):
    """What somebody said against a change under notice. Only the staff read who it was and what they said."""

    __tablename__ = "purpose_objection"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("fund_transfer.id"), index=True)
    received_on: Mapped[date]
    from_whom: Mapped[str] = mapped_column(String(120), default="")
    objection: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (answer = '')", name="answer_has_a_time"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="answer_has_an_author"),
    )


class TransferCounter(Base):
    """The last transfer number of a year."""

    __tablename__ = "transfer_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
