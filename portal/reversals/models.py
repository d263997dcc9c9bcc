"""Requests to cancel an entry (红冲): made by one person, approved by another, the reason public."""

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId
from portal.ledger.models import Entry
from portal.staff.documents import Reviewed
from portal.staff.models import StaffMember


class ReversalRequest(Reviewed, Base):
    """A request to reverse one entry of the ledger."""

    __tablename__ = "reversal_request"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    reason: Mapped[str] = mapped_column(Text)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

    subject_entry: Mapped[Entry] = relationship(foreign_keys=[subject_entry_id], viewonly=True)
    entry: Mapped[Entry | None] = relationship(foreign_keys=[entry_id], viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="ReversalRequest.maker_id", viewonly=True)

    __table_args__ = (Index("ix_reversal_request_organisation_state", "organisation_id", "state", "id"),)
