"""The log's tables: leaves as they were hashed, the tree's rows, its right edge, and the heads that were signed."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant

APPEND_ONLY_TABLES = ("log_leaf", "log_node", "log_checkpoint", "log_cosignature")


class Leaf(Base):
    """One leaf: its bytes, never made again, and their hash."""

    __tablename__ = "log_leaf"

    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Node(Base):
    """The hash over 256 leaves (``level`` 1), 256 of those (2), and so on: the rows that tiles are cut from."""

    __tablename__ = "log_node"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class LogHead(Base):
    """The one row that says how far the log goes; ``frontier`` holds the hashes of its right edge."""

    __tablename__ = "log_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    frontier: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    written_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class SignedCheckpoint(Base):
    """A head of the log that was signed: the note as published."""

    __tablename__ = "log_checkpoint"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(Instant)


class Cosignature(Base):
    """A witness's signature under a checkpoint, as the line it adds to the note."""

    __tablename__ = "log_cosignature"

    size: Mapped[int] = mapped_column(ForeignKey("log_checkpoint.size"), primary_key=True)
    witness: Mapped[str] = mapped_column(String(120), primary_key=True)
    line: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(Instant)
