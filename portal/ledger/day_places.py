"""Between which places of the log the entries of days stand, kept as they are posted.

Entries are read in the order of the log; days run along with it but for what was entered late. So the ends of a
selection of days are looked up, and the years before and after it are not read.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, case, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.db import Base, connection_of
from portal.ledger.period_models import DayPlaces

_TABLE = Base.metadata.tables[DayPlaces.__tablename__]


def note(session: Session, placed: Iterable[tuple[date, int]]) -> None:
    """Widen what is kept of days by new entries, given by their day and their index in the log."""
    ends: dict[date, list[int]] = {}
    for day, index in placed:
        kept = ends.setdefault(day, [index, index])
        kept[0], kept[1] = min(kept[0], index), max(kept[1], index)
    if ends:
        connection = connection_of(session)
        rows = [{"day": day, "oldest": oldest, "newest": newest} for day, (oldest, newest) in ends.items()]
        connection.execute(_WIDEN[connection.dialect.name], rows)


def between(session: Session, first: date | None, last: date | None) -> tuple[int, int] | None:
    """The first and the last place of all entries from one day to another, both included; None where there are none."""
    ends: Select[int | None, int | None] = select(func.min(DayPlaces.oldest), func.max(DayPlaces.newest))
    if first is not None:
        ends = ends.where(DayPlaces.day >= first)
    if last is not None:
        ends = ends.where(DayPlaces.day <= last)
    oldest, newest = session.execute(ends).one()
    return None if oldest is None or newest is None else (oldest, newest)


def _statement(dialect: type[sqlite.Insert] | type[postgresql.Insert]) -> sqlite.Insert | postgresql.Insert:
    statement = dialect(_TABLE)
    given, kept = statement.excluded, _TABLE.c
    return statement.on_conflict_do_update(
        index_elements=["day"],
        set_={
            "oldest": case((given.oldest < kept.oldest, given.oldest), else_=kept.oldest),
            "newest": case((given.newest > kept.newest, given.newest), else_=kept.newest),
        },
    )


_WIDEN = {"sqlite": _statement(sqlite.Insert), "postgresql": _statement(postgresql.Insert)}
"""Built once: every posting runs it."""
