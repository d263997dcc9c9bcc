"""Goods in stock: lots as they came in, where they lie, every move of them, and the documents behind moves."""

from datetime import date, datetime
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, words
from portal.ledger.models import Channel, Entry
from portal.registry.models import Fund, Organisation, Station
from portal.staff.documents import Reviewed
from portal.staff.models import StaffMember

APPEND_ONLY_TABLES = ("stock_movement",)


class MovementKind(StrEnum):
    """Why goods moved."""

    RECEIVED = "received"
    TAKEN_BACK = "taken_back"
    ISSUED = "issued"
    TRANSFERRED = "transferred"
    WRITTEN_OFF = "written_off"
    SOLD = "sold"
    FOUND = "found"
    MISSED = "missed"
    PUT_BACK = "put_back"


COMING = frozenset({MovementKind.RECEIVED, MovementKind.FOUND, MovementKind.PUT_BACK})
"""Moves that add to stock; a transfer does neither, every other move takes from it."""


class StockDocumentKind(StrEnum):
    """What a document of the store does."""

    TRANSFER = "transfer"
    WRITE_OFF = "write_off"
    SALE = "sale"
    COUNT = "count"


class StockItem(Base):
    """A kind of thing: what it is called, its specification and its unit. Quantities of different units never mix."""

    __tablename__ = "stock_item"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item: Mapped[str] = mapped_column(String(120))
    specification: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(12))

    __table_args__ = (UniqueConstraint("item", "specification", "unit"),)

    @property
    def label(self) -> str:
        """As people call it: ``口罩 N95（箱）``."""
        return f"{self.item} {self.specification}".strip() + f"（{self.unit}）"


class StockLot(Base):
    """Goods that came in together: one line of a gift (or what a count found), for one fund.

    ``value_fen`` is what the whole lot was worth when it came; None when nothing says so.
    """

    __tablename__ = "stock_lot"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    lot_no: Mapped[str] = mapped_column(String(40), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("stock_item.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    received_on: Mapped[date]
    expires_on: Mapped[date | None]
    received_thousandths: Mapped[int] = mapped_column(BigInteger)
    value_fen: Mapped[int | None] = mapped_column(BigInteger)

    item: Mapped[StockItem] = relationship(viewonly=True, lazy="joined")
    fund: Mapped[Fund] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint("received_thousandths > 0", name="received_something"),
        Index("ix_stock_lot_fund_item", "fund_id", "item_id"),
    )


class LotHolding(Base):
    """How much of a lot lies at a place, and its book value. Without a station it lies in the organisation's store."""

    __tablename__ = "lot_holding"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("stock_lot.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    quantity_thousandths: Mapped[int] = mapped_column(BigInteger)
    value_fen: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("quantity_thousandths >= 0", name="never_below_zero"),
        CheckConstraint("value_fen >= 0", name="value_never_below_zero"),
        Index("uq_lot_holding_station", "lot_id", "station_id", unique=True),
        Index(
            "uq_lot_holding_store",
            "lot_id",
            unique=True,
            sqlite_where=text("station_id IS NULL"),
            postgresql_where=text("station_id IS NULL"),
        ),
    )


class StockMovement(Base):
    """One move of a part of a lot, for good. ``entry_id`` is the ledger entry that goes with it, if one does."""

    __tablename__ = "stock_movement"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("stock_lot.id"), index=True)
    kind: Mapped[MovementKind] = mapped_column(words(MovementKind))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    to_station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    quantity_thousandths: Mapped[int] = mapped_column(BigInteger)
    value_fen: Mapped[int] = mapped_column(BigInteger)
    moved_on: Mapped[date]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("stock_document.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)

    lot: Mapped[StockLot] = relationship(viewonly=True)
    entry: Mapped[Entry | None] = relationship(viewonly=True)

    __table_args__ = (CheckConstraint("quantity_thousandths > 0", name="moves_something"),)


class StockDocument(Reviewed, Base):
    """A transfer between places, a write-off, a sale or a count, made by one person and approved by another.

    ``reason`` is public: it names things, never people.
    """

    __tablename__ = "stock_document"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_no: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[StockDocumentKind] = mapped_column(words(StockDocumentKind))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    to_station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    happened_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    proceeds_fen: Mapped[int] = mapped_column(BigInteger)
    channel: Mapped[Channel] = mapped_column(words(Channel))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    fund: Mapped[Fund] = relationship(viewonly=True)
    station: Mapped[Station | None] = relationship(foreign_keys=[station_id], viewonly=True)
    to_station: Mapped[Station | None] = relationship(foreign_keys=[to_station_id], viewonly=True)
    entry: Mapped[Entry | None] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(foreign_keys="StockDocument.maker_id", viewonly=True)
    lines: Mapped[list["StockLine"]] = relationship(
        order_by="StockLine.line_no", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("(kind = 'sale') = (proceeds_fen > 0)", name="only_a_sale_has_a_price"),
        Index("ix_stock_document_organisation_state", "organisation_id", "state", "id"),
    )

    @property
    def goods_part(self) -> dict[str, object]:
        """What is sealed of it in its leaf."""
        lines = [
            [one.item.item, one.item.specification, one.item.unit, one.quantity_thousandths]
            for one in self.lines
        ]
        return {"reason": self.reason, "lines": lines}


class StockLine(Base):
    """One line of a document: how much of what; of a count how much was found, and how much the books held then."""

    __tablename__ = "stock_line"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("stock_document.id"))
    line_no: Mapped[int]
    item_id: Mapped[int] = mapped_column(ForeignKey("stock_item.id"))
    quantity_thousandths: Mapped[int] = mapped_column(BigInteger)
    held_thousandths: Mapped[int] = mapped_column(BigInteger)

    item: Mapped[StockItem] = relationship(viewonly=True, lazy="joined")

    __table_args__ = (
        UniqueConstraint("document_id", "line_no"),
        CheckConstraint("quantity_thousandths >= 0", name="quantity_not_negative"),
    )


class StockDocumentCounter(Base):
    """The last number of a document of the store in a year."""

    __tablename__ = "stock_document_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
