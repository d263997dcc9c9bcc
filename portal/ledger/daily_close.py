"""One leaf a day says that the day is over and what the books then held, even if nothing happened: a gap shows."""

from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.ledger.codes import fund_codes
from portal.ledger.head import HeadState
from portal.ledger.leaves import close_leaf
from portal.ledger.models import FundBalance, Head, Posting
from portal.translog.appending import Appending


def close_days(session: Session, log: Appending, head: HeadState, today: date) -> None:
    """Add the closes of all days before today that have none yet.

    The caller holds ``posting.lock``, which gave ``head``, and has not yet posted anything of today.
    """
    yesterday = today - timedelta(days=1)
    if head.closed_day is not None and head.closed_day >= yesterday:
        return
    day = head.closed_day or yesterday
    moved = _moved(session, head.closed_size)
    while day < yesterday:
        day += timedelta(days=1)
        log.add(close_leaf(day, head.size, moved))
        moved = {}
    session.execute(update(Head).where(Head.id == 1).values(closed_day=yesterday, closed_size=head.size))


def _moved(session: Session, since: int) -> dict[str, tuple[int, int]]:
    """What the funds that moved after an entry had received and paid in all, by code."""
    funds = select(Posting.fund_id).where(Posting.entry_id > since).distinct()
    rows = session.execute(
        select(FundBalance.fund_id, FundBalance.in_fen, FundBalance.out_fen).where(
            FundBalance.fund_id.in_(funds)
        )
    ).all()
    codes = fund_codes(session, [row.fund_id for row in rows])
    return {codes[row.fund_id]: (row.in_fen, row.out_fen) for row in rows}
