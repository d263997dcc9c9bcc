"""The search index: public words only, kept in the transaction that changes them.

``terms`` is what ``terms.py`` makes of the words. Beside each table stands the database's own index of it: FTS5 on
SQLite, GIN on PostgreSQL (``guards.py``).
"""

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, words


class ThingKind(StrEnum):
    """What a search finds beside entries."""

    ORGANISATION = "organisation"
    FUND = "fund"
    STATION = "station"
    PROJECT = "project"
    CAMPAIGN = "campaign"
    LANDMARK = "landmark"
    STREET = "street"
    BILL = "bill"


class EntryWords(Base):
    """The words of an entry that are public today; an entry without words of its own has no row."""

    __tablename__ = "search_entry"

    entry_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("ledger_entry.id"), primary_key=True, autoincrement=False
    )
    terms: Mapped[str] = mapped_column(Text)

    __table_args__ = (CheckConstraint("terms <> ''", name="terms_not_empty"),)


class ThingWords(Base):
    """The words of a thing that is public today. ``plain`` is its name in the form in which names are compared."""

    __tablename__ = "search_thing"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[ThingKind] = mapped_column(words(ThingKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    plain: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool]
    terms: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        CheckConstraint("terms <> ''", name="terms_not_empty"),
        Index("ix_search_thing_plain", "plain"),
        Index("ix_search_thing_code", "code"),
    )


class SearchState(Base):
    """One row: by which version of the rules the index was filled (``rebuilding.VERSION``)."""

    __tablename__ = "search_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
