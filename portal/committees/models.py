"""The committee (管委会) of a fund: who sits in it, and what it decided."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant
from portal.registry.models import Fund
from portal.staff.documents import Reviewed
from portal.staff.models import StaffMember


class CommitteeMember(Base):
    """Somebody who sits in a fund's committee.

    The public is told the offices of a community fund's committee (after 慈善法 78); names stay with the staff.
    """

    __tablename__ = "committee_member"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    office: Mapped[str] = mapped_column(String(60))
    since: Mapped[date]
    until: Mapped[date | None]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)

    fund: Mapped[Fund] = relationship(viewonly=True)

    __table_args__ = (CheckConstraint("until IS NULL OR until >= since", name="until_after_since"),)


class CommitteeDecision(Reviewed, Base):
    """One decision: how it was voted, and how much may be paid out under it.

    ``interested`` are those present who did not vote because they have an interest in the matter (慈善法 14).
    ``committed_fen`` is what waits under it, ``spent_fen`` what stands in the ledger.
    """

    __tablename__ = "committee_decision"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[str] = mapped_column(String(40))
    decided_on: Mapped[date]
    present: Mapped[int]
    votes_for: Mapped[int]
    votes_against: Mapped[int]
    abstained: Mapped[int]
    interested: Mapped[int] = mapped_column(default=0)
    interest_note: Mapped[str] = mapped_column(String(500), default="")
    decided: Mapped[str] = mapped_column(Text)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    committed_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    spent_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))

    fund: Mapped[Fund] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="CommitteeDecision.maker_id", viewonly=True)

    __table_args__ = (
        UniqueConstraint("fund_id", "number"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("committed_fen >= 0", name="committed_not_negative"),
        CheckConstraint("spent_fen >= 0", name="spent_not_negative"),
        CheckConstraint("committed_fen + spent_fen <= amount_fen", name="within_amount"),
        CheckConstraint(
            "votes_for >= 0 AND votes_against >= 0 AND abstained >= 0 AND interested >= 0",
            name="votes_not_negative",
        ),
        CheckConstraint(
            "votes_for + votes_against + abstained + interested = present", name="votes_of_those_present"
        ),
        CheckConstraint("votes_for > votes_against + abstained", name="carried"),
        CheckConstraint(
            "state = 'posted' OR (committed_fen = 0 AND spent_fen = 0)", name="only_confirmed_is_used"
        ),
        Index("ix_committee_decision_organisation_state", "organisation_id", "state", "id"),
    )

    @property
    def left_fen(self) -> int:
        """What may still be paid out under it."""
        return self.amount_fen - self.committed_fen - self.spent_fen
