"""The payouts that lists belong to, read by table: spending stands above this package."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, String, Table, and_, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from portal.db import Base
from portal.periods import SHANGHAI, local

IN_HAND = frozenset({"draft", "returned"})
"""States in which a payout, and so its list, may be mended."""
GONE = frozenset({"withdrawn", "refused", "expired"})
"""States from which a payout never comes back: its list is free for another."""
TO_PAY = frozenset({"approved", "posted"})
"""States in which the bank may be told."""
COUNTS_AS_AID = frozenset({"pending", "second_pending", "approved", "posted"})


@dataclass(frozen=True)
class Payout:
    """What a list needs to know of its payout; ``day`` is that of payment, before it that of the request."""

    id: int
    disbursement_no: str
    organisation_id: int
    fund_id: int
    state: str
    version: int
    day: date
    amount_fen: int
    makers: frozenset[int]
    entry_id: int | None


def table() -> Table:
    """The table of payouts."""
    return Base.metadata.tables["disbursement"]


def state_column() -> ColumnElement[str]:
    """The state of a payout as plain text: its states are named above this package."""
    return type_coerce(table().c.state, String)


def raise_version(session: Session, disbursement_id: int) -> None:
    """Whoever saw a payout before its list was changed saw another one."""
    rows = table()
    changed = update(rows).where(rows.c.id == disbursement_id, state_column().in_(sorted(IN_HAND)))
    session.execute(changed.values(version=rows.c.version + 1))


def within(first: date, last: date) -> ColumnElement[bool]:
    """Whether a payout is of some days: those of payment, before it those of the request."""
    rows = table()
    begin, end = (
        datetime.combine(day, time.min, SHANGHAI).astimezone(UTC) for day in (first, last + timedelta(days=1))
    )
    return or_(
        rows.c.paid_on.between(first, last),
        and_(rows.c.paid_on.is_(None), rows.c.made_at.between(begin, end)),
    )


def find(session: Session, disbursement_id: int | None) -> Payout | None:
    """The payout with an id."""
    if disbursement_id is None:
        return None
    rows = table()
    found = session.execute(
        select(rows, state_column().label("state_words")).where(rows.c.id == disbursement_id)
    ).one_or_none()
    if found is None:
        return None
    makers = {found.maker_id, found.editor_id} - {None}
    return Payout(
        id=found.id,
        disbursement_no=found.disbursement_no,
        organisation_id=found.organisation_id,
        fund_id=found.fund_id,
        state=found.state_words,
        version=found.version,
        day=found.paid_on or local(found.made_at).date(),
        amount_fen=found.amount_fen,
        makers=frozenset(makers),
        entry_id=found.entry_id,
    )
