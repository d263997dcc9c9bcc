"""Layouts of lists that staff explained, per organisation, so that the next file of the kind is recognised."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, Instant


class ImportLayout(Base):
    """The words of a header, joined over its rows, and what each column holds; ``key`` is the hash of the words."""

    __tablename__ = "import_layout"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    labels: Mapped[list[str]] = mapped_column(JSON)
    roles: Mapped[list[Any]] = mapped_column(JSON)
    height: Mapped[int]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        UniqueConstraint("organisation_id", "key"),
        CheckConstraint("height BETWEEN 1 AND 3", name="height_of_a_header"),
    )
