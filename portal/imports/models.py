"""Lists that staff brought in, row by row, before and after they stand in the ledger."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, words
from portal.i18n import lazy_gettext as _l
from portal.imports.reading import Problem
from portal.ledger.models import Channel
from portal.refusals import Conflict
from portal.registry.models import Campaign, Fund, Organisation, Station
from portal.staff.documents import DocumentState, Reviewed
from portal.staff.models import StaffMember


class RowState(StrEnum):
    """What becomes of a row. Every row is in exactly one state, so the four counts add up to the rows."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    NEEDS_REVIEW = "needs_review"


class ListKind(StrEnum):
    """What a list is of."""

    DONATIONS = "donations"
    GOODS_RECEIVED = "goods_received"
    GOODS_GIVEN = "goods_given"


class Stage(StrEnum):
    """What a worker does with a long list at the moment; a list of usual length is always ready."""

    READY = "ready"
    READING = "reading"
    POSTING = "posting"


class ImportBatch(Reviewed, Base):
    """One list: the file it came from, where its gifts belong, what it declares, and the counts of its rows."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[ListKind] = mapped_column(
        words(ListKind), default=ListKind.DONATIONS, server_default=ListKind.DONATIONS.value
    )
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64), index=True)
    file_size: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(String(200), default="")
    encoding: Mapped[str] = mapped_column(String(20), default="")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    dated: Mapped[date | None]
    publish_names: Mapped[bool] = mapped_column(default=False)
    late_reason: Mapped[str] = mapped_column(Text, default="")
    channel: Mapped[Channel] = mapped_column(words(Channel))
    inner_channel: Mapped[str] = mapped_column(String(60), default="")
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    declared_total_fen: Mapped[int | None] = mapped_column(BigInteger)
    declared_count: Mapped[int | None]
    notes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    rows: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    duplicates: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    needs_review: Mapped[int] = mapped_column(default=0)
    total_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    accepted_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    stage: Mapped[Stage] = mapped_column(words(Stage), default=Stage.READY, server_default=Stage.READY.value)
    posted_through: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """The position of the last row that is in the ledger, or was passed over on the way."""
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    fund: Mapped[Fund] = relationship(viewonly=True)
    station: Mapped[Station | None] = relationship(viewonly=True)
    campaign: Mapped[Campaign | None] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="ImportBatch.maker_id", viewonly=True)

    __table_args__ = (
        CheckConstraint(
            "accepted + duplicates + rejected + needs_review = rows", name="every_row_is_counted"
        ),
    )

    def require_state(self, *states: DocumentState) -> None:
        """Refuse when somebody else has moved the list on, or a worker has it.

        Raises:
            Conflict: it is in another state, or still being read or posted.
        """
        super().require_state(*states)
        if self.stage is Stage.READING:
            raise Conflict(_l("这份名单还在读取，请等读完再操作。"))
        if self.stage is Stage.POSTING:
            raise Conflict(_l("这份名单正在入账，请等它完成。"))

    @property
    def ready(self) -> bool:
        """Whether no worker has it."""
        return self.stage is Stage.READY

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the list as a whole."""
        return [Problem.from_json(kept) for kept in self.notes]


class ImportRow(Base):
    """One row of a list. ``position`` numbers the donations of the batch, ``row_no`` is the row in the file."""

    __tablename__ = "import_row"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    position: Mapped[int]
    sheet: Mapped[str] = mapped_column(String(60), default="")
    row_no: Mapped[int]
    donor_name: Mapped[str] = mapped_column(String(200), default="")
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    received_on: Mapped[date | None]
    clock: Mapped[str] = mapped_column(String(20), default="")
    channel: Mapped[Channel] = mapped_column(words(Channel))
    external_ref: Mapped[str] = mapped_column(String(120), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    content_key: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[RowState] = mapped_column(words(RowState))
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        CheckConstraint(
            "state <> 'accepted' OR (amount_fen > 0 AND received_on IS NOT NULL)", name="accepted_is_complete"
        ),
        Index("ix_import_row_batch_state", "batch_id", "state", "position"),
    )

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with this row."""
        return [Problem.from_json(kept) for kept in self.faults]


class ImportGoodsRow(Base):
    """One line of a list of goods. ``party`` is the donor or the recipient."""

    __tablename__ = "import_goods_row"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    position: Mapped[int]
    row_no: Mapped[int]
    party: Mapped[str] = mapped_column(String(200))
    item: Mapped[str] = mapped_column(String(120))
    specification: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(12))
    quantity_thousandths: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[RowState] = mapped_column(words(RowState))
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        CheckConstraint("state <> 'accepted' OR quantity_thousandths > 0", name="accepted_is_complete"),
    )

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with this line."""
        return [Problem.from_json(kept) for kept in self.faults]
