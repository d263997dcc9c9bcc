"""What the bank says, line by line, which entries of the ledger each line is, and what two people signed for."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant
from portal.ledger.models import Entry
from portal.registry.models import Organisation
from portal.staff.models import StaffMember


class BankStatement(Base):
    """A statement of one account of an organisation, as a file; ``account_code`` is the ledger's account for it."""

    __tablename__ = "bank_statement"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    account_code: Mapped[str] = mapped_column(String(12))
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    first_day: Mapped[date]
    last_day: Mapped[date]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    lines: Mapped[list["StatementLine"]] = relationship(order_by="StatementLine.position", viewonly=True)

    __table_args__ = (CheckConstraint("last_day >= first_day", name="days_in_order"),)


class StatementLine(Base):
    """One line of a statement; ``content_key`` keeps a line that stands in two files from counting twice."""

    __tablename__ = "statement_line"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    account_code: Mapped[str] = mapped_column(String(12))
    position: Mapped[int]
    row_no: Mapped[int]
    day: Mapped[date]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    counterparty: Mapped[str] = mapped_column(String(200))
    reference: Mapped[str] = mapped_column(String(120))
    remark: Mapped[str] = mapped_column(String(500))
    content_key: Mapped[str] = mapped_column(String(64))
    fee_disbursement_id: Mapped[int | None] = mapped_column(ForeignKey("disbursement.id"), unique=True)

    matches: Mapped[list["LineMatch"]] = relationship(
        order_by="LineMatch.id", back_populates="line", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "account_code", "content_key"),
        CheckConstraint("amount_fen <> 0", name="amount_not_zero"),
        Index("ix_statement_line_account_day", "organisation_id", "account_code", "day"),
    )


class LineMatch(Base):
    """That a line of a statement is an entry of the ledger, or one of several that make it up.

    An entry is one line of an organisation's statements; a transfer between two is a line in the statements of each.
    """

    __tablename__ = "line_match"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("statement_line.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (UniqueConstraint("organisation_id", "entry_id"),)

    line: Mapped[StatementLine] = relationship(back_populates="matches")
    entry: Mapped[Entry] = relationship(viewonly=True)


class Reconciliation(Base):
    """How ledger and bank stood at the end of a day, made by one person and signed by another; then it is public."""

    __tablename__ = "reconciliation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    account_code: Mapped[str] = mapped_column(String(12))
    through: Mapped[date]
    ledger_fen: Mapped[int] = mapped_column(BigInteger)
    bank_fen: Mapped[int] = mapped_column(BigInteger)
    open_lines: Mapped[int]
    open_lines_fen: Mapped[int] = mapped_column(BigInteger)
    open_entries: Mapped[int]
    open_entries_fen: Mapped[int] = mapped_column(BigInteger)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    signed_at: Mapped[datetime | None] = mapped_column(Instant)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    made_by: Mapped[StaffMember] = relationship(foreign_keys=[made_by_id], viewonly=True)
    signed_by: Mapped[StaffMember | None] = relationship(foreign_keys=[signed_by_id], viewonly=True)

    __table_args__ = (
        CheckConstraint("signed_by_id IS NULL OR signed_by_id <> made_by_id", name="signed_by_another"),
        CheckConstraint("(signed_by_id IS NULL) = (signed_at IS NULL)", name="signed_at_some_time"),
    )

    @property
    def agrees(self) -> bool:
        """Whether nothing is open on either side."""
        return not self.open_lines and not self.open_entries
