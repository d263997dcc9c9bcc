"""Acknowledgement numbers: gapless in each series and year, taken in the transaction of the entry."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from portal.db import Base, connection_of
from portal.identifiers import document_no
from portal.ledger.entries import NewEntry
from portal.ledger.models import ReceiptCounter

_COUNTER = Base.metadata.tables[ReceiptCounter.__tablename__]


def _statement(dialect: type[sqlite.Insert] | type[postgresql.Insert]) -> ReturningInsert[Any]:
    statement = dialect(_COUNTER)
    return statement.on_conflict_do_update(
        index_elements=("series", "year"), set_={"last": _COUNTER.c.last + statement.excluded.last}
    ).returning(_COUNTER.c.last)


_TAKE = {"sqlite": _statement(sqlite.Insert), "postgresql": _statement(postgresql.Insert)}


def take_numbers(session: Session, entries: Sequence[NewEntry], year: int) -> list[str | None]:
    """The number of each entry, in order; None for those without a series."""
    connection = connection_of(session)
    take = _TAKE[connection.dialect.name]
    following: dict[str, int] = {}
    for series, count in sorted(Counter(one.receipt_series for one in entries if one.receipt_series).items()):
        last = connection.execute(take, {"series": series, "year": year, "last": count}).scalar_one()
        following[series] = last - count
    numbers: list[str | None] = []
    for entry in entries:
        if entry.receipt_series is None:
            numbers.append(None)
            continue
        following[entry.receipt_series] += 1
        numbers.append(document_no(entry.receipt_series, year, following[entry.receipt_series]))
    return numbers
