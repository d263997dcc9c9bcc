"""Requests to cancel an entry (红冲): made by one person, approved by another, the reason public."""

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId
from portal.ledger.models import Entry
from portal.registry.models import Fund
from portal.staff.documents import Reviewed
from portal.staff.models import StaffMember


class ReversalRequest(Reviewed, Base):
    """A request to reverse one entry of the ledger.

    ``cover_fund_id`` is the fund that pays for what the reversed gift's own fund has spent already.
    """

    __tablename__ = "reversal_request"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    reason: Mapped[str] = mapped_column(Text)
    cover_fund_id: Mapped[int | None] = mapped_column(ForeignKey("fund.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    cover_entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

    subject_entry: Mapped[Entry] = relationship(foreign_keys=[subject_entry_id], viewonly=True)
    entry: Mapped[Entry | None] = relationship(foreign_keys=[entry_id], viewonly=True)
    cover_fund: Mapped[Fund | None] = relationship(viewonly=True)
    cover_entry: Mapped[Entry | None] = relationship(foreign_keys=[cover_entry_id], viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="ReversalRequest.maker_id", viewonly=True)

    __table_args__ = (Index("ix_reversal_request_organisation_state", "organisation_id", "state", "id"),)
