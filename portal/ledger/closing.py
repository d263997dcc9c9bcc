"""Closed books: up to which day the months of an organisation or a fund have been published for good."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from portal.db import Base, connection_of
from portal.ledger.models import Closing
from portal.periods import now

_CLOSING = Base.metadata.tables[Closing.__tablename__]
_LAST = (
    select(_CLOSING.c.fund_id, func.max(_CLOSING.c.closed_through))
    .where(_CLOSING.c.organisation_id == bindparam("organisation"))
    .group_by(_CLOSING.c.fund_id)
)
"""Built once: every posting asks it."""


class ClosedThrough:
    """Answers up to which day the books of a fund are closed: its own closing or its organisation's."""

    def __init__(self, last: dict[tuple[int, int], date]) -> None:
        self._last = last

    def get(self, organisation_and_fund: tuple[int, int]) -> date | None:
        """The last closed day, or None while nothing is closed."""
        organisation_id, fund_id = organisation_and_fund
        days = (self._last.get((organisation_id, 0)), self._last.get((organisation_id, fund_id)))
        return max((day for day in days if day), default=None)


def closed_through(session: Session, organisation_ids: Iterable[int]) -> ClosedThrough:
    """The closings of organisations."""
    connection = connection_of(session)
    last: dict[tuple[int, int], date] = {}
    for organisation_id in set(organisation_ids):
        rows = connection.execute(_LAST, {"organisation": organisation_id})
        last |= {(organisation_id, fund_id): day for fund_id, day in rows}
    return ClosedThrough(last)


def close_books(session: Session, organisation_id: int, fund_id: int | None, through: date) -> None:
    """Close the books of an organisation, or of one of its funds, through a day.

    The caller holds ``posting.lock``, so that no entry slips into the month while its bill is drawn up.
    """
    session.add(
        Closing(
            organisation_id=organisation_id,
            fund_id=fund_id or 0,
            closed_through=through,
            closed_at=now(),
        )
    )
    session.flush()
