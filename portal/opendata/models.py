"""What changed of an entry's public words after it was published: by this, files know that they are out of date.

The database itself notes it, so that no way of withdrawing a name can forget to. Nothing of the words is kept here.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import BigInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, Instant

APPEND_ONLY_TABLES = ("public_words_change",)


class PublicWordsChange(Base):
    """One change of what the public sees of an entry; of all entries (``entry_id`` None) where a thing was renamed."""

    __tablename__ = "public_words_change"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    entry_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    changed_at: Mapped[datetime] = mapped_column(Instant, server_default=text("CURRENT_TIMESTAMP"))


_DOCUMENTS = {
    # Between two changes of a name that is not shown, nothing public changes.
    "donation": (
        ("publish_name", "mask_name", "anonymous", "donor_name"),
        "(OLD.publish_name OR NEW.publish_name)",
    ),
    "disbursement": (("recipient", "purpose", "beneficiary_count"), "{true}"),
    "stock_document": (("reason",), "{true}"),
}
"""The documents whose words stand in entries, the columns of those words, and when they are shown."""

_REGISTRY = {
    "organisation": ("uscc", "name"),
    "fund": ("code", "name"),
    "station": ("code", "name"),
    "project": ("code", "name"),
    "campaign": ("code", "name"),
    "street": ("code", "name"),
}


def public_words_statements(dialect: str) -> list[str]:
    """Statements that make the database note every change of public words."""
    return [
        statement
        for table, columns, condition, entry in _watched(dialect)
        for statement in _watch(dialect, table, columns, condition, entry)
    ]


def _watched(dialect: str) -> Iterator[tuple[str, tuple[str, ...], str, str]]:
    always = "TRUE" if dialect == "postgresql" else "1"
    for table, (columns, shown) in _DOCUMENTS.items():
        condition = f"OLD.entry_id IS NOT NULL AND {shown.format(true=always)}"
        yield table, columns, condition, "NEW.entry_id"
    for table, columns in _REGISTRY.items():
        yield table, columns, always, "NULL"


def _watch(dialect: str, table: str, columns: tuple[str, ...], condition: str, entry: str) -> list[str]:
    name = f"{table}_notes_public_words"
    unlike = "IS DISTINCT FROM" if dialect == "postgresql" else "IS NOT"
    changed = " OR ".join(f"OLD.{column} {unlike} NEW.{column}" for column in columns)
    note = f"INSERT INTO public_words_change (entry_id) VALUES ({entry});"  # noqa: S608
    head = f"AFTER UPDATE OF {', '.join(columns)} ON {table}"
    when = f"FOR EACH ROW WHEN ({condition} AND ({changed}))"
    if dialect == "sqlite":
        return [f"CREATE TRIGGER {name} {head} {when} BEGIN {note} END"]
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {note} RETURN NULL; END $$",
        f"CREATE TRIGGER {name} {head} {when} EXECUTE FUNCTION {name}()",
    ]
