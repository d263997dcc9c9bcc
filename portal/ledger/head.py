"""The head of the ledger: locking it puts all posting and closing in one order."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from portal.db import Base, connection_of
from portal.ledger.models import Head

# Built once: every posting runs them, and building a statement costs more than running it.
_HEAD = Base.metadata.tables[Head.__tablename__]
_LOCK = (
    update(_HEAD)
    .where(_HEAD.c.id == 1)
    .values(size=_HEAD.c.size)
    .returning(_HEAD.c.size, _HEAD.c.closed_day, _HEAD.c.closed_size)
)
_MOVE = update(_HEAD).where(_HEAD.c.id == 1)


@dataclass(frozen=True)
class HeadState:
    """How many entries there are, and through which day (and entry) the daily closes go."""

    size: int
    closed_day: date | None = None
    closed_size: int = 0


def lock(session: Session) -> HeadState:
    """Take the lock, until the transaction ends."""
    connection = connection_of(session)
    row = connection.execute(_LOCK).one_or_none()
    if row is None:
        connection.execute(insert(_HEAD).values(id=1, size=0, closed_size=0))
        return HeadState(0)
    return HeadState(row.size, row.closed_day, row.closed_size)


def move(session: Session, size: int) -> None:
    """Say how many entries there are now."""
    connection_of(session).execute(_MOVE, {"size": size})
