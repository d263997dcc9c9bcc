"""Donation numbers: gapless in each year, taken in the transaction of the gift."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from portal.db import Base, connection_of
from portal.giving.models import DonationCounter
from portal.identifiers import document_no
from portal.periods import today

_COUNTER = Base.metadata.tables[DonationCounter.__tablename__]


def _take(dialect: type[sqlite.Insert] | type[postgresql.Insert]) -> ReturningInsert[Any]:
    statement = dialect(_COUNTER)
    return statement.on_conflict_do_update(
        index_elements=("year",), set_={"last": _COUNTER.c.last + statement.excluded.last}
    ).returning(_COUNTER.c.last)


_TAKE = {"sqlite": _take(sqlite.Insert), "postgresql": _take(postgresql.Insert)}


def next_number(session: Session, count: int = 1) -> str:
    """The next donation number of this year (the first of ``count`` numbers taken)."""
    year = today().year
    return document_no("D", year, take_numbers(session, year, count))


def take_numbers(session: Session, year: int, count: int) -> int:
    """Take so many donation numbers of a year; return the first."""
    connection = connection_of(session)
    last = connection.execute(_TAKE[connection.dialect.name], {"year": year, "last": count}).scalar_one()
    return int(last) - count + 1
